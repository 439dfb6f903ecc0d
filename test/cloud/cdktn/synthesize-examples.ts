import { readFile } from "node:fs/promises";
import { App, Testing } from "cdktf";
import { parseEnvironment } from "../../../spec/parse.js";
import { addStacks } from "../../../stacks/environment-stacks.js";

/** Writes the stacks of environment files to the standard output, as JSON by file and name, and the version of cdktf. */
const stacks: Record<string, unknown> = {};
for (const file of process.argv.slice(2)) {
  const environment = parseEnvironment(await readFile(file, "utf8"), file);
  const context = {
    sshPublicKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFIiSzW/WitkkZOjKY/722YD9xlozUJHyKA3CFbm3RmA operators",
    storageKeyRecipient: "mI0EAAAAAAEEAA==",
    stateFolder: "/srv/state",
    bootstrap: { command: "harborwright up", folder: "/srv", digest: "0" },
  };
  for (const stack of await addStacks(new App(), environment, () => context)) {
    stacks[`${file} ${stack.node.id}`] = JSON.parse(Testing.synth(stack, true));
  }
}
const version: unknown = new App().node.tryGetContext("cdktfVersion");
process.stdout.write(JSON.stringify({ version, stacks }));
