import { isEmpty, type Plan } from "../cluster/plan.js";
import { Problem } from "../spec/problem.js";
import { describePlan } from "./plan-view.js";

const onTerminal = () => process.stdin.isTTY === true && process.stderr.isTTY === true;

/**
 * Asks before something is done that clients may notice.
 * @throws Problem `cli/needs-yes` without a terminal, `cli/declined`
 */
export async function askBefore(question: string, yes: boolean, command: string): Promise<void> {
  if (yes) return;
  if (!onTerminal()) {
    throw new Problem({
      code: "cli/needs-yes",
      says: "there is no terminal to ask on",
      instead: `give --yes: harborwright ${command} --yes`,
    });
  }
  const { confirm } = await import("@inquirer/prompts");
  if (!(await confirm({ message: question, default: false }, { output: process.stderr }))) throw declined();
}

/** Shows a plan and asks whether to carry it out. */
export function agreeTo(yes: boolean, command: string): (plan: Plan) => Promise<void> {
  return async (plan) => {
    process.stderr.write(`${describePlan(plan, { colour: process.stderr.isTTY === true })}\n`);
    if (!isEmpty(plan)) await askBefore("Do it?", yes, command);
  };
}

/** The second question before data goes: the name has to be typed. `--yes --delete-data` together answer it. */
export async function askForName(environment: string, yes: boolean): Promise<void> {
  if (yes) return;
  const { input } = await import("@inquirer/prompts");
  const typed = await input({ message: `All images of ${environment} will be gone for good. Type its name:` });
  if (typed !== environment) throw declined();
}

function declined(): Problem {
  return new Problem({ code: "cli/declined", says: "nothing was changed", instead: "run it again when you are ready" });
}
