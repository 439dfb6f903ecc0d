import { text } from "node:stream/consumers";
import { Problem } from "../spec/problem.js";
import { Secret } from "../spec/secret.js";
import type { Interviewer } from "./init-answers.js";

/**
 * Reads a secret: typed unseen on a terminal, or all of standard input without its last line break.
 * @throws Problem `secret/empty`
 */
export async function readSecret(name: string): Promise<Secret> {
  const value = process.stdin.isTTY === true ? await ask(name) : (await text(process.stdin)).replace(/\r?\n$/, "");
  if (value === "") {
    throw new Problem({
      code: "secret/empty",
      says: `nothing was given for ${name}`,
      instead: "type it, or send it: harborwright secret set E NAME < file",
    });
  }
  return new Secret(value);
}

async function ask(name: string): Promise<string> {
  const { password } = await import("@inquirer/prompts");
  return password({ message: `${name}:`, mask: true }, { output: process.stderr });
}

/** Asks on the terminal, if there is one. */
export function interviewer(): Interviewer | undefined {
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) return undefined;
  return {
    async text(message, proposal) {
      const { input } = await import("@inquirer/prompts");
      return input({ message, ...(proposal === undefined ? {} : { default: proposal }) }, { output: process.stderr });
    },
    async choice(message, choices) {
      const { select } = await import("@inquirer/prompts");
      return select({ message, choices: [...choices] }, { output: process.stderr });
    },
  };
}
