import pc from "picocolors";
import type { Finding } from "../operations/finding.js";
import { printLine } from "./print.js";

const SIGNS = { ok: "✓", warning: "!", problem: "✗" } as const;

/** Findings as a person reads them: what is right in a line, what is not with its way out below. */
export function describeFindings(environment: string, findings: readonly Finding[]): void {
  const colours = pc.createColors(process.stdout.isTTY === true);
  const paint = { ok: colours.green, warning: colours.yellow, problem: colours.red } as const;
  const width = Math.max(...findings.map(({ check }) => check.length));
  printLine(environment);
  for (const { check, state, says, instead } of findings) {
    printLine(`  ${paint[state](SIGNS[state])} ${check.padEnd(width)}  ${says}`);
    if (instead !== undefined) printLine(`    ${"".padEnd(width)}  ${instead}`);
  }
  const problems = findings.filter(({ state }) => state === "problem").length;
  if (problems > 0) printLine(`${problems} problem${problems === 1 ? "" : "s"} in the way of \`up\`.`);
}
