import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { $ } from "zx";
import { RegistryClient } from "../../operations/registry-client.js";
import { ensureSecrets } from "../../secrets/ensure.js";
import { releaseSecrets } from "../../secrets/release-secrets.js";
import { openStore, type SecretStore } from "../../secrets/store.js";
import type { ReleaseSecrets } from "../../spec/release-secrets.js";
import { Secret } from "../../spec/secret.js";
import { provide } from "../../supply/machine.js";
import { silentProgress } from "../../supply/progress.js";
import { RealRegistries } from "../operations/real-registry.js";
import { exampleEnvironment, inventoryOf } from "../release/example.js";

const environment = exampleEnvironment();
const inventory = inventoryOf(environment);
const run = $({ quiet: true, nothrow: true });

let folder: string;
let identityFile: string;
let store: SecretStore;
let secrets: ReleaseSecrets;
beforeAll(async () => {
  await provide(
    [
      { program: "age", package: "age" },
      { program: "openssl", package: "openssl" },
    ],
    silentProgress,
  );
  folder = await mkdtemp(join(tmpdir(), "secrets-"));
  identityFile = join(folder, "operator", "identity.txt");
  store = await openStore(join(folder, "example.secrets.age"), { identityFile, recipients: [] });
  await ensureSecrets(environment, inventory, store, () => new Date());
  store.set("redis-password", new Secret('hostile "quotes" $(id) {{ é 🐳 \u0000 \\'));
  await store.save();
  secrets = await releaseSecrets(environment, inventory, store, async () => "");
  await writeFile(join(folder, "ca.crt"), secrets.ca);
  await writeFile(join(folder, "server.crt"), secrets.certificates.here?.chain ?? "");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("age itself opens the store with the operator's identity", async () => {
  const opened = await run`age --decrypt --identity ${identityFile} ${store.path}`;
  expect(opened.stderr).toBe("");
  const { version, secrets: kept } = JSON.parse(opened.stdout);
  expect(version).toBe(1);
  expect(kept).toEqual(Object.fromEntries(store.names().map((name) => [name, store.get(name)?.reveal()])));
});

test("a store that age wrote is read, and an identity that age-keygen made is taken", async () => {
  const [theirs, path] = [join(folder, "theirs.txt"), join(folder, "theirs.secrets.age")];
  await run`age-keygen --output ${theirs}`;
  const { stdout } = await run`age-keygen -y ${theirs}`;
  const payload = JSON.stringify({ version: 1, secrets: { "http-secret": "by hand" } });
  await $({ quiet: true, input: payload })`age --armor --recipient ${stdout.trim()} --output ${path}`;
  const opened = await openStore(path, { identityFile: theirs, recipients: [] });
  expect(opened.get("http-secret")?.reveal()).toBe("by hand");
});

test("openssl verifies the chain for a server, by name and by every address", async () => {
  const [ca, server] = [join(folder, "ca.crt"), join(folder, "server.crt")];
  const strict = ["-x509_strict", "-purpose", "sslserver", "-CAfile", ca];
  const checks = [
    ["-verify_hostname", "registry.example.com"],
    ...["198.18.0.100", "198.18.0.11", "198.18.0.12", "198.18.0.13"].map((address) => ["-verify_ip", address]),
  ];
  for (const check of checks) {
    const verified = await run`openssl verify ${strict} ${check} ${server}`;
    expect(verified.stdout).toBe(`${server}: OK\n`);
  }
  const other = await run`openssl verify ${strict} -verify_hostname other.example.com ${server}`;
  expect(other.stderr).toContain("hostname mismatch");
});

test("openssl sees an ECDSA certificate for servers only, from a CA that signs no other CA", async () => {
  const server = (await run`openssl x509 -noout -text -in ${join(folder, "server.crt")}`).stdout;
  expect(server).toMatch(/Public Key Algorithm: id-ecPublicKey[\s\S]*NIST CURVE: P-256/);
  expect(server).toContain("Signature Algorithm: ecdsa-with-SHA256");
  expect(server).toMatch(/Key Usage: critical\n\s+Digital Signature\n/);
  expect(server).toMatch(/Extended Key Usage: \n\s+TLS Web Server Authentication\n/);
  expect(server).toMatch(/Basic Constraints: critical\n\s+CA:FALSE/);
  const ca = (await run`openssl x509 -noout -text -in ${join(folder, "ca.crt")}`).stdout;
  expect(ca).toMatch(/Basic Constraints: critical\n\s+CA:TRUE, pathlen:0/);
  expect(ca).toMatch(/Key Usage: critical\n\s+Certificate Sign, CRL Sign/);
});

test("the registry lets a user in with the stored password and nobody else", async () => {
  const registries = await RealRegistries.start([{}], secrets.htpasswd?.reveal());
  const [target] = registries.targets;
  if (target === undefined) throw new RangeError("no registry was started");
  const password = store.get("user/operator") ?? new Secret("");
  const ping = (username: string, secret: Secret) =>
    new RegistryClient({ ...target, keepAlive: false, credentials: { username, password: secret } }).ping();
  try {
    await ping("operator", password);
    await expect(ping("operator", new Secret("guessed"))).rejects.toThrow("was answered 401: UNAUTHORIZED");
    await expect(ping("somebody", password)).rejects.toThrow("was answered 401: UNAUTHORIZED");
  } finally {
    await registries.stop();
  }
});
