import { compare } from "bcryptjs";
import { expect, test } from "vitest";
import { ensureSecrets } from "../../secrets/ensure.js";
import { renewCertificate } from "../../secrets/own-certificates.js";
import { releaseSecrets } from "../../secrets/release-secrets.js";
import type { SecretStore } from "../../secrets/store.js";
import type { Environment } from "../../spec/environment.js";
import { Problems } from "../../spec/problem.js";
import { Secret } from "../../spec/secret.js";
import { exampleEnvironment, inventoryOf } from "../release/example.js";
import { codeOf, StoreFolder } from "./fixture.js";

const NOW = new Date("2026-11-22T12:00:00Z");
const clock =
  (days = 0) =>
  () =>
    new Date(NOW.getTime() + days * 86_400_000);

async function store(): Promise<SecretStore> {
  return (await StoreFolder.make()).operator().open();
}

function ensure(environment: Environment, into: SecretStore, days = 0): Promise<boolean> {
  return ensureSecrets(environment, inventoryOf(environment), into, clock(days));
}

function gather(environment: Environment, from: SecretStore, files: Record<string, string> = {}) {
  return releaseSecrets(environment, inventoryOf(environment), from, async (path) => files[path] ?? "", clock());
}

/** Values of all secrets, to compare. */
function contents(of: SecretStore): Record<string, string | undefined> {
  return Object.fromEntries(of.names().map((name) => [name, of.get(name)?.reveal()]));
}

test("a first environment gets every secret it needs, and the second time none", async () => {
  const [environment, secrets] = [exampleEnvironment(), await store()];
  expect(await ensure(environment, secrets)).toBe(true);
  expect(secrets.names()).toEqual([
    "ca-certificate",
    "ca-key",
    "http-secret",
    "server-certificate/here",
    "server-key/here",
    "storage-access-key",
    "storage-secret-key",
    "user/operator",
    "user/operator/bcrypt",
  ]);
  const before = contents(secrets);
  expect(await ensure(environment, secrets, 1)).toBe(false);
  expect(contents(secrets)).toEqual(before);
});

test("a release is made from the same bytes every time", async () => {
  const [environment, secrets] = [exampleEnvironment(), await store()];
  await ensure(environment, secrets);
  const [one, other] = [await gather(environment, secrets), await gather(environment, secrets)];
  expect(one.htpasswd?.reveal()).toBe(other.htpasswd?.reveal());
  expect(one.certificates).toEqual(other.certificates);
});

test("each user has a line in the password file that fits the stored password", async () => {
  const environment = exampleEnvironment({ authentication: { kind: "htpasswd", users: ["ann", "bob"] } });
  const secrets = await store();
  await ensure(environment, secrets);
  const lines = (await gather(environment, secrets)).htpasswd?.reveal().trimEnd().split("\n") ?? [];
  expect(lines.map((line) => line.split(":")[0])).toEqual(["ann", "bob"]);
  const [, hash = ""] = lines[1]?.split(":") ?? [];
  expect(hash).toMatch(/^\$2b\$05\$/);
  expect(await compare(secrets.get("user/bob")?.reveal() ?? "", hash)).toBe(true);
});

test("a user who is removed loses the line and stays in the store, and has the same password when back", async () => {
  const both = exampleEnvironment({ authentication: { kind: "htpasswd", users: ["ann", "bob"] } });
  const one = exampleEnvironment({ authentication: { kind: "htpasswd", users: ["ann"] } });
  const secrets = await store();
  await ensure(both, secrets);
  const before = await gather(both, secrets);
  expect(await ensure(one, secrets)).toBe(false);
  expect((await gather(one, secrets)).htpasswd?.reveal()).not.toContain("bob");
  expect(await ensure(both, secrets)).toBe(false);
  expect((await gather(both, secrets)).htpasswd?.reveal()).toBe(before.htpasswd?.reveal());
});

test("a certificate of which less than a third of the time is left is replaced by a plain run, and the CA stays", async () => {
  const [environment, secrets] = [exampleEnvironment(), await store()];
  await ensure(environment, secrets);
  const before = contents(secrets);
  expect(await ensure(environment, secrets, 260)).toBe(false);
  expect(await ensure(environment, secrets, 270)).toBe(true);
  const after = contents(secrets);
  expect(after["server-certificate/here"]).not.toBe(before["server-certificate/here"]);
  expect(after["ca-certificate"]).toBe(before["ca-certificate"]);
});

