/**
 * Counts of a report of vitest's JSON reporter. What did not run counts as failed, and so does a file whose failure
 * belongs to no test.
 */
export function countTests(report) {
  const filesThatFellOver = report.testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numTotalTests - report.numPassedTests + filesThatFellOver.length,
  };
}
