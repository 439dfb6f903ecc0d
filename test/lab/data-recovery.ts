import { join } from "node:path";
import { ask, change, type DatabaseDoor, ownDatabase } from "../../recovery/database-door.js";
import { databaseState, dumpDatabase, neededBlobs } from "../../recovery/dump.js";
import { PART } from "../../recovery/manifest.js";
import { type Backup, openBackup, verifyBackup } from "../../recovery/read-backup.js";
import { BackupWriter } from "../../recovery/write-backup.js";
import { HARBOR_DATABASE } from "../../release/data-context.js";
import { type Identity, makeIdentity } from "../../secrets/identity.js";
import type { Bytes } from "../../secrets/sealed-stream.js";
import type { DataSite } from "./data-site.js";

/** As many of Harbor's tables as a backup looks at, with so many images of one layer. */
const TABLES = `
set role harbor;
create table schema_migrations (version bigint primary key, dirty boolean not null);
insert into schema_migrations values (180, false);
create table blob (id serial primary key, digest text, content_type text, size bigint);
create table artifact (id serial primary key, digest text);
create table artifact_blob (id serial primary key, digest_af text, digest_blob text);
insert into artifact (digest) select 'sha256:m' || i from generate_series(1, 500) i;
insert into artifact_blob (digest_af, digest_blob) select 'sha256:m' || i, 'sha256:l' || i from generate_series(1, 500) i;
insert into blob (digest, content_type, size) select 'sha256:l' || i, 'application/octet-stream', i from generate_series(1, 500) i;
insert into blob (digest, content_type, size) select 'sha256:m' || i, 'application/json', 7 from generate_series(1, 500) i;
-- One that another registry serves, and one that waits for garbage collection.
update blob set content_type = 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip' where digest = 'sha256:l9';
insert into blob (digest, content_type, size) values ('sha256:left', 'application/octet-stream', 1);`;

/** Blobs that those tables need. */
export const NEEDED = 999;
export const BACKUP_ID = "20261125T201500Z-3f9c2a";

/** The data base of a site as a backup comes to it, with tables like Harbor's in it. */
export async function furnishedDatabase(site: DataSite): Promise<DatabaseDoor> {
  const hosts = site.cluster().members.map(({ host }) => host);
  const door = await ownDatabase(hosts, site.context.settings.ports.postgresql, HARBOR_DATABASE);
  await change(door, "make tables like Harbor's", TABLES);
  return door;
}

/** Puts a data base into a backup in a folder, and reads it back whole. */
export async function keptDatabase(
  door: DatabaseDoor,
  folder: string,
): Promise<{ backup: Backup; identity: Identity }> {
  const identity = await makeIdentity(join(folder, "identity.txt"));
  const file = join(folder, "lab.backup");
  const at = new Date();
  const writer = await BackupWriter.begin(file, { recipients: [identity.recipient], now: at });
  const { schema, server, size } = await databaseState(door);
  await writer.add(PART.blobs, neededBlobs(door));
  await writer.add(PART.database, dumpDatabase(door));
  await writer.end({
    id: BACKUP_ID,
    environment: "datatest",
    at: at.toISOString(),
    by: "ops@laptop",
    program: "0.1.0",
    engine: { name: "harbor", version: "2.15" },
    storage: "elsewhere",
    images: [],
    database: { schema, server, size },
  });
  const backup = await openBackup(file);
  await verifyBackup(backup, identity);
  return { backup, identity };
}

/** A stream that breaks off in its middle, as when its reader is killed. */
export async function* brokenOff(whole: Bytes, after: number): Bytes {
  let left = after;
  for await (const piece of whole) {
    yield piece.subarray(0, left);
    left -= piece.length;
    if (left <= 0) throw new Error("killed");
  }
}

/** How many images the data base in use knows. */
export async function images(door: DatabaseDoor): Promise<number> {
  return Number(await ask(door, "select count(*) from artifact"));
}
