import pc from "picocolors";
import type { Verification } from "../operations/verify.js";
import { formatProblem } from "../spec/format-problem.js";
import { printLine } from "./print.js";

/** What was tried, one line each; what failed with its reason. */
export function describeVerification({ steps, leftOut }: Verification): void {
  const colours = pc.createColors(process.stdout.isTTY === true);
  const width = Math.max(0, ...steps.map(({ through }) => through.length));
  for (const { ok, through, step, milliseconds, problem } of steps) {
    const sign = ok ? colours.green("✓") : colours.red("✗");
    printLine(`  ${sign} ${through.padEnd(width)}  ${step.padEnd(14)}  ${Math.round(milliseconds)} ms`);
    if (problem !== undefined) printLine(indented(formatProblem(problem)));
  }
  for (const { step, why } of leftOut) printLine(`  – ${step}: left out, ${why}`);
  const failed = steps.filter((step) => !step.ok).length;
  printLine(failed === 0 ? `all ${steps.length} steps went well` : `${failed} of ${steps.length} steps failed`);
}

function indented(text: string): string {
  return text
    .split("\n")
    .map((line) => `      ${line}`)
    .join("\n");
}
