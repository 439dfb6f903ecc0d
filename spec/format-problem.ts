import type { Location, ProblemDetails } from "./problem.js";

/** How problems are laid out. */
export interface ProblemLayout {
  /** Columns of a line; codes end at the last. @default 100 */
  readonly width?: number;
}

const INDENT = "  ";

/**
 * A problem as a person reads it: where, what is wrong, what to do instead; its code at the right end.
 * ```
 * environments/prod.yaml:12:11  sites[0].network.cidr
 *   198.18.0.0/29 has 8 addresses, and place 100 is used
 *   a block of /25 or larger                                network/cidr-too-small
 * ```
 */
export function formatProblem(problem: ProblemDetails, { width = 100 }: ProblemLayout = {}): string {
  const place = [problem.location && placeOf(problem.location), problem.field].filter(Boolean).join("  ");
  return [
    ...(place === "" ? [] : [place]),
    ...wrapped(problem.says, width),
    ...withCode(wrapped(problem.instead, width), problem.code, width),
    ...(problem.log ?? []).map((line) => `${INDENT}│ ${line}`),
  ].join("\n");
}

/** Several problems, one after the other, with an empty line between. */
export function formatProblems(problems: readonly ProblemDetails[], layout: ProblemLayout = {}): string {
  return problems.map((problem) => formatProblem(problem, layout)).join("\n\n");
}

function placeOf({ file, line, column }: Location): string {
  return `${file}:${line}:${column}`;
}

/** The code at the right end of the last line, or below it where there is no room. */
function withCode(lines: readonly string[], code: string, width: number): string[] {
  const last = lines.at(-1) ?? "";
  const gap = width - last.length - code.length;
  return gap >= 2 ? [...lines.slice(0, -1), last + " ".repeat(gap) + code] : [...lines, code.padStart(width)];
}

/** A text in lines, indented, broken at blanks. A word that is longer than a line keeps its line. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(INDENT + word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
