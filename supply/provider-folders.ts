import { readdir, readFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { ARCHITECTURE } from "./go-tool.js";
import type { ProviderPin } from "./pins.js";

/** Folders in whose folders programs of a machine are put when no package brings them. */
const SHELVES = ["/opt", "/srv", "/usr/local", "/usr/local/lib", "/usr/local/share", "/var/lib"];

/** A provider as it lies in a folder that Terraform calls a filesystem mirror: `<mirror>/<host>/<name>/<provider>/…`. */
export interface FoundProvider {
  readonly mirror: string;
  /** Host of the registry under whose name it lies there. */
  readonly host: string;
  /** What belongs to it, below its folder: "5.100.0/linux_amd64/terraform-provider-aws_v5.100.0_x5", or an archive. */
  readonly files: readonly string[];
}

/**
 * Folders of this machine that may be mirrors of providers, those that the user named first: HARBORWRIGHT_TERRAFORM_MIRROR
 * (several as in PATH), what Terraform's own settings name, where Terraform and OpenTofu look by themselves, and what
 * lies where administrators put software.
 */
export async function likelyMirrors(environment: NodeJS.ProcessEnv): Promise<string[]> {
  const home = environment.HOME ?? "/";
  const folders = [
    ...(environment.HARBORWRIGHT_TERRAFORM_MIRROR ?? "").split(delimiter),
    ...(await foldersOfSettings(environment)),
    environment.TF_PLUGIN_CACHE_DIR ?? "",
    join(home, ".terraform.d", "plugins"),
    ...dataFolders(environment).flatMap((data) => [
      join(data, "terraform", "plugins"),
      join(data, "opentofu", "plugins"),
    ]),
    ...(await Promise.all(SHELVES.map(foldersIn))).flat(),
  ];
  return [...new Set(folders.filter((folder) => folder !== ""))];
}

/** Every folder that the user's settings of Terraform or OpenTofu name: mirrors and the cache of providers. */
async function foldersOfSettings({ TF_CLI_CONFIG_FILE, HOME = "/" }: NodeJS.ProcessEnv): Promise<string[]> {
  const files = TF_CLI_CONFIG_FILE ? [TF_CLI_CONFIG_FILE] : [join(HOME, ".terraformrc"), join(HOME, ".tofurc")];
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")));
  return texts.flatMap((text) =>
    [...text.matchAll(/^\s*(?:path|plugin_cache_dir)\s*=\s*"([^"]+)"/gm)].flatMap(([, path = ""]) => path),
  );
}

/** As the XDG base directory specification has it. */
function dataFolders(environment: NodeJS.ProcessEnv): string[] {
  const own = environment.XDG_DATA_HOME || join(environment.HOME ?? "/", ".local", "share");
  return [own, ...(environment.XDG_DATA_DIRS || "/usr/local/share:/usr/share").split(":")];
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name))
    .sort();
}

/** The first of some mirrors that has a provider for this machine, under the name of whichever registry. */
export async function findProvider(pin: ProviderPin, mirrors: readonly string[]): Promise<FoundProvider | undefined> {
  for (const mirror of mirrors) {
    for (const folder of await foldersIn(mirror)) {
      const files = await filesOf(pin, join(folder, pin.source));
      if (files.length > 0) return { mirror, host: folder.slice(mirror.length).replaceAll("/", ""), files };
    }
  }
  return undefined;
}

/** Unpacked in a folder for the version and the machine, or as the archive in which it is published. */
async function filesOf({ source, version }: ProviderPin, folder: string): Promise<string[]> {
  const unpacked = `${version}/linux_${ARCHITECTURE}`;
  const inside = await readdir(join(folder, unpacked)).catch(() => []);
  const program = `terraform-provider-${source.split("/")[1]}`;
  if (inside.some((name) => name.startsWith(program))) return inside.map((name) => `${unpacked}/${name}`);
  const archive = `${program}_${version}_linux_${ARCHITECTURE}.zip`;
  return (await readdir(folder).catch(() => [])).filter((name) => name === archive);
}
