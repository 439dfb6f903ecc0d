import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import type { Host } from "../hosts/host.js";
import { quoted } from "../hosts/quote.js";
import { Problem } from "../spec/problem.js";
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
  /** Whether the tools of PostgreSQL may be installed where they are missing. */
  readonly install: boolean;
  /** Reference of an image with these tools, for hosts that have it. @default - none has */
  readonly image?: string;
}

/** Milliseconds that a package manager may take. */
const INSTALL_TIME = 600_000;
/** Rounds that PostgreSQL itself takes (scram_iterations). */
const ROUNDS = 4096;
const SALT_BYTES = 16;
const MISSING = 3;

/**
 * Makes a role that owns a data base, from a host that reaches it, or gives the one that is there its password. The
 * connection is encrypted. Done twice it changes nothing but the salt of the password.
 *
 * PostgreSQL writes statements like this one to its log, so it is given what it would make of the password itself, and
 * never hears the password.
 * @throws Problem `services/no-psql`, `services/owner-not-made`
 */
export async function ensureOwner(host: Host, database: OwnedDatabase): Promise<void> {
  if (database.install)
    await host.change("install the tools of PostgreSQL", INSTALL(database), { timeout: INSTALL_TIME });
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

/** Nothing where the tools or an image with them are there. */
const INSTALL = ({ image }: OwnedDatabase) => `
${toolsOf(image)}
if [ -n "$tools" ]; then exit 0; fi
if command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get -q update 1>&2
  apt-get -q -y --no-install-recommends install postgresql-client 1>&2
elif command -v dnf >/dev/null; then
  dnf -q -y install postgresql 1>&2
fi`;

function toolsOf(image: string | undefined): string {
  const inspected = image === undefined ? "false" : `docker image inspect ${quoted(image)} >/dev/null 2>&1`;
  return `if command -v psql >/dev/null; then tools=host; elif ${inspected}; then tools=image; else tools=; fi`;
}

/** The password is the first line of standard input: no list of processes and no container's description shows it. */
function script({ host, port, name, administrator, image }: OwnedDatabase): string {
  const words = ["psql", "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--output", "/dev/null"].join(" ");
  const place = `host=${host} port=${port} dbname=${name} user=${administrator.user} sslmode=require connect_timeout=15`;
  const inner = `IFS= read -r PGPASSWORD; export PGPASSWORD; PATH=$PATH:/usr/pgsql/18/bin:/usr/pgsql/15/bin:/usr/pgsql/14/bin; exec ${words} "$0"`;
  const container = `docker run --rm --interactive --pull never --network host --log-driver none --cap-drop ALL --read-only --entrypoint sh ${quoted(image ?? "")} -c ${quoted(inner)} ${quoted(place)}`;
  return `
${toolsOf(image)}
case "$tools" in
  host) sh -c ${quoted(inner)} ${quoted(place)} ;;
  image) ${container} ;;
  *) echo "there is no psql" >&2; exit ${MISSING} ;;
esac`;
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

/** What PostgreSQL keeps of a password (RFC 5803). Ours has no letter that RFC 4013 would change. */
function scramVerifier(password: Secret, salt: Buffer): string {
  const salted = pbkdf2Sync(password.reveal(), salt, ROUNDS, 32, "sha256");
  const keyed = (what: string) => createHmac("sha256", salted).update(what).digest();
  const stored = createHash("sha256").update(keyed("Client Key")).digest("base64");
  return `SCRAM-SHA-256$${ROUNDS}:${salt.toString("base64")}$${stored}:${keyed("Server Key").toString("base64")}`;
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
