import { HARBOR_DATABASE } from "../release/data-context.js";
import { DATA_PATHS, DATA_RUN } from "../release/data-layout.js";
import type { DataCluster } from "./cluster.js";
import { primaryOf } from "./postgresql.js";

const { name, user } = HARBOR_DATABASE;

/**
 * Sees to it that Harbor's role and its data base exist, and that its password is the one in the secret store.
 * @returns whether something changed
 */
export async function ensureHarborDatabase(cluster: DataCluster): Promise<boolean> {
  const { host, node } = await primaryOf(cluster);
  const password = cluster.context.secrets.databasePassword.reveal();
  const port = cluster.context.settings.ports.postgresql;
  const target = `host=${node.address} port=${port} dbname=${name} user=${user} sslmode=verify-ca sslrootcert=${DATA_PATHS.authority} connect_timeout=5`;
  const login = `
read -r PGPASSWORD
export PGPASSWORD
if psql --no-psqlrc --quiet '${target}' --command 'select 1' >/dev/null 2>&1; then echo yes; fi`;
  if ((await host.read(login, { input: `${password}\n` })).trim() === "yes") return false;
  // The statement holds the password: an error must not write it to the log.
  const statements = `
set log_min_error_statement = panic;
set log_statement = none;
select 'create role ${user} login' where not exists (select from pg_roles where rolname = '${user}') \\gexec
alter role ${user} password '${password}';
select 'create database ${name} owner ${user} encoding ''UTF8'' template template0' where not exists (select from pg_database where datname = '${name}') \\gexec
alter database ${name} owner to ${user};
revoke all on database ${name} from public;
`;
  const script = `runuser -u postgres -- psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --host /run/${DATA_RUN.postgresql} --port ${port} --dbname postgres 1>&2`;
  await host.change("make Harbor's role and data base", script, { input: statements });
  return true;
}
