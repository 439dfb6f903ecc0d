import { expect, test } from "vitest";
import { formatProblem, formatProblems } from "../../spec/format-problem.js";

const problem = {
  code: "network/cidr-too-small",
  says: "10.20.0.0/29 has 8 addresses; three zones with three nodes need at least 48",
  instead: "use a block of /26 or larger",
  field: "network.cidr",
  location: { file: "environments/prod.yaml", line: 12, column: 11 },
};

test("a problem says where, what, and what instead, with its code at the right end", () => {
  expect(formatProblem(problem, { width: 88 })).toBe(
    [
      "environments/prod.yaml:12:11  network.cidr",
      "  10.20.0.0/29 has 8 addresses; three zones with three nodes need at least 48",
      `  use a block of /26 or larger${" ".repeat(36)}network/cidr-too-small`,
    ].join("\n"),
  );
});

test("long texts are broken at blanks, and a code without room gets a line", () => {
  const lines = formatProblem({ ...problem, instead: "a block of /26 or larger, or fewer nodes" }, { width: 50 }).split(
    "\n",
  );
  expect(lines.every((line) => line.length <= 50)).toBe(true);
  expect(lines.at(-1)).toBe("network/cidr-too-small".padStart(50));
});

test("a problem without a place begins with what is wrong, and shows its log", () => {
  const text = formatProblem(
    { code: "host/command-failed", says: "a", instead: "b", log: ["first", "second"] },
    { width: 30 },
  );
  expect(text).toBe("  a\n  b        host/command-failed\n  │ first\n  │ second");
});

test("several problems stand apart", () => {
  expect(formatProblems([problem, problem])).toBe(`${formatProblem(problem)}\n\n${formatProblem(problem)}`);
});
