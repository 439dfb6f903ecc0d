import { createHash } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Configuration } from "./configuration.js";
import type { TerraformProgram } from "./terraform-program.js";

/** What a folder was set up for. */
const STAMP = ".set-up";

/**
 * Sets a folder up for its providers and its state (`terraform init`), unless it is set up for the very same: that
 * takes seconds, and nothing of it changes from one plan to the next.
 * @param settings - what decides where providers come from
 * @throws Problem `infrastructure/state-elsewhere` when the state is in another place than it was
 */
export async function setUp(
  program: TerraformProgram,
  configuration: Configuration,
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  const { folder, terraform } = program;
  const stamp = join(folder, STAMP);
  const wanted = createHash("sha256")
    .update(
      JSON.stringify([configuration.requirements, terraform, settings, await textOf(settings.TF_CLI_CONFIG_FILE)]),
    )
    .digest("hex");
  if ((await textOf(stamp)) === wanted) return;
  await rm(stamp, { force: true });
  // Versions are pinned exactly; sums of a provider that was made here anew are others than before.
  await rm(join(folder, ".terraform.lock.hcl"), { force: true });
  const moved = (await previousBackend(folder)) === "local" && configuration.backend === "local";
  // A file that is elsewhere now was moved there with its folder: there is nothing to bring along.
  await program.ask("init", "-input=false", "-no-color", ...(moved ? ["-reconfigure"] : []));
  await writeFile(stamp, wanted);
}

/** Kind of the place in which the state was when the folder was set up last. */
async function previousBackend(folder: string): Promise<string | undefined> {
  const text = await textOf(join(folder, ".terraform", "terraform.tfstate"));
  return /"backend":\s*\{\s*"type":\s*"([a-z0-9]+)"/.exec(text ?? "")?.[1];
}

async function textOf(path: string | undefined): Promise<string | undefined> {
  return path === undefined ? undefined : readFile(path, "utf8").catch(() => undefined);
}