test("a further node makes a new certificate, because the old one lacks its address", async () => {
  const secrets = await store();
  const sized = (count: number) =>
    exampleEnvironment({}, { sites: [{ name: "here", provider: "local", nodes: { count } }] });
  await ensure(sized(3), secrets);
  expect(await ensure(sized(4), secrets)).toBe(true);
  expect(await ensure(sized(3), secrets)).toBe(false);
});

test("renew makes a new certificate and key whatever their age", async () => {
  const [environment, secrets] = [exampleEnvironment(), await store()];
  await ensure(environment, secrets);
  const before = contents(secrets);
  await renewCertificate(environment, inventoryOf(environment), secrets, clock(), "here");
  const changed = secrets.names().filter((name) => secrets.get(name)?.reveal() !== before[name]);
  expect(changed).toEqual(["server-certificate/here", "server-key/here"]);
  const unknown = renewCertificate(environment, inventoryOf(environment), secrets, clock(), "there");
  expect(await codeOf(unknown)).toBe("site/unknown");
});

test("what only the user can know is asked for with the command that sets it, all at once", async () => {
  const environment = exampleEnvironment({
    storage: { kind: "s3", bucket: "images", region: "eu-central-1" },
    cache: { kind: "redis", addresses: ["10.20.0.20:6379"], password: true },
    mirror: { upstream: "https://registry-1.docker.io", username: "us" },
    notifications: [
      { name: "audit", url: "https://audit.example.com", authorization: true },
      { name: "open", url: "https://open.example.com" },
    ],
  });
  const secrets = await store();
  await ensure(environment, secrets);
  const refusal = await gather(environment, secrets).catch((error: unknown) => error);
  if (!(refusal instanceof Problems)) throw refusal;
  expect(refusal.problems.map(({ instead }) => instead).sort()).toEqual([
    "harborwright secret set example mirror-password",
    "harborwright secret set example notification-audit",
    "harborwright secret set example redis-password",
    "harborwright secret set example storage-access-key",
    "harborwright secret set example storage-secret-key",
  ]);
  for (const name of ["mirror-password", "notification-audit", "redis-password"]) secrets.set(name, new Secret(name));
  for (const name of ["storage-access-key", "storage-secret-key"]) secrets.set(name, new Secret(name));
  const gathered = await gather(environment, secrets);
  expect(gathered.storage?.secretKey.reveal()).toBe("storage-secret-key");
  expect(gathered.redisPassword?.reveal()).toBe("redis-password");
  expect(gathered.mirrorPassword?.reveal()).toBe("mirror-password");
  expect(Object.keys(gathered.notifications)).toEqual(["audit"]);
});

test("no key is asked for where a role, a folder or one key is enough", async () => {
  const secrets = await store();
  const role = exampleEnvironment({
    storage: { kind: "s3", bucket: "images", region: "eu-central-1", credentials: "instance-role" },
  });
  await ensure(role, secrets);
  expect((await gather(role, secrets)).storage).toBeUndefined();
  expect((await gather(exampleEnvironment({ storage: { kind: "filesystem" } }), secrets)).storage).toBeUndefined();
  const azure = exampleEnvironment({ storage: { kind: "azure", account: "images", container: "registry" } });
  secrets.set("storage-secret-key", new Secret("account key"));
  expect((await gather(azure, secrets)).storage?.secretKey.reveal()).toBe("account key");
});

test("files that the environment trusts are read, and one that holds no certificate is refused", async () => {
  const [environment, secrets] = [exampleEnvironment({ clientCertificates: { ca: "clients.pem" } }), await store()];
  await ensure(environment, secrets);
  const ca = secrets.get("ca-certificate")?.reveal() ?? "";
  const { trusted } = await gather(environment, secrets, { "clients.pem": `who: us\n${ca}` });
  expect(trusted).toEqual({ "clients.pem": ca });
  expect(await codeOf(gather(environment, secrets, { "clients.pem": "nothing" }))).toBe("certificate/unreadable");
});

test("nothing that is gathered shows a secret when it is printed", async () => {
  const [environment, secrets] = [exampleEnvironment(), await store()];
  await ensure(environment, secrets);
  const printed = JSON.stringify(await gather(environment, secrets));
  for (const name of [
    "http-secret",
    "storage-secret-key",
    "user/operator",
    "server-key/here",
    "user/operator/bcrypt",
  ]) {
    expect(printed).not.toContain(secrets.get(name)?.reveal());
  }
});
