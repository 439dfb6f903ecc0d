import { HARBOR_DATABASE } from "../release/data-context.js";
import { DATA_PATHS, DATA_RUN } from "../release/data-layout.js";
import type { Secret } from "../spec/secret.js";
import type { DataCluster, DataPlace } from "./cluster.js";

/** A role that comes with a password. */
export interface DatabaseLogin {
  readonly user: string;
  readonly password: Secret;
}

/**
 * Whether a role is let in to Harbor's data base as Harbor would be: over TLS, with its password, by the node's address.
 * @param seconds - how long it is tried. @default - once
 */
export async function logsIn(
  { context }: DataCluster,
  { host, node }: DataPlace,
  { user, password }: DatabaseLogin,
  seconds = 0,
): Promise<boolean> {
  const target = `host=${node.address} port=${context.settings.ports.postgresql} dbname=${HARBOR_DATABASE.name} user=${user} sslmode=verify-ca sslrootcert=${DATA_PATHS.authority} connect_timeout=5`;
  const script = `
read -r PGPASSWORD
export PGPASSWORD
tries=${seconds}
until psql --no-psqlrc --quiet '${target}' --command 'select 1' >/dev/null 2>&1; do
  [ "$tries" -gt 0 ] || exit 0
  tries=$((tries - 1))
  sleep 1
done
echo yes`;
  const options = { input: `${password.reveal()}\n`, timeout: (6 * seconds + 60) * 1000 };
  return (await host.read(script, options)).trim() === "yes";
}

/** Statements for the superuser, whom only root of the primary's host can be. */
export interface SuperuserWork {
  /** What they do, in a user's words. */
  readonly what: string;
  readonly statements: string;
  readonly database: string;
}

/** Runs statements, in which an error must not lead to the log: they hold what passwords are known by. */
export async function asSuperuser(
  { context }: DataCluster,
  { host }: DataPlace,
  { what, statements, database }: SuperuserWork,
): Promise<void> {
  const port = context.settings.ports.postgresql;
  const script = `runuser -u postgres -- psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --host /run/${DATA_RUN.postgresql} --port ${port} --dbname ${database} 1>&2`;
  await host.change(what, script, { input: `${UNLOGGED}${statements}` });
}

const UNLOGGED = `
set log_min_error_statement = panic;
set log_statement = none;
`;
