import { Readable } from "node:stream";
import type { Bytes } from "../secrets/sealed-stream.js";
import { Problem } from "../spec/problem.js";
import { ask, change, type DatabaseDoor, WORK_TIME } from "./database-door.js";
import { databaseState } from "./dump.js";

/** Data bases that a restoring makes and keeps, by the backup it restores. */
export interface RestoreNames {
  /** The one that is being filled. */
  readonly coming: string;
  /** The one that was in use before. */
  readonly before: string;
}

/** How far the restoring of a backup has come, as the server tells. */
export type RestoreStage = "nothing" | "filling" | "filled" | "swapped";

/** Longest name of a data base: PostgreSQL cuts what is longer. */
const LONGEST_NAME = 63;

/** @param id - of the backup */
export function restoreNames(name: string, id: string): RestoreNames {
  const suffix = id.toLowerCase().replaceAll("-", "_");
  const named = (word: string) => `${name}_${word}_${suffix}`;
  const names = { coming: named("restore"), before: named("before") };
  if (names.coming.length <= LONGEST_NAME) return names;
  throw new RangeError(`${name} is too long to be kept beside another data base`);
}

/** Asks how far an earlier run of the same command came, so that it goes on there. */
export async function restoreStage(door: DatabaseDoor, id: string): Promise<RestoreStage> {
  const { coming, before } = restoreNames(door.name, id);
  const told = await ask(
    door,
    `select datname, coalesce(shobj_description(oid, 'pg_database'), '') from pg_database where datname in ('${coming}', '${before}')`,
    "postgres",
  );
  const comments = new Map(told.split("\n").map((line) => line.split("|") as [string, string]));
  if (comments.has(before)) return "swapped";
  const comment = comments.get(coming);
  if (comment === undefined) return "nothing";
  return comment === wholeMark(id) ? "filled" : "filling";
}

/**
 * Makes sure that this role can do what a restoring needs, before anything changes.
 * @throws Problem `restore/may-not-create`
 */
export async function assertMayRestore(door: DatabaseDoor): Promise<void> {
  const may = await ask(door, "select rolcreatedb or rolsuper from pg_roles where rolname = current_user", "postgres");
  if (may.trim() === "t") return;
  throw new Problem({
    code: "restore/may-not-create",
    says: `the role ${door.owner} may not make the data base into which the backup is restored`,
    instead: `give it that right: ALTER ROLE ${door.owner} CREATEDB; nothing was changed`,
  });
}

/**
 * Fills a new data base from a dump, beside the one in use. One that a killed run has half filled is begun again.
 * @param schema - number that its last migration must have
 * @throws Problem `restore/other-schema`
 */
export async function fillDatabase(door: DatabaseDoor, id: string, dump: Bytes, schema: number): Promise<void> {
  const { host, prelude, owner } = door;
  const { coming } = restoreNames(door.name, id);
  await change(
    door,
    "make a data base for the backup",
    `drop database if exists ${coming};\ncreate database ${coming} owner ${owner} encoding 'UTF8' template template0;\nrevoke all on database ${coming} from public;`,
    "postgres",
  );
  const script = `${prelude}\nclient pg_restore --no-owner --no-privileges --role ${owner} --exit-on-error --dbname ${coming} 1>&2`;
  await host.change("fill the data base", script, { input: Readable.from(dump), timeout: WORK_TIME });
  const state = await databaseState(door, coming);
  if (state.schema !== schema) throw otherSchema(state.schema, schema);
  await change(door, "mark it as whole", `comment on database ${coming} is '${wholeMark(id)}'`, "postgres");
}

/**
 * Puts the filled data base in the place of the one in use, in one transaction: Harbor finds either the old rows or the
 * restored ones. The old one stays under another name.
 */
export async function swapDatabases(door: DatabaseDoor, id: string): Promise<void> {
  const { coming, before } = restoreNames(door.name, id);
  const { name } = door;
  // A name cannot be changed while somebody is logged in; one that comes in between fails the transaction, and that is tried again.
  const statements = `
select pg_terminate_backend(pid) from pg_stat_activity where datname in ('${name}', '${coming}') and pid <> pg_backend_pid() \\g /dev/null
begin;
alter database ${name} rename to ${before};
alter database ${coming} rename to ${name};
commit;`;
  await change(door, "put the restored data base in the place of the other", statements, "postgres");
}

/** Removes the data base that was in use before a backup was restored. */
export async function forgetBefore(door: DatabaseDoor, id: string): Promise<void> {
  const { before } = restoreNames(door.name, id);
  await change(door, "remove the data base from before", `drop database if exists ${before}`, "postgres");
}

function wholeMark(id: string): string {
  return `harborwright: restored from ${id}`;
}

function otherSchema(found: number, wanted: number): Problem {
  return new Problem({
    code: "restore/other-schema",
    says: `the restored data base has schema ${found}, and the backup tells of ${wanted}`,
    instead: "the data base in use was not touched; take another backup",
  });
}
