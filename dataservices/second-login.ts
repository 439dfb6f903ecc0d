import { randomBytes } from "node:crypto";
import { HARBOR_DATABASE, ROTATING_USER } from "../release/data-context.js";
import { Problem } from "../spec/problem.js";
import { scramVerifier } from "../spec/scram-verifier.js";
import type { Secret } from "../spec/secret.js";
import type { DataCluster } from "./cluster.js";
import { asSuperuser, logsIn } from "./database-session.js";
import { primaryOf } from "./postgresql.js";

const { name, user } = HARBOR_DATABASE;
const SALT_BYTES = 16;
/** Seconds after which each PostgreSQL knows a rule that its files just got: Patroni looks every 2 s. */
const PATIENCE = 30;

/**
 * Sees to it that Harbor can log in by a second name while the password of the first is being changed.
 * @returns whether something changed; never when the password is not being changed
 * @throws Problem `data-services/second-login-refused`
 */
export async function ensureSecondLogin(cluster: DataCluster): Promise<boolean> {
  const { comingDatabasePassword: password } = cluster.context.secrets;
  if (password === undefined) return false;
  const primary = await primaryOf(cluster);
  const login = { user: ROTATING_USER, password };
  if (await logsIn(cluster, primary, login)) return false;
  const statements = secondLoginStatements(password, randomBytes(SALT_BYTES));
  await asSuperuser(cluster, primary, { what: "make Harbor's second login", statements, database: name });
  if (await logsIn(cluster, primary, login, PATIENCE)) return true;
  throw new Problem({
    code: "data-services/second-login-refused",
    says: `PostgreSQL of ${primary.node.name} does not let Harbor in by its second name, ${ROTATING_USER}`,
    instead:
      "no node of Harbor was changed; bring the data services up to date on all nodes (up, without --without), then give the same command again",
  });
}

/** Takes the second login away. Nobody must need it any more; whoever is still there is sent away. */
export async function removeSecondLogin(cluster: DataCluster): Promise<void> {
  const primary = await primaryOf(cluster);
  const statements = noSecondLoginStatements();
  await asSuperuser(cluster, primary, { what: "remove Harbor's second login", statements, database: name });
}

/**
 * What psql is given. The role is there whole or not at all. Its sessions are the first role's from their beginning, so
 * that what they make is of the role that stays.
 */
export function secondLoginStatements(password: Secret, salt: Buffer): string {
  return `
begin;
select 'create role ${ROTATING_USER}' where not exists (select from pg_roles where rolname = '${ROTATING_USER}') \\gexec
alter role ${ROTATING_USER} login inherit password '${scramVerifier(password, salt)}';
grant ${user} to ${ROTATING_USER};
alter role ${ROTATING_USER} set role = '${user}';
commit;
`;
}

/** What psql is given. What the role owns against all expectation is kept. */
export function noSecondLoginStatements(): string {
  const whereThere = `where exists (select from pg_roles where rolname = '${ROTATING_USER}')`;
  return `
select 'alter role ${ROTATING_USER} nologin' ${whereThere} \\gexec
select pg_terminate_backend(pid) from pg_stat_activity where usename = '${ROTATING_USER}' \\g /dev/null
select 'reassign owned by ${ROTATING_USER} to ${user}' ${whereThere} \\gexec
select 'drop owned by ${ROTATING_USER}' ${whereThere} \\gexec
drop role if exists ${ROTATING_USER};
`;
}
