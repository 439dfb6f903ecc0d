import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Cluster } from "../cluster/cluster.js";
import { PLACES } from "../cluster/places.js";
import { during, type OnProgress } from "../cluster/progress.js";
import type { Host } from "../hosts/host.js";
import type { DatabaseDoor } from "../recovery/database-door.js";
import { databaseState, dumpDatabase, neededBlobs } from "../recovery/dump.js";
import { type BackupFacts, type Manifest, PART } from "../recovery/manifest.js";
import { type BlobSum, counted } from "../recovery/needed-blobs.js";
import { openBackup } from "../recovery/read-backup.js";
import { BackupWriter, only } from "../recovery/write-backup.js";
import { parseReleaseManifest } from "../release/manifest.js";
import { recipientsOf } from "../secrets/envelope.js";
import { Problem } from "../spec/problem.js";
import { harborDatabase } from "./harbor-database.js";
import { operator, withCluster } from "./open-cluster.js";
import { openSecrets } from "./secret-store.js";
import { type ImageStorage, imageStorage } from "./stored-blobs.js";
import type { Workspace } from "./workspace.js";

export interface BackupOptions {
  /** Folder to put it into. @default - the environment's own, beside its file */
  readonly to?: string;
  /** Version of this program. */
  readonly program: string;
  readonly onProgress: OnProgress;
}

/** A backup on this machine. */
export interface MadeBackup {
  readonly file: string;
  readonly manifest: Manifest;
  /** Whether the storage now tells of it: of some kinds nothing is signed here. */
  readonly marked: boolean;
}

const ENDING = ".backup";

/** Folder in which the backups of an environment lie when nobody names another. */
export function backupFolder(workspace: Workspace): string {
  return join(workspace.stateFolder, "backups");
}

/**
 * Keeps what must stay together: the data base, the secrets, the environment file, and which blobs the data base needs
 * of the storage. Harbor goes on meanwhile; nothing is locked, so that a node may be away. Nothing comes in clear to
 * this machine's disk.
 * @throws Problem `backup/…`, `secrets/…`, `ssh/…`
 */
export async function backup(workspace: Workspace, options: BackupOptions): Promise<MadeBackup> {
  // Whoever cannot open the secrets could not open the backup either.
  const store = await openSecrets(workspace);
  const sealed = await readFile(workspace.secretsFile, "utf8").catch(() => {
    throw nothingYet(workspace);
  });
  return withCluster(workspace, async (cluster) => {
    const door = await harborDatabase(cluster);
    const host = door?.host ?? firstHost(cluster);
    const storage = imageStorage(workspace, store, host);
    const now = new Date();
    const id = `${now.toISOString().replaceAll(/[-:]|\.\d+/g, "")}-${randomBytes(3).toString("hex")}`;
    const { environment } = workspace.environment;
    const file = join(options.to ?? backupFolder(workspace), `${environment}-${id}${ENDING}`);
    const recipients = recipientsOf(sealed, workspace.secretsFile);
    const writer = await BackupWriter.begin(file, { recipients, now });
    try {
      await writer.add(PART.environment, only(Buffer.from(workspace.text)));
      await writer.addSealed(PART.secrets, createReadStream(workspace.secretsFile));
      const base = door === undefined ? undefined : await addDatabase(writer, door, options.onProgress);
      const marked = await mark(storage, { id, environment, at: now });
      const facts: BackupFacts = {
        ...(await factsOf(workspace, host, storage)),
        id,
        at: now.toISOString(),
        program: options.program,
        ...(base === undefined ? {} : base),
      };
      return { file, manifest: await writer.end(facts), marked };
    } catch (error) {
      await writer.abandon();
      throw error;
    }
  });
}

/** The list comes before the dump: a push in between is more in the dump, and its blobs are in the storage. */
async function addDatabase(
  writer: BackupWriter,
  door: DatabaseDoor,
  onProgress: OnProgress,
): Promise<Pick<BackupFacts, "database" | "blobs">> {
  const node = door.host.node.name;
  const { schema, server, size } = await databaseState(door);
  let blobs: BlobSum = { count: 0, size: 0 };
  await during(
    onProgress,
    { step: "blobs", node },
    () =>
      writer.add(
        PART.blobs,
        counted(neededBlobs(door), (sum) => {
          blobs = sum;
        }),
      ),
    () => `${blobs.count} are needed`,
  );
  await during(
    onProgress,
    { step: "dump", node },
    () => writer.add(PART.database, dumpDatabase(door)),
    (part) => `${(part.size / 1e6).toFixed(1)} MB`,
  );
  const after = await databaseState(door);
  if (after.schema !== schema) throw migratedMeanwhile(schema, after.schema);
  return { database: { schema, server, size }, blobs };
}

async function factsOf(workspace: Workspace, host: Host, storage: ImageStorage | undefined) {
  const { environment, registry } = workspace.environment;
  return {
    environment,
    by: operator("").who,
    engine: { name: registry.engine, version: registry.version },
    storage: storage?.name ?? registry.storage.kind,
    images: await imagesOn(host),
  };
}

/** The images of the release that runs there. A host without one, at the very beginning, runs none. */
async function imagesOn(host: Host): Promise<BackupFacts["images"]> {
  const text = await host.read(`cat ${PLACES.current}/release.json 2>/dev/null || true`);
  return text === "" ? [] : parseReleaseManifest(text).images.map(({ name, reference }) => ({ name, reference }));
}

async function mark(
  storage: ImageStorage | undefined,
  { id, environment, at }: { readonly id: string; readonly environment: string; readonly at: Date },
): Promise<boolean> {
  if (storage === undefined) return false;
  await storage.mark(id, `${JSON.stringify({ backup: id, environment, at: at.toISOString() })}\n`);
  return true;
}

/** A file in the folder of backups, and what it tells of itself. */
export interface ListedBackup {
  readonly file: string;
  readonly manifest?: Manifest;
  /** What is wrong with it. @default - it can be read */
  readonly problem?: Problem;
}

/** The backups of an environment in a folder, the newest first; those that cannot be read come last. */
export async function backups(workspace: Workspace, folder = backupFolder(workspace)): Promise<ListedBackup[]> {
  const names = await readdir(folder).catch(() => []);
  const listed = await Promise.all(
    names.filter((name) => name.endsWith(ENDING)).map((name) => listedBackup(join(folder, name))),
  );
  const { environment } = workspace.environment;
  const at = ({ manifest }: ListedBackup) => manifest?.at ?? "";
  return listed
    .filter(({ manifest }) => manifest === undefined || manifest.environment === environment)
    .sort((one, other) => (at(one) < at(other) ? 1 : -1));
}

async function listedBackup(file: string): Promise<ListedBackup> {
  try {
    return { file, manifest: (await openBackup(file)).manifest };
  } catch (error) {
    if (error instanceof Problem) return { file, problem: error };
    throw error;
  }
}

function firstHost({ hosts: [host] }: Cluster): Host {
  if (host === undefined) throw new RangeError("an environment has at least one host");
  return host;
}

function nothingYet(workspace: Workspace): Problem {
  return new Problem({
    code: "backup/nothing-yet",
    says: `${workspace.environment.environment} has no secrets yet: it was never brought up from here`,
    instead: "check out its *.secrets.age, which belongs beside its file, or run `harborwright up`",
  });
}

function migratedMeanwhile(before: number, after: number): Problem {
  return new Problem({
    code: "backup/migrated-meanwhile",
    says: `the data base was migrated from schema ${before} to ${after} while it was dumped`,
    instead: "wait until the upgrade is through, then give the same command again",
  });
}
