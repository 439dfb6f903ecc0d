/**
 * What `npm start` and `npm test` run on a fresh clone, so it needs nothing but Node: npm's packages are installed,
 * the sources compiled, and then the registry is brought up, or everything is tested.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { giveUp, PROJECT, packagesAreCurrent, requireNode } from "./project.mjs";

const [task, ...options] = process.argv.slice(2);

requireNode();
installPackages();
linkProgram();
const { ensureBuilt } = await import("./build.mjs");
await ensureBuilt();

if (task === "start") {
  process.argv.splice(1, 2, join(PROJECT, "bin", "harborwright.mjs"), "start");
  await import("../dist/cli/main.js");
} else if (task === "test") {
  const { testEverything } = await import("./test.mjs");
  process.exitCode = await testEverything(options);
} else {
  giveUp(`${task ?? "nothing"} is no task`, "type: npm start, or npm test");
}

function installPackages() {
  if (packagesAreCurrent()) return;
  process.stderr.write("● install npm packages (about 20 s)\n");
  const flags = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"];
  const done = spawnSync("npm", ["ci", ...flags], { cwd: PROJECT, stdio: ["ignore", "ignore", "inherit"] });
  if (done.status !== 0) giveUp("the npm packages could not be installed", "see above, and type: npm ci");
}

/** `npx harborwright` looks there first. npm links the programs of packages, but not of the project itself. */
function linkProgram() {
  const folder = join(PROJECT, "node_modules", ".bin");
  const link = join(folder, "harborwright");
  if (existsSync(link)) return;
  mkdirSync(folder, { recursive: true });
  symlinkSync("../../bin/harborwright.mjs", link);
}
