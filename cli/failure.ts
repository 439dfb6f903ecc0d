import pc from "picocolors";
import { Problem, type ProblemDetails, Problems } from "../spec/problem.js";

/** Exit codes of every command. */
export const EXIT = { done: 0, failed: 1, changesPending: 2 } as const;

/**
 * Prints an error as a user should see it and gives the exit code. A defect of ours is shown with its message only;
 * `HARBORWRIGHT_DEBUG=1` adds the stack.
 */
export async function printFailure(error: unknown, options: { readonly json: boolean }): Promise<number> {
  const problems = problemsOf(error);
  if (options.json) {
    process.stderr.write(`${JSON.stringify({ problems })}\n`);
  } else {
    const { formatProblem } = await import("../spec/format-problem.js");
    process.stderr.write(`${problems.map((problem) => coloured(formatProblem(problem))).join("\n\n")}\n`);
  }
  if (process.env.HARBORWRIGHT_DEBUG === "1" && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return EXIT.failed;
}

function problemsOf(error: unknown): readonly ProblemDetails[] {
  if (error instanceof Problems) return error.problems;
  if (error instanceof Problem) return [error.details];
  const message = error instanceof Error ? error.message : String(error);
  return [
    {
      code: "harborwright/defect",
      says: `something went wrong that should not: ${message}`,
      instead: "set HARBORWRIGHT_DEBUG=1 and run it again to see where; please report it",
    },
  ];
}

/** The first line is what the eye looks for. */
function coloured(text: string): string {
  const colours = pc.createColors(process.stderr.isTTY === true);
  const [first = "", ...rest] = text.split("\n");
  return [colours.red(first), ...rest].join("\n");
}
