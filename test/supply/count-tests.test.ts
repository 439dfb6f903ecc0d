import { expect, test } from "vitest";

/** The programs in bin/ are plain JavaScript, so that they run before anything is installed. */
interface Counting {
  countTests(report: object): { passed: number; failed: number };
  failuresOf(report: object): string[];
}
const { countTests, failuresOf }: Counting = await import(new URL("../../bin/count-tests.mjs", import.meta.url).href);

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((result) => ({ status: result })),
});

test("tests that passed and tests that failed are counted", () => {
  const testResults = [file("failed", "passed", "failed"), file("passed", "passed")];
  expect(countTests({ numTotalTests: 3, numPassedTests: 2, testResults })).toEqual({ passed: 2, failed: 1 });
});

test("a test that did not run counts as failed", () => {
  const testResults = [file("passed", "passed", "pending")];
  expect(countTests({ numTotalTests: 2, numPassedTests: 1, testResults })).toEqual({ passed: 1, failed: 1 });
});

test("a file that does not load counts as failed", () => {
  expect(countTests({ numTotalTests: 0, numPassedTests: 0, testResults: [file("failed")] })).toEqual({
    passed: 0,
    failed: 1,
  });
});

test("what failed is told with its file, its name and its message", () => {
  const tests = [
    { status: "passed", fullName: "a holds", failureMessages: [] },
    { status: "failed", fullName: "b holds", failureMessages: ["Error: 1 is not 2\n    at line 3"] },
  ];
  const testResults = [
    { name: "a.test.ts", status: "failed", assertionResults: tests, message: "" },
    { name: "b.test.ts", status: "failed", assertionResults: [], message: "it does not load" },
  ];
  expect(failuresOf({ testResults })).toEqual([
    "a.test.ts > b holds\n    Error: 1 is not 2\n        at line 3",
    "b.test.ts\n    it does not load",
  ]);
});
