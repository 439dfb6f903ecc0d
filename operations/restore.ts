import type { Plan } from "../cluster/plan.js";
import { during, type OnProgress } from "../cluster/progress.js";
import { withLock } from "../cluster/with-lock.js";
import { emptyRedis } from "../dataservices/empty-redis.js";
import type { DatabaseDoor } from "../recovery/database-door.js";
import { neededBlobs } from "../recovery/dump.js";
import { type Manifest, PART } from "../recovery/manifest.js";
import { type BlobCheck, blobLines, compareBlobs } from "../recovery/needed-blobs.js";
import { type Backup, openBackup, readPart, storedText, verifyBackup } from "../recovery/read-backup.js";
import { refuseForeign, refuseOtherKey } from "../recovery/refuse-restore.js";
import {
  assertMayRestore,
  fillDatabase,
  forgetBefore,
  type RestoreStage,
  restoreNames,
  restoreStage,
  swapDatabases,
} from "../recovery/restore-database.js";
import { stopHarbor } from "../recovery/stop-harbor.js";
import { dataServicesPlaces } from "../release/own-data-services.js";
import { type Identity, readIdentity } from "../secrets/identity.js";
import { secretName } from "../secrets/names.js";
import { type SecretStore, secretsOf } from "../secrets/store.js";
import { Problem } from "../spec/problem.js";
import type { Secret } from "../spec/secret.js";
import type { Progress } from "../supply/progress.js";
import { harborDatabase } from "./harbor-database.js";
import { operator, withCluster } from "./open-cluster.js";
import { identityFile, openSecrets } from "./secret-store.js";
import { imageStorage } from "./stored-blobs.js";
import { up } from "./up.js";
import { onlySite, type Workspace } from "./workspace.js";

export interface RestoreOptions {
  /** Path of the backup. */
  readonly from: string;
  /** Tells what will be done and throws when it is not wanted. */
  readonly agree: (plan: RestorePlan) => Promise<void>;
  readonly progress: Progress;
  readonly onProgress: OnProgress;
}

/** What a restoring will do. */
export interface RestorePlan {
  readonly manifest: Manifest;
  /** How far an earlier run of the same command has come. */
  readonly stage: RestoreStage;
  /** Name under which the data base in use is kept. */
  readonly kept: string;
  /** Whether Redis is emptied by it; otherwise that is for its owner to do. */
  readonly emptiesRedis: boolean;
}

/** What the storage has of what the data base needs. */
export interface StorageCheck extends Partial<BlobCheck> {
  /** Where the images lie. @default - no requests to this kind of storage are signed here, so nothing was compared */
  readonly storage?: string;
  /** Whether the storage tells of this backup: otherwise it is another one, or was emptied. */
  readonly marked?: boolean;
}

/** A backup that was read whole and belongs to this environment. */
interface Checked {
  readonly backup: Backup;
  readonly identity: Identity;
  readonly store: SecretStore;
  /** The secrets as they were then. */
  readonly kept: ReadonlyMap<string, Secret>;
}

/** Secrets whose other half is in Harbor's data base: they go back with it. */
const IN_THE_DATABASE = /^harbor\/(admin-password|robot\/.+)$/;

/**
 * Reads a backup whole and compares what it needs with the storage. Changes nothing anywhere.
 * @throws Problem `backup/…`, `restore/…`
 */
export async function checkBackup(workspace: Workspace, from: string): Promise<StorageCheck & { manifest: Manifest }> {
  const { backup, identity, store } = await checked(workspace, from);
  return withCluster(workspace, async ({ hosts: [host] }) => {
    const storage = host && imageStorage(workspace, store, host);
    const { manifest } = backup;
    if (storage === undefined) return { manifest };
    const needed = blobLines(readPart(backup, PART.blobs, identity));
    const compared = await compareBlobs(needed, await storage.blobs());
    return { manifest, storage: storage.name, marked: await storage.hasMark(manifest.id), ...compared };
  });
}

/**
 * Brings Harbor's data base back to what a backup holds. It is filled beside the one in use while Harbor goes on; then
 * Harbor stops on all nodes for as long as two names are exchanged, and comes back one node after the other, as the
 * environment file says. How far it is, is found out from the data base, so it may be killed anywhere and given again.
 * @returns what the storage has of what the restored rows need
 * @throws Problem `backup/…`, `restore/…` before anything changes
 */
