import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Folder of this clone. */
export const PROJECT = dirname(dirname(fileURLToPath(import.meta.url)));

/** Oldest Node that runs harborwright, as in package.json. */
export const OLDEST_NODE = [20, 11];

/** Ends the program with a message that says what to do. */
export function giveUp(says, instead) {
  process.stderr.write(`harborwright: ${says}\n  ${instead}\n`);
  process.exit(1);
}

export function requireNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  const old = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
  if (old) {
    giveUp(
      `node ${process.versions.node} is too old`,
      `install Node ${OLDEST_NODE.join(".")} or newer, 22 for example`,
    );
  }
}

/** Whether the npm packages are there and no older than the list of them. */
export function packagesAreCurrent() {
  const installed = join(PROJECT, "node_modules", ".package-lock.json");
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(PROJECT, "package-lock.json")).mtimeMs;
}
