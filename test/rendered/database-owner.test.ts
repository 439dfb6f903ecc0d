import { afterAll, beforeAll, expect, test } from "vitest";
import { $ } from "zx";
import type { Host } from "../../hosts/host.js";
import { framed, remoteCommand } from "../../hosts/remote-shell.js";
import { ensureOwner, type OwnedDatabase } from "../../operations/database-owner.js";
import { Problem } from "../../spec/problem.js";
import { Secret } from "../../spec/secret.js";
import { serverIdentity } from "./certificates.js";
import { PostgresqlServer } from "./postgresql-server.js";

const quiet = $({ quiet: true });
let server: PostgresqlServer;

/** A server like that of a cloud: TLS for everybody, and an administrator who is no superuser. */
beforeAll(async () => {
  server = await PostgresqlServer.start("database-owner", {
    superuser: "boss",
    rules: ["local all boss trust", "hostssl all all 127.0.0.1/32 scram-sha-256"],
  });
  await server.asSuperuser(
    "create role postgres login createdb createrole password 'of the week'",
    "create database registry owner postgres",
  );
}, 60_000);

afterAll(() => server.stop());

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
    port: server.port,
    name: "registry",
    owner: "harbor",
    password: new Secret("Stays23456789"),
    administrator: { user: "postgres", password: new Secret("of the week") },
    install: false,
    ...changes,
  };
}

async function asHarbor(password: string, statement: string) {
  const place = `host=127.0.0.1 port=${server.port} dbname=registry user=harbor sslmode=require`;
  return $({
    quiet: true,
    nothrow: true,
    env: { ...process.env, PGPASSWORD: password },
  })`psql --no-psqlrc --tuples-only --no-align --command ${statement} ${place}`;
}

test("Harbor's role owns the data base, logs in with its own password, and the log knows no password", async () => {
  await ensureOwner(host, owned());
  expect(await server.asSuperuser("select pg_get_userbyid(datdba) from pg_database where datname = 'registry'")).toBe(
    "harbor",
  );
  expect((await asHarbor("Stays23456789", "create table public.projects (id int)")).exitCode).toBe(0);
  expect(
    await server.asSuperuser("select rolsuper or rolcreaterole or rolcreatedb from pg_roles where rolname = 'harbor'"),
  ).toBe("f");
  const { stdout: log } = await quiet`cat ${server.log}`;
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
  await ensureOwner(host, owned({ host: "localhost", authority: server.authority }));
  const { ca: another } = await serverIdentity(["localhost"]);
  await expect(ensureOwner(host, owned({ host: "localhost", authority: another }))).rejects.toMatchObject({
    details: {
      code: "services/owner-not-made",
      log: expect.arrayContaining([expect.stringMatching(/certificate verify failed/)]),
    },
  });
  await expect(ensureOwner(host, owned({ authority: server.authority }))).rejects.toThrow();
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