export async function restore(workspace: Workspace, options: RestoreOptions): Promise<StorageCheck> {
  const { onProgress, agree } = options;
  const { backup, identity, store, kept } = await checked(workspace, options.from);
  const { manifest } = backup;
  const places = dataServicesPlaces(workspace.environment, onlySite(workspace));
  const command = `harborwright restore ${workspace.environment.environment} --from ${options.from}`;
  await withCluster(workspace, async (cluster) => {
    const door = needed(await harborDatabase(cluster));
    await assertMayRestore(door);
    const stage = await restoreStage(door, manifest.id);
    const { before } = restoreNames(door.name, manifest.id);
    await agree({ manifest, stage, kept: before, emptiesRedis: places !== undefined });
    const who = { operator: operator(command), onProgress };
    await withLock(cluster, { ...who, without: [] }, async ({ hosts }) => {
      const locked = needed(await harborDatabase({ ...cluster, hosts }));
      // Another operator may have gone on with it meanwhile.
      const begin = await restoreStage(locked, manifest.id);
      if (begin === "swapped") return;
      const node = locked.host.node.name;
      if (begin !== "filled") {
        const dump = readPart(backup, PART.database, identity);
        const schema = manifest.database?.schema ?? 0;
        await during(onProgress, { step: "fill", node }, () => fillDatabase(locked, manifest.id, dump, schema));
      }
      await stopHarbor(cluster, hosts, who);
      await during(onProgress, { step: "swap", node }, async () => {
        const carriers = hosts.filter((host) => places?.nodes.some(({ name }) => name === host.node.name));
        if (places !== undefined) await emptyRedis(places, carriers);
        await takeBack(store, kept);
        await swapDatabases(locked, manifest.id);
      });
    });
  });
  await bringBack(workspace, command, options);
  return checkRows(workspace, store, manifest.id);
}

/** Removes the data base that was in use before a backup was restored. */
export async function forgetRestored(workspace: Workspace, from: string, onProgress: OnProgress): Promise<void> {
  const { manifest } = await openBackup(from);
  const command = `harborwright restore ${workspace.environment.environment} --forget`;
  await withCluster(workspace, (cluster) =>
    withLock(cluster, { operator: operator(command), onProgress, without: [] }, async ({ hosts }) => {
      await forgetBefore(needed(await harborDatabase({ ...cluster, hosts })), manifest.id);
    }),
  );
}

/** Everything that can be refused without asking a host. */
async function checked(workspace: Workspace, from: string): Promise<Checked> {
  const { environment, registry } = workspace.environment;
  const backup = await openBackup(from);
  refuseForeign(backup.manifest, { environment, engine: registry.engine, version: registry.version }, from);
  const identity = await readIdentity(identityFile());
  if (identity === undefined) throw noIdentity(backup);
  await verifyBackup(backup, identity);
  const store = await openSecrets(workspace);
  const kept = await secretsOf(await storedText(backup, PART.secrets), identity, from);
  const key = secretName.harbor.secretKey;
  refuseOtherKey(kept.get(key)?.reveal() === store.get(key)?.reveal(), workspace.secretsFile, from);
  return { backup, identity, store, kept };
}

/** Before the data bases are exchanged, and not again by a run that finds them exchanged: they may be rotated after it. */
async function takeBack(store: SecretStore, kept: Checked["kept"]): Promise<void> {
  for (const [name, secret] of kept) if (IN_THE_DATABASE.test(name)) store.set(name, secret);
  await store.save();
}

/** The nodes come back as by any `up`: the first alone, each through the gate. */
async function bringBack(
  workspace: Workspace,
  command: string,
  { progress, onProgress }: RestoreOptions,
): Promise<void> {
  const agree = async (_: Plan) => {};
  await up(workspace, { command, without: [], dryRun: false, agree, progress, onProgress });
}

/** Rows against blobs, as they are now. */
async function checkRows(workspace: Workspace, store: SecretStore, id: string): Promise<StorageCheck> {
  return withCluster(workspace, async (cluster) => {
    const door = needed(await harborDatabase(cluster));
    const storage = imageStorage(workspace, store, door.host);
    if (storage === undefined) return {};
    const compared = await compareBlobs(blobLines(neededBlobs(door)), await storage.blobs());
    return { storage: storage.name, marked: await storage.hasMark(id), ...compared };
  });
}

function needed(door: DatabaseDoor | undefined): DatabaseDoor {
  if (door === undefined) throw new RangeError("a backup with a data base was let through for an engine without one");
  return door;
}

function noIdentity({ file, manifest }: Backup): Problem {
  return new Problem({
    code: "secrets/identity-missing",
    says: `${file} is encrypted and there is no identity ${identityFile()} to open it`,
    instead: `put back the identity of ${manifest.recipients.join(" or ")}, or name it with HARBORWRIGHT_IDENTITY`,
  });
}
