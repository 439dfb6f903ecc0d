import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { $ } from "zx";
import { type DataCluster, dataCluster } from "../../dataservices/cluster.js";
import { ensureHarborDatabase } from "../../dataservices/harbor-database.js";
import { ensureSecondLogin, removeSecondLogin } from "../../dataservices/second-login.js";
import type { Host } from "../../hosts/host.js";
import { framed, remoteCommand } from "../../hosts/remote-shell.js";
import { DATA_PATHS, DATA_RUN } from "../../release/data-layout.js";
import { postgresqlView } from "../../release/views/postgresql.js";
import { Secret } from "../../spec/secret.js";
import { dataContext } from "../release/data-example.js";
import { PostgresqlServer } from "./postgresql-server.js";

const NODE = { name: "node-1", address: "127.0.0.1" };
const OLD = "TheOldOne23456789";
const COMING = "TheComingOne23456789";
const SECOND = "harbor_rotating";

const example = dataContext();
const nodes = example.nodes.map((node) => (node.name === NODE.name ? NODE : node));
let server: PostgresqlServer;

/** A server that lets in whom the rules of a node let in. */
beforeAll(async () => {
  const { hostRules } = postgresqlView({ ...example, nodes }, NODE);
  server = await PostgresqlServer.start("database-rotation", {
    superuser: "postgres",
    rules: ["local all postgres trust", ...hostRules, "host all all all reject"],
  });
  await writeFile(join(server.folder, "ca.crt"), server.authority);
}, 60_000);
afterAll(() => server.stop());

/** The data services of a node, told of these passwords. */
function cluster(password: string, coming?: string): DataCluster {
  const { settings, secrets } = example;
  const context = {
    ...example,
    nodes,
    settings: { ...settings, ports: { ...settings.ports, postgresql: server.port } },
    secrets: {
      ...secrets,
      databasePassword: new Secret(password),
      ...(coming === undefined ? {} : { comingDatabasePassword: new Secret(coming) }),
    },
  };
  return dataCluster(context, [host]);
}

/** Runs a script as SSH would run it, with this server's places in place of a node's. */
async function run(script: string, input = ""): Promise<string> {
  const placed = script
    .replaceAll(`/run/${DATA_RUN.postgresql}`, server.folder)
    .replaceAll(DATA_PATHS.authority, join(server.folder, "ca.crt"));
  return (await $({ quiet: true, input: `${framed(placed)}${input}` })`sh -c ${remoteCommand("root", 60)}`).stdout;
}

const unused = () => {
  throw new Error("nothing of it is used");
};

/** This machine. Patroni, which is asked for the primary alone, says that it is here. */
const host: Host = {
  node: {
    site: "here",
    name: NODE.name,
    address: NODE.address,
    privateAddress: NODE.address,
    ssh: { user: "root", port: 22 },
  },
  dial: () => {},
  read: async (script, { input } = {}) => (script.includes("/primary") ? "yes\n" : run(script, `${input ?? ""}`)),
  change: (_, script, { input } = {}) => run(script, `${input ?? ""}`),
  stream: unused,
  converse: unused,
  close: async () => {},
};

async function ask(user: string, password: string, statement: string): Promise<string> {
  const place = `host=127.0.0.1 port=${server.port} dbname=registry user=${user} sslmode=require`;
  const asked = $({ quiet: true, nothrow: true, env: { ...process.env, PGPASSWORD: password } });
  const said = await asked`psql --no-psqlrc --quiet --tuples-only --no-align --command ${statement} ${place}`;
  return said.exitCode === 0 ? said.stdout.trim() : said.stderr;
}
const refused = expect.stringContaining("password authentication failed");
const WHO = "select session_user || ' as ' || current_user";

test("a password is changed while somebody always has one that works, and nothing is left of the second login", async () => {
  expect(await ensureHarborDatabase(cluster(OLD))).toBe(true);
  expect(await ensureHarborDatabase(cluster(OLD))).toBe(false);
  expect(await ensureSecondLogin(cluster(OLD))).toBe(false);
  expect(await ask("harbor", OLD, "create table public.before (id int)")).toBe("");

  expect(await ensureSecondLogin(cluster(OLD, COMING))).toBe(true);
  expect(await ensureSecondLogin(cluster(OLD, COMING))).toBe(false);
  expect(await ask(SECOND, COMING, WHO)).toBe(`${SECOND} as harbor`);
  expect(await ask(SECOND, COMING, "create table public.meanwhile (id int); drop table public.before")).toBe("");
  expect(await ask("harbor", OLD, "select tableowner from pg_tables where tablename = 'meanwhile'")).toBe("harbor");

  expect(await ensureHarborDatabase(cluster(COMING))).toBe(true);
  expect(await ask("harbor", OLD, "select 1")).toEqual(refused);
  expect(await ask("harbor", COMING, WHO)).toBe("harbor as harbor");
  expect(await ask(SECOND, COMING, WHO)).toBe(`${SECOND} as harbor`);

  const left = ask(SECOND, COMING, "select pg_sleep(60)");
  await expect
    .poll(() => server.asSuperuser(`select count(*) from pg_stat_activity where usename = '${SECOND}'`))
    .toBe("1");
  await removeSecondLogin(cluster(COMING));
  await removeSecondLogin(cluster(COMING));
  expect(await left).toContain("terminating connection");
  expect(await ask(SECOND, COMING, "select 1")).toContain("pg_hba.conf rejects connection");
  expect(await server.asSuperuser("select rolname from pg_roles where rolname like 'harbor%'")).toBe("harbor");
  expect(await ask("harbor", COMING, "select tableowner from pg_tables where tablename = 'meanwhile'")).toBe("harbor");
}, 60_000);

test("a role that is no member of Harbor's is not let in, and the log knows no password", async () => {
  await ensureHarborDatabase(cluster(OLD));
  await server.asSuperuser("create role stranger login password 'of mine'");
  expect(await ask("stranger", "of mine", "select 1")).toContain("pg_hba.conf rejects connection");
  const log = await readFile(server.log, "utf8");
  expect(log).toContain("set log_statement = none");
  expect(log).not.toMatch(new RegExp(`${OLD}|${COMING}|SCRAM-SHA`));
});
