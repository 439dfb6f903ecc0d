import { mkdir, readFile, stat } from "node:fs/promises";
import { dirname, isAbsolute, join, resolve } from "node:path";
import type { Outputs } from "../spec/cloud/outputs.js";
import { type CloudSite, isCloud } from "../spec/cloud/sites.js";
import type { Environment } from "../spec/environment.js";
import { type Inventory, plannedInventory, type SiteInventory } from "../spec/inventory.js";
import { parseEnvironment } from "../spec/parse.js";
import { Problem } from "../spec/problem.js";
import { readOutputs } from "./kept-outputs.js";
import { PROJECT } from "./project.js";

/** An environment file that was read, with the places that belong to it. */
export interface Workspace {
  /** The environment file as the user would name it: relative to the folder they are in. */
  readonly file: string;
  /** Its absolute path. */
  readonly path: string;
  /** What it holds. */
  readonly text: string;
  /** Its folder; other files that it names lie relative to it. */
  readonly folder: string;
  /** What the machine keeps about it: known hosts, the CA's certificate, the lab's key. */
  readonly stateFolder: string;
  /** The encrypted secrets beside it. */
  readonly secretsFile: string;
  /** Private SSH key of hosts that are made for it. */
  readonly identityFile: string;
  /** What the stack of a cloud site told when it was asked last. @default - nothing is made yet, or not from here */
  readonly outputs?: Outputs;
  readonly environment: Environment;
  readonly inventory: Inventory;
}

/**
 * Reads an environment by its name in `environments/` or by the path of its file.
 * @throws Problem `environment/not-found`; Problems when the file is wrong
 */
export async function openWorkspace(nameOrPath: string): Promise<Workspace> {
  const path = await findFile(nameOrPath);
  return openText(path, await readFile(path, "utf8"));
}

/**
 * An environment as its file would be with another text; the file stays as it is.
 * @throws Problems when the text is wrong
 */
export async function openText(path: string, text: string): Promise<Workspace> {
  const shown = shownPath(path);
  const environment = parseEnvironment(text, shown);
  const folder = dirname(path);
  const stateFolder = join(folder, ".harborwright", environment.environment);
  const cloud = environment.sites.some(isCloud);
  const identityFile = join(stateFolder, cloud ? "node_ed25519" : "lab_ed25519");
  const outputs = cloud ? await readOutputs(stateFolder) : undefined;
  return withOutputs(
    {
      file: shown,
      path,
      text,
      folder,
      stateFolder,
      secretsFile: join(folder, `${environment.environment}.secrets.age`),
      identityFile,
      environment,
      inventory: plannedInventory(environment, { identity: identityFile }),
    },
    outputs,
  );
}

/** The same environment, with what the stack of its cloud site tells. */
export function withOutputs(workspace: Workspace, outputs: Outputs | undefined): Workspace {
  const { outputs: _, ...rest } = workspace;
  const known = outputs === undefined ? {} : { outputs };
  const inventory = plannedInventory(workspace.environment, { identity: workspace.identityFile, ...known });
  return { ...rest, ...known, inventory };
}

/** Makes the state folder, readable by its owner only. */
export async function makeStateFolder(workspace: Workspace): Promise<void> {
  await mkdir(workspace.stateFolder, { recursive: true, mode: 0o700 });
}

/** The one site of an environment; several are refused when the file is read. */
export function onlySite(workspace: Workspace): SiteInventory {
  const [site] = workspace.inventory.sites;
  if (site === undefined) throw new RangeError("an environment without a site passed the schema");
  return site;
}

/** Whether the hosts are made on this machine. */
export function isLocal(workspace: Workspace): boolean {
  return workspace.environment.sites.some((site) => site.provider === "local");
}

/** The cloud site of an environment. @default - its hosts come from elsewhere */
export function cloudSite(workspace: Workspace): CloudSite | undefined {
  return workspace.environment.sites.find(isCloud);
}

/** Where a client finds the entry of a site. */
export function entryUrl(workspace: Workspace): { readonly url: string; readonly address: string } {
  const { hostname, ports } = workspace.environment.registry;
  return {
    url: ports.https === 443 ? `https://${hostname}` : `https://${hostname}:${ports.https}`,
    address: onlySite(workspace).entry.address,
  };
}

/** File that makes the registry's certificate trusted. */
export function caFile(workspace: Workspace): string {
  return join(workspace.stateFolder, "ca.crt");
}

async function findFile(nameOrPath: string): Promise<string> {
  const looksLikePath = nameOrPath.includes("/") || /\.ya?ml$/.test(nameOrPath);
  const candidates = looksLikePath
    ? [resolve(nameOrPath)]
    : [resolve("environments", `${nameOrPath}.yaml`), join(PROJECT, "environments", `${nameOrPath}.yaml`)];
  for (const candidate of candidates) if (await isFile(candidate)) return candidate;
  throw new Problem({
    code: "environment/not-found",
    says: `there is no environment ${JSON.stringify(nameOrPath)}: ${candidates.map(shownPath).join(" and ")} ${candidates.length > 1 ? "do" : "does"} not exist`,
    instead: "give a name in environments/ or the path of a file; `harborwright init` writes a new one",
  });
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

/** A path as a person in the current folder would type it. */
export function shownPath(path: string): string {
  const here = process.cwd();
  return isAbsolute(path) && path.startsWith(`${here}/`) ? path.slice(here.length + 1) : path;
}
