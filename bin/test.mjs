import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { countTests, failuresOf } from "./count-tests.mjs";
import { PROJECT } from "./project.mjs";

/** The checks in their order: the quick ones first, those on hosts of this machine last. */
const CHECKS = [
  { name: "lint", command: ["npm", "run", "--silent", "lint"] },
  { name: "types", command: ["npm", "run", "--silent", "types"] },
  { name: "unit tests", project: "unit" },
  { name: "software for the tests", command: [process.execPath, join("bin", "provide.mjs")] },
  { name: "tests of rendered files", project: "rendered" },
  { name: "tests of clouds", project: "cloud" },
  { name: "tests on the hosts of the lab", project: "lab" },
];

/**
 * Runs every check even when one before it failed, and says at the very end how many tests passed and failed. A check
 * that is no test counts as one. A test that did not run counts as failed: nothing is skipped.
 * @returns the exit code
 */
export async function testEverything(options) {
  const results = mkdtempSync(join(tmpdir(), "harborwright-tests-"));
  const counts = [];
  for (const check of CHECKS) {
    process.stdout.write(`\n● ${check.name}\n`);
    const started = performance.now();
    const count = check.project === undefined ? runCommand(check.command) : runTests(check.project, results, options);
    const elapsed = ((performance.now() - started) / 1000).toFixed(1);
    process.stdout.write(`${count.failed === 0 ? "✓" : "✗"} ${check.name} (${elapsed} s)\n`);
    counts.push({ name: check.name, ...count });
  }
  rmSync(results, { recursive: true });
  return report(counts);
}

function runCommand([program, ...args]) {
  const done = spawnSync(program, args, { cwd: PROJECT, stdio: "inherit" });
  return done.status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

function runTests(project, results, options) {
  const file = join(results, `${project}.json`);
  const runner = join(PROJECT, "node_modules", "vitest", "vitest.mjs");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const done = spawnSync(process.execPath, [runner, "run", "--project", project, ...reporters, ...options], {
    cwd: PROJECT,
    stdio: "inherit",
  });
  const ran = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
  const count = ran ? { ...countTests(ran), failures: failuresOf(ran) } : { passed: 0, failed: 0 };
  // A run may fail without a failed test: a file that does not load, an error outside of any test.
  return done.status !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count;
}

/** What failed is told once more, for a reader who has the end of it only. The last line is for scripts. */
function report(counts) {
  const sum = (key) => counts.reduce((total, count) => total + count[key], 0);
  for (const failure of counts.flatMap((count) => count.failures ?? [])) process.stdout.write(`\n✗ ${failure}\n`);
  process.stdout.write("\n");
  for (const count of counts) {
    process.stdout.write(`${count.name.padEnd(30)} ${count.passed} passed, ${count.failed} failed\n`);
  }
  process.stdout.write(`\n${sum("passed")} passed, ${sum("failed")} failed\n`);
  return sum("failed") === 0 ? 0 : 1;
}
