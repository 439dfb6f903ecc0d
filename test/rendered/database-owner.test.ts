import { chmod, chown, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { $ } from "zx";
import type { Host } from "../../hosts/host.js";
import { framed, remoteCommand } from "../../hosts/remote-shell.js";
import { ensureOwner, type OwnedDatabase } from "../../operations/database-owner.js";
import { Problem } from "../../spec/problem.js";
import { Secret } from "../../spec/secret.js";
import { provide } from "../../supply/machine.js";
import { silentProgress } from "../../supply/progress.js";
import { serverIdentity } from "./certificates.js";
import { newFolder } from "./placed.js";
import { freePorts } from "./ports.js";

/** Where Debian keeps the programs of a server. */
const VERSIONS = "/usr/lib/postgresql";
const SERVER = { program: "pg_ctlcluster", package: "postgresql" };

const quiet = $({ quiet: true });
let programs: string;
let folder: string;
let port: number;
let authority: string;

/** A server like that of a cloud: TLS for everybody, and an administrator who is no superuser. */
beforeAll(async () => {
  await provide([SERVER], silentProgress);
  const versions = (await readdir(VERSIONS)).sort((one, other) => Number(other) - Number(one));
  programs = join(VERSIONS, versions[0] ?? "", "bin");
  folder = await newFolder("database-owner");
  port = (await freePorts(1))[0] ?? 0;
  const [user, group] = (await quiet`id -u postgres; id -g postgres`).stdout.trim().split("\n").map(Number);
  await chmod(folder, 0o755);
  await chown(folder, user ?? 0, group ?? 0);
  const cluster = join(folder, "cluster");
  await quiet`runuser -u postgres -- ${programs}/initdb --pgdata ${cluster} --username boss --auth-local trust --auth-host scram-sha-256`;
  const { ca, chain, key } = await serverIdentity(["localhost"]);
  authority = ca;
  for (const [name, text] of [
    ["server.crt", chain],
    ["server.key", key.reveal()],
  ] as const) {
    await writeFile(join(cluster, name), text, { mode: 0o600 });
    await chown(join(cluster, name), user ?? 0, group ?? 0);
  }
  await writeFile(join(cluster, "pg_hba.conf"), "local all boss trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n");
  const options = `-c ssl=on -c listen_addresses=127.0.0.1 -c port=${port} -c unix_socket_directories=${folder} -c fsync=off -c log_statement=all`;
  await quiet`runuser -u postgres -- ${programs}/pg_ctl --pgdata ${cluster} --wait --log ${folder}/log --options ${options} start`;
  await asBoss(
    "create role postgres login createdb createrole password 'of the week'; create database registry owner postgres",
  );
}, 60_000);

afterAll(() => quiet`runuser -u postgres -- ${programs}/pg_ctl --pgdata ${folder}/cluster --mode immediate stop`);

async function asBoss(...statements: readonly string[]): Promise<string> {
  const commands = statements.flatMap((text) => text.split("; ")).flatMap((text) => ["--command", text]);
  return (
    await quiet`psql --no-psqlrc --tuples-only --no-align --host ${folder} --port ${port} --username boss --dbname postgres ${commands}`
  ).stdout.trim();
}

/** This machine, its scripts run as SSH would run them. */
const host: Host = {
  node: {
    site: "here",
    name: "node-1",
    address: "127.0.0.1",
    privateAddress: "127.0.0.1",
    ssh: { user: "root", port: 22 },
  },
  dial: () => {},
  read: () => Promise.reject(new Error("nothing is asked")),
  stream: () => {
    throw new Error("nothing is read");
  },
  converse: () => {
    throw new Error("nothing is spoken");
  },
  close: async () => {},
  change: async (_, script, { input } = {}) => {
    const done = await $({
      quiet: true,
      nothrow: true,
      input: `${framed(script)}${input}`,
    })`sh -c ${remoteCommand("root", 60)}`;
    if (done.exitCode === 0) return done.stdout;
    const log = done.stderr.split("\n");
    throw new Problem({ code: "host/command-failed", says: "a script failed", instead: "look", log });
  },
};

function owned(changes: Partial<OwnedDatabase> = {}): OwnedDatabase {
  return {
    host: "127.0.0.1",
    port,
    name: "registry",
    owner: "harbor",
    password: new Secret("Stays23456789"),
    administrator: { user: "postgres", password: new Secret("of the week") },
    install: false,
    ...changes,
  };
}

async function asHarbor(password: string, statement: string) {
  const place = `host=127.0.0.1 port=${port} dbname=registry user=harbor sslmode=require`;
  return $({
    quiet: true,
    nothrow: true,
    env: { ...process.env, PGPASSWORD: password },
  })`psql --no-psqlrc --tuples-only --no-align --command ${statement} ${place}`;
}

test("Harbor's role owns the data base, logs in with its own password, and the log knows no password", async () => {
  await ensureOwner(host, owned());
  expect(await asBoss("select pg_get_userbyid(datdba) from pg_database where datname = 'registry'")).toBe("harbor");
  expect((await asHarbor("Stays23456789", "create table public.projects (id int)")).exitCode).toBe(0);
  expect(await asBoss("select rolsuper or rolcreaterole or rolcreatedb from pg_roles where rolname = 'harbor'")).toBe(
    "f",
  );
  const { stdout: log } = await quiet`cat ${folder}/log`;
  expect(log).toContain("alter role");
  expect(log).not.toContain("Stays23456789");
});

test("done twice nothing changes, and another password takes the place of the first", async () => {
  await ensureOwner(host, owned());
  await ensureOwner(host, owned({ password: new Secret("Another23456789") }));
  expect((await asHarbor("Stays23456789", "select 1")).stderr).toContain("password authentication failed");
  expect((await asHarbor("Another23456789", "select 1")).stdout.trim()).toBe("1");
});

test("a data base that cannot prove by the CA who it is hears no password", async () => {
  await ensureOwner(host, owned({ host: "localhost", authority }));
  const { ca: another } = await serverIdentity(["localhost"]);
  await expect(ensureOwner(host, owned({ host: "localhost", authority: another }))).rejects.toMatchObject({
    details: {
      code: "services/owner-not-made",
      log: expect.arrayContaining([expect.stringMatching(/certificate verify failed/)]),
    },
  });
  await expect(ensureOwner(host, owned({ authority }))).rejects.toThrow();
});

test("what psql refuses is told, without a password", async () => {
  const wrong = owned({ administrator: { user: "postgres", password: new Secret("of last week") } });
  const error = await ensureOwner(host, wrong).catch((found: unknown) => found);
  if (!(error instanceof Problem)) throw error;
  expect(error.details.code).toBe("services/owner-not-made");
  const text = JSON.stringify(error.details);
  expect(text).toContain("password authentication failed");
  expect(text).not.toMatch(/of last week|Stays/);
});
