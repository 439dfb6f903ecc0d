import { access } from "node:fs/promises";
import { join } from "node:path";
import { forgetHost } from "../hosts/known-hosts.js";
import { BASTION } from "../hosts/proxy.js";
import type { Infrastructure, InfrastructureOptions } from "../infrastructure/infrastructure.js";
import { takeStorageKey } from "../secrets/storage-key.js";
import type { SecretStore } from "../secrets/store.js";
import type { SiteOutputs } from "../spec/cloud/outputs.js";
import type { CloudSite } from "../spec/cloud/sites.js";
import { Problem } from "../spec/problem.js";
import type { Progress } from "../supply/progress.js";
import { writeOutputs } from "./kept-outputs.js";
import { keepNodeKey } from "./node-key.js";
import { openSecrets } from "./secret-store.js";
import { stackContext } from "./stack-context.js";
import { cloudSite, makeStateFolder, type Workspace, withOutputs } from "./workspace.js";

/** An environment in a cloud, with what makes its machines. */
export interface Cloud {
  readonly workspace: Workspace;
  readonly site: CloudSite;
  /** Holds secrets that were made now; they are only in memory until `store.save()`. */
  readonly store: SecretStore;
  readonly infrastructure: Infrastructure;
}

/** Opens what makes the machines of an environment, and asks its state what is there. */
export async function openCloud(workspace: Workspace, progress: Progress): Promise<Cloud> {
  const site = siteOf(workspace);
  const { openInfrastructure } = await import("../infrastructure/infrastructure.js");
  const store = await openSecrets(workspace);
  const options: InfrastructureOptions = {
    context: await stackContext(workspace, store),
    workFolder: join(workspace.stateFolder, "terraform"),
    progress,
  };
  await makeStateFolder(workspace);
  const infrastructure = await openInfrastructure(workspace.environment, site, options);
  const told = await infrastructure.outputs();
  return { workspace: await keepOutputs(workspace, told), site, store, infrastructure };
}

/** The same, with what the state tells now. */
export async function refreshed(cloud: Cloud): Promise<Cloud> {
  return { ...cloud, workspace: await keepOutputs(cloud.workspace, await cloud.infrastructure.outputs()) };
}

/**
 * Keeps what a stack has told, for commands that shall not wait for Terraform. A machine that was made anew has a new
 * host key: the old one is forgotten, and only then.
 */
export async function keepOutputs(workspace: Workspace, told: SiteOutputs | undefined): Promise<Workspace> {
  const site = siteOf(workspace).name;
  await makeStateFolder(workspace);
  // Before the file: a kill in between leaves the old ids, and the next command forgets the keys again.
  forgetRemade(workspace, workspace.outputs?.[site], told);
  const outputs = told === undefined ? undefined : { [site]: told };
  await writeOutputs(workspace.stateFolder, outputs);
  return withOutputs(workspace, outputs);
}

function forgetRemade(workspace: Workspace, before: SiteOutputs | undefined, after: SiteOutputs | undefined): void {
  const site = siteOf(workspace).name;
  const knownHosts = join(workspace.stateFolder, "known_hosts");
  for (const [name, { id }] of Object.entries(before?.nodes ?? {})) {
    if (after?.nodes[name]?.id !== id) forgetHost(knownHosts, { name, site });
  }
  if (before?.bastion && before.bastion !== after?.bastion) forgetBastion(workspace);
}

/** A bastion that is made anew has a new host key. */
export function forgetBastion(workspace: Workspace): void {
  forgetHost(join(workspace.stateFolder, "known_hosts"), { name: BASTION, site: siteOf(workspace).name });
}

/**
 * Takes what a stack has told of the bucket's access key into the store. Nothing is written: call `store.save()`.
 * @throws Problem `secrets/storage-key-unreadable`
 */
export async function takeToldKey(workspace: Workspace, store: SecretStore): Promise<boolean> {
  const told = Object.values(workspace.outputs ?? {}).find(({ storageKey }) => storageKey)?.storageKey;
  return told ? takeStorageKey(store, told) : false;
}

/**
 * Sees to it that the hosts of a cloud can be reached from this machine: on one that has not worked on them yet, the
 * key comes from the secret store and the addresses from the state.
 * @throws Problem `cloud/not-made` when there are no machines
 */
export async function reachable(workspace: Workspace, progress: Progress): Promise<Workspace> {
  if (cloudSite(workspace) === undefined) return workspace;
  const known = await withKnownOutputs(workspace, progress);
  const hasKey = await access(known.identityFile).then(
    () => true,
    async () => keepNodeKey(known, await openSecrets(known)),
  );
  if (known.outputs !== undefined && hasKey) return known;
  const { environment, infrastructure } = known.environment;
  throw new Problem({
    code: "cloud/not-made",
    says: `${environment} has no machines yet, as far as its state tells (${infrastructure.state.in})`,
    instead:
      infrastructure.state.in === "local"
        ? `harborwright up ${environment} makes them; if another machine has made them, its state is there: several operators need infrastructure.state in s3 or oss`
        : `harborwright up ${environment} makes them`,
  });
}

/** A state that is a file is of this machine: had it told anything, that would be kept beside it. */
async function withKnownOutputs(workspace: Workspace, progress: Progress): Promise<Workspace> {
  const isShared = workspace.environment.infrastructure.state.in !== "local";
  if (workspace.outputs !== undefined || !isShared) return workspace;
  return (await openCloud(workspace, progress)).workspace;
}

function siteOf(workspace: Workspace): CloudSite {
  const site = cloudSite(workspace);
  if (site === undefined) throw new RangeError(`${workspace.file} has no site in a cloud`);
  return site;
}
