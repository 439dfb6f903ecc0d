import { randomBytes } from "node:crypto";
import type { Host } from "../hosts/host.js";
import { quoted } from "../hosts/quote.js";
import { Problem } from "../spec/problem.js";
import { scramVerifier } from "../spec/scram-verifier.js";
import type { Secret } from "../spec/secret.js";
import type { Administrator } from "./amazon-services.js";

/** A role that shall own a data base, and the way to whoever can make it. */
export interface OwnedDatabase {
  readonly host: string;
  readonly port: number;
  /** Name of the data base. It is there already. */
  readonly name: string;
  readonly owner: string;
  readonly password: Secret;
  readonly administrator: Administrator;
  /** PEM of the CA that the data base must prove itself by. @default - the connection is encrypted for whoever answers */
  readonly authority?: string;
  /** Whether the tools of PostgreSQL may be installed where they are missing. */
  readonly install: boolean;
}

/** Milliseconds that a package manager may take. */
const INSTALL_TIME = 600_000;
const SALT_BYTES = 16;

/**
 * Makes a role that owns a data base, from a host that reaches it, or gives the one that is there its password. The
 * connection is encrypted. Done twice it changes nothing but the salt of the password.
 *
 * PostgreSQL writes statements like this one to its log, so it is given what it would make of the password itself, and
 * never hears the password.
 * @throws Problem `services/no-psql`, `services/owner-not-made`
 */
export async function ensureOwner(host: Host, database: OwnedDatabase): Promise<void> {
  if (database.install) await host.change("install the tools of PostgreSQL", INSTALL, { timeout: INSTALL_TIME });
  const { administrator } = database;
  try {
    await host.change(`make ${database.owner} own the data base ${database.name}`, script(database), {
      input: `${administrator.password.reveal()}\n${statements(database, randomBytes(SALT_BYTES))}`,
      timeout: 60_000,
    });
  } catch (error) {
    if (!(error instanceof Problem) || error.details.code !== "host/command-failed") throw error;
    throw explained(error, host.node.name, database);
  }
}

/** Nothing where they are there. */
const INSTALL = `
if command -v psql >/dev/null; then exit 0; fi
if command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get -q update 1>&2
  apt-get -q -y --no-install-recommends install postgresql-client 1>&2
elif command -v dnf >/dev/null; then
  dnf -q -y install postgresql 1>&2
fi`;

/** The password is the first line of standard input: no list of processes shows it. */
function script({ host, port, name, administrator, authority }: OwnedDatabase): string {
  const place = `host=${host} port=${port} dbname=${name} user=${administrator.user} connect_timeout=15`;
  return `
command -v psql >/dev/null || { echo "there is no psql" >&2; exit 1; }
${trust(authority)}
IFS= read -r PGPASSWORD
export PGPASSWORD
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --output /dev/null ${quoted(place)}" $tls"`;
}

/** Sets `tls` to what psql is told of it. The CA goes with the script, into a file that ends with it. */
function trust(authority: string | undefined): string {
  if (authority === undefined) return "tls=sslmode=require";
  return `authority=$(mktemp /run/harborwright-authority.XXXXXX)
trap 'rm -f "$authority"' EXIT
cat > "$authority" <<'AUTHORITY'
${authority.trim()}
AUTHORITY
tls="sslmode=verify-full sslrootcert=$authority"`;
}

/**
 * Names are ours, of letters and "_" alone. Whoever is no superuser must be a member of the new owner to give it a data
 * base away.
 */
function statements({ name, owner, password }: OwnedDatabase, salt: Buffer): string {
  const verifier = scramVerifier(password, salt);
  return `select 'create role "${owner}" login' where not exists (select from pg_roles where rolname = '${owner}') \\gexec
alter role "${owner}" login password '${verifier}';
grant "${owner}" to current_user;
alter database "${name}" owner to "${owner}";
`;
}

function explained({ details }: Problem, node: string, { host, owner, name }: OwnedDatabase): Problem {
  if (/there is no psql/.test((details.log ?? []).join("\n"))) {
    return new Problem({
      ...details,
      code: "services/no-psql",
      says: `${node} has no psql, with which ${owner} is made the owner of the data base ${name}`,
      instead: "install PostgreSQL's client on that node (postgresql-client), then give the same command again",
    });
  }
  return new Problem({
    ...details,
    code: "services/owner-not-made",
    says: `${node} could not make ${owner} the owner of the data base ${name} at ${host}`,
    instead: "what psql said is below; mend it, then give the same command again",
  });
}
