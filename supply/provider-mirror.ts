import { copyFile, link, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Problem } from "../spec/problem.js";
import { kept } from "./cache.js";
import { ARCHITECTURE, goTool } from "./go-tool.js";
import type { ProviderPin } from "./pins.js";
import type { Progress } from "./progress.js";
import { type FoundProvider, findProvider, likelyMirrors } from "./provider-folders.js";

/**
 * A folder from which a program that makes infrastructure takes a provider instead of from its registry: one that this
 * machine has, or else one that is filled here.
 * @param host - the registry under whose name the program looks for it
 * @throws Problem `supply/provider-missing` when this machine does not have it and it cannot be built here
 */
export async function providerMirror(pin: ProviderPin, host: string, progress: Progress): Promise<string> {
  const found = await findProvider(pin, await likelyMirrors(process.env));
  if (found?.host === host) return found.mirror;
  if (found !== undefined) return linkedMirror(pin, host, linksTo(pin, found), progress);
  if (pin.madeFrom === undefined) throw providerMissing(pin);
  const program = await goTool(pin.madeFrom, progress);
  const name = `${pin.version}/linux_${ARCHITECTURE}/${pin.madeFrom}_v${pin.version}`;
  return linkedMirror(pin, host, { [name]: program }, progress);
}

/** Where each file of a provider that was found goes, and where it is. */
function linksTo(pin: ProviderPin, found: FoundProvider): Record<string, string> {
  const folder = join(found.mirror, found.host, pin.source);
  return Object.fromEntries(found.files.map((file) => [file, join(folder, file)]));
}

/**
 * A mirror of our own with one provider, whose files are elsewhere. OpenTofu follows no symbolic link in a mirror, so
 * they are hard links, or copies where that is on another disk.
 */
function linkedMirror(
  pin: ProviderPin,
  host: string,
  links: Readonly<Record<string, string>>,
  progress: Progress,
): Promise<string> {
  return kept(
    {
      shelf: "terraform",
      name: `${pin.source.replace("/", "-")}-${pin.version}`,
      inputs: { host, links, recipe: 1 },
      what: `put ${pin.source} ${pin.version} where it is looked for`,
      make: async (folder) => {
        for (const [name, from] of Object.entries(links)) await linkOrCopy(from, join(folder, host, pin.source, name));
      },
    },
    progress,
  );
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await link(from, to).catch(() => copyFile(from, to));
}

function providerMissing({ source, version }: ProviderPin): Problem {
  return new Problem({
    code: "supply/provider-missing",
    says: `the registry of Terraform's providers cannot be reached, and this machine does not have ${source} ${version}`,
    instead:
      "open the way to it, or type `terraform providers mirror FOLDER` where it can be reached, bring the folder here and set HARBORWRIGHT_TERRAFORM_MIRROR to it",
  });
}
