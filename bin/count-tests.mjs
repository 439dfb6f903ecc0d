/**
 * Counts of a report of vitest's JSON reporter. What did not run counts as failed, and so does a file whose failure
 * belongs to no test.
 */
export function countTests(report) {
  return {
    passed: report.numPassedTests,
    failed: report.numTotalTests - report.numPassedTests + report.testResults.filter(fellOver).length,
  };
}

/** What failed, a line or more each: the test's file and full name, and what it said. */
export function failuresOf(report) {
  return report.testResults.flatMap((file) => {
    const failed = file.assertionResults.filter((test) => test.status !== "passed");
    const messages = failed.map((test) => describe(file.name, test.fullName, test.failureMessages));
    return fellOver(file) ? [...messages, describe(file.name, "", [file.message])] : messages;
  });
}

/** Whether the failure of a file belongs to no test of it. */
function fellOver(file) {
  return file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed");
}

function describe(file, name, messages) {
  const said = messages.flatMap((message) => message.split("\n").slice(0, MOST_LINES));
  return [`${file}${name === "" ? "" : ` > ${name}`}`, ...said.map((line) => `    ${line}`)].join("\n");
}

/** Lines of a failure that are told again; the whole stands where it happened. */
const MOST_LINES = 25;
