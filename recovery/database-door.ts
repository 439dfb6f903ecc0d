import type { Host } from "../hosts/host.js";
import { DATA_RUN } from "../release/data-layout.js";
import { HARBOR_PATHS } from "../release/harbor-layout.js";
import { Problem } from "../spec/problem.js";

/** A way to Harbor's data base from one host. */
export interface DatabaseDoor {
  /** The host from which it is asked. */
  readonly host: Host;
  /** Name of the data base. */
  readonly name: string;
  /** Role that owns it. */
  readonly owner: string;
  /** Shell that defines `client PROGRAM ARGUMENT…`: a program of PostgreSQL, logged in. */
  readonly prelude: string;
}

/** Where a data base is and whose it is. */
export interface DatabaseName {
  readonly name: string;
  readonly user: string;
}

/** Milliseconds for a question, and for work on all rows. */
export const QUESTION_TIME = 60_000;
export const WORK_TIME = 6 * 3_600_000;

/**
 * The way to a data base that the nodes carry: on its primary, past passwords, as the superuser that only root of that
 * host can be.
 * @param hosts - those that carry it
 * @throws Problem `data-services/no-primary`
 */
export async function ownDatabase(
  hosts: readonly Host[],
  port: number,
  { name, user }: DatabaseName,
): Promise<DatabaseDoor> {
  const prelude = `cd /\nclient() { program=$1; shift; runuser -u postgres -- "$program" --host /run/${DATA_RUN.postgresql} --port ${port} "$@"; }`;
  const asked = `${prelude}
if client psql --no-psqlrc --quiet --tuples-only --no-align --dbname postgres --command 'select not pg_is_in_recovery()' 2>/dev/null | grep -qx t; then echo yes; fi`;
  const answers = await Promise.all(
    hosts.map(async (host) => ({ host, primary: (await host.read(asked)).trim() === "yes" })),
  );
  const found = answers.find(({ primary }) => primary);
  if (found !== undefined) return { host: found.host, name, owner: user, prelude };
  throw new Problem({
    code: "data-services/no-primary",
    says: "no PostgreSQL of this environment is the primary",
    instead: "look at the logs of harborwright-postgresql and harborwright-etcd on the nodes",
  });
}

/** The way to a data base that is elsewhere: from a node, as Harbor's own role, with the tools of Harbor's release. */
export function databaseElsewhere(host: Host, { name, user }: DatabaseName): DatabaseDoor {
  return { host, name, owner: user, prelude: `client() { ${HARBOR_PATHS.program} database "$@"; }` };
}

/** Shell: psql that reads its statements from standard input and prints bare values. */
export function psql(database: string): string {
  return `client psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --dbname ${database}`;
}

/** Asks the data base, or another one of the same server. */
export function ask(door: DatabaseDoor, statement: string, database = door.name): Promise<string> {
  return door.host.read(`${door.prelude}\n${psql(database)}`, { input: `${statement}\n`, timeout: QUESTION_TIME });
}

/** Changes it. @param what - as progress and journal show it */
export async function change(
  door: DatabaseDoor,
  what: string,
  statement: string,
  database = door.name,
  timeout = QUESTION_TIME,
): Promise<void> {
  await door.host.change(what, `${door.prelude}\n${psql(database)} 1>&2`, { input: `${statement}\n`, timeout });
}
