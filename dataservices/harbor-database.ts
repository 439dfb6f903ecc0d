import { randomBytes } from "node:crypto";
import { HARBOR_DATABASE } from "../release/data-context.js";
import { scramVerifier } from "../spec/scram-verifier.js";
import type { Secret } from "../spec/secret.js";
import type { DataCluster } from "./cluster.js";
import { asSuperuser, logsIn } from "./database-session.js";
import { primaryOf } from "./postgresql.js";

const { name, user } = HARBOR_DATABASE;
const SALT_BYTES = 16;

/**
 * Sees to it that Harbor's role and its data base exist, and that its password is the one in the secret store.
 * @returns whether something changed
 */
export async function ensureHarborDatabase(cluster: DataCluster): Promise<boolean> {
  const primary = await primaryOf(cluster);
  const password = cluster.context.secrets.databasePassword;
  if (await logsIn(cluster, primary, { user, password })) return false;
  const statements = harborDatabaseStatements(password, randomBytes(SALT_BYTES));
  await asSuperuser(cluster, primary, { what: "make Harbor's role and data base", statements, database: "postgres" });
  return true;
}

/** What psql is given. Done twice it changes nothing but the salt of the password. */
export function harborDatabaseStatements(password: Secret, salt: Buffer): string {
  return `
select 'create role ${user} login' where not exists (select from pg_roles where rolname = '${user}') \\gexec
alter role ${user} password '${scramVerifier(password, salt)}';
select 'create database ${name} owner ${user} encoding ''UTF8'' template template0' where not exists (select from pg_database where datname = '${name}') \\gexec
alter database ${name} owner to ${user};
revoke all on database ${name} from public;
`;
}
