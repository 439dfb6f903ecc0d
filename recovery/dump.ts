import type { Bytes } from "../secrets/sealed-stream.js";
import { Problem } from "../spec/problem.js";
import { ask, type DatabaseDoor, psql, WORK_TIME } from "./database-door.js";

/** What a data base tells of itself. */
export interface DatabaseState {
  /** Number of the last migration: 180. */
  readonly schema: number;
  /** Whether that migration was interrupted. */
  readonly dirty: boolean;
  /** Version of PostgreSQL: 15.14. */
  readonly server: string;
  /** Bytes on the server's disk. */
  readonly size: number;
}

/**
 * Digest and size of each blob that the artifacts of Harbor need. Layers that a registry elsewhere serves are not
 * among them, nor is what only waits for garbage collection.
 */
const NEEDED_BLOBS = `
select needed.digest, coalesce(max(blob.size), 0)
from (select digest from artifact union select digest_blob from artifact_blob) as needed
left join blob on blob.digest = needed.digest
where coalesce(blob.content_type, '') not like '%.foreign.%'
group by needed.digest order by needed.digest collate "C"`;

/** @throws Problem `backup/no-schema`, `backup/dirty-schema` when Harbor has not made it, or a migration broke off */
export async function databaseState(door: DatabaseDoor, database = door.name): Promise<DatabaseState> {
  const made = await ask(door, "select to_regclass('public.schema_migrations') is not null", database);
  if (made.trim() !== "t") throw noSchema(database);
  const told = await ask(
    door,
    `select version, dirty, current_setting('server_version'), pg_database_size(current_database()) from schema_migrations`,
    database,
  );
  const [schema, dirty, server = "", size] = told.trim().split("|");
  const state = {
    schema: Number(schema),
    dirty: dirty === "t",
    server: server.split(" ")[0] ?? "",
    size: Number(size),
  };
  if (state.dirty) throw dirtySchema(database, state.schema);
  return state;
}

/** All of the data base at one moment, as `pg_restore` reads it. Harbor goes on meanwhile. */
export function dumpDatabase({ host, prelude, name }: DatabaseDoor): Bytes {
  const script = `${prelude}\nclient pg_dump --format custom --no-owner --no-privileges --dbname ${name} </dev/null`;
  return host.stream(script, { timeout: WORK_TIME });
}

/** A line `sha256:… size` for each blob that the data base needs in the storage, sorted. */
export function neededBlobs({ host, prelude, name }: DatabaseDoor, database = name): Bytes {
  const script = `${prelude}\n${psql(database)} --field-separator ' '`;
  return host.stream(script, { input: `${NEEDED_BLOBS};\n`, timeout: WORK_TIME });
}

function noSchema(database: string): Problem {
  return new Problem({
    code: "backup/no-schema",
    says: `the data base ${database} holds no Harbor`,
    instead: "a Harbor that has never run has nothing to keep: run `harborwright up` first",
  });
}

function dirtySchema(database: string, schema: number): Problem {
  return new Problem({
    code: "backup/dirty-schema",
    says: `the migration of the data base ${database} to schema ${schema} broke off`,
    instead: "restore the backup that was made before it: harborwright restore",
  });
}
