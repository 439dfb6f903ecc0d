import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exists, machineFolder } from "./cache.js";
import { PROVIDER_PINS, type ProviderName } from "./pins.js";
import type { Progress } from "./progress.js";
import { providerMirror } from "./provider-mirror.js";
import { providerSource, registryHost } from "./provider-source.js";
import { ALONE, type Terraform } from "./terraform.js";

/**
 * What has to be in the environment of a program that makes infrastructure, so that it finds some providers. Where
 * its registry is reached that is next to nothing: the settings of its user hold. Else they are exchanged for ours,
 * which name a folder for each provider; one that this machine does not have is made, which can take minutes.
 */
export async function terraformEnvironment(
  terraform: Terraform,
  providers: readonly ProviderName[],
  progress: Progress,
): Promise<Readonly<Record<string, string>>> {
  const host = await registryHost(terraform);
  if ((await providerSource(host, progress)) === "registry") return { ...ALONE, ...(await readableSettings()) };
  const mirrors: Mirror[] = [];
  for (const name of [...providers].sort()) {
    const pin = PROVIDER_PINS[name];
    mirrors.push({ folder: await providerMirror(pin, host, progress), source: pin.source });
  }
  const file = `${terraform.engine}-${[...providers].sort().join("-")}.tfrc`;
  return { ...ALONE, TF_CLI_CONFIG_FILE: await writeSettings(file, settingsFor(mirrors)) };
}

/** A folder, and the provider that is taken from it. */
interface Mirror {
  readonly folder: string;
  readonly source: string;
}

/** Settings of Terraform and OpenTofu by which some providers come from folders, and nothing comes from the network. */
export function settingsFor(mirrors: readonly Mirror[]): string {
  const blocks = mirrors.map(
    ({ folder, source }) =>
      `  filesystem_mirror {\n    path    = ${JSON.stringify(folder)}\n    include = [${JSON.stringify(source)}]\n  }\n`,
  );
  return `disable_checkpoint = true\nprovider_installation {\n${blocks.join("")}}\n`;
}

/** Where the variable names a file that is not there, each call would print a warning. */
async function readableSettings(): Promise<Record<string, string>> {
  const chosen = process.env.TF_CLI_CONFIG_FILE;
  if (!chosen || (await exists(chosen))) return {};
  return { TF_CLI_CONFIG_FILE: await writeSettings("plain.tfrc", "disable_checkpoint = true\n") };
}

async function writeSettings(name: string, text: string): Promise<string> {
  const path = join(await machineFolder("terraform"), name);
  const partial = `${path}.${process.pid}`;
  await writeFile(partial, text);
  await rename(partial, path);
  return path;
}
