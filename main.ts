import { readdir } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";
import { App } from "cdktf";
import { printFailure } from "./cli/failure.js";
import { PROJECT } from "./operations/project.js";
import { openSecrets } from "./operations/secret-store.js";
import { stackContext } from "./operations/stack-context.js";
import { makeStateFolder, openWorkspace, type Workspace } from "./operations/workspace.js";
import { isCloud } from "./spec/cloud/sites.js";
import { Problem } from "./spec/problem.js";
import { addStacks } from "./stacks/environment-stacks.js";

/** Variable with names or paths of environment files, separated as in PATH: only these become stacks. */
const CHOICE = "HARBORWRIGHT_ENVIRONMENTS";

/**
 * The app that `cdktf` runs: a stack for each site in a cloud of each file in environments/, named like the
 * environment, or like environment and site where these differ.
 */
async function synthesize(): Promise<void> {
  const app = new App();
  const environments = await cloudEnvironments(await chosenFiles());
  for (const workspace of environments) {
    const store = await openSecrets(workspace);
    const context = await stackContext(workspace, store);
    // Before anything is made with a key it is safe on the disk: a second run must find the same one again.
    await store.save();
    await makeStateFolder(workspace);
    await addStacks(app, workspace.environment, () => context);
  }
  app.synth();
}

/** @throws Problem `cloud/no-sites` where there is nothing to make stacks of */
async function cloudEnvironments(files: readonly string[]): Promise<Workspace[]> {
  const all = await Promise.all(files.map((file) => openWorkspace(file)));
  const found = all.filter(({ environment }) => environment.sites.some(isCloud));
  if (found.length > 0) return found;
  throw new Problem({
    code: "cloud/no-sites",
    says: `no environment of ${all.map(({ file }) => file).join(", ") || "environments/"} has a site in a cloud`,
    instead: `type \`harborwright init --provider aws\` or \`--provider alicloud\`, or name other files in ${CHOICE}`,
  });
}

async function chosenFiles(): Promise<string[]> {
  const chosen = (process.env[CHOICE] ?? "").split(delimiter).filter((name) => name !== "");
  if (chosen.length > 0) return chosen;
  const here = await filesIn(resolve("environments"));
  return here.length > 0 ? here : filesIn(join(PROJECT, "environments"));
}

async function filesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

try {
  await synthesize();
} catch (error) {
  process.exitCode = await printFailure(error, { json: false });
}
