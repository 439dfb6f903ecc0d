import { createPrivateKey, X509Certificate } from "node:crypto";
import { compare } from "bcryptjs";
import { beforeAll, expect, test } from "vitest";
import { ensureSecrets } from "../../secrets/ensure.js";
import { ensureHarborSeeds, harborSeeds } from "../../secrets/harbor-seeds.js";
import { secretName } from "../../secrets/names.js";
import { setSecret } from "../../secrets/passwords.js";
import { releaseSecrets } from "../../secrets/release-secrets.js";
import { RequiredSecrets } from "../../secrets/required-secrets.js";
import type { SecretStore } from "../../secrets/store.js";
import { type HarborSeeds, SEED_LENGTHS, SEED_LETTERS } from "../../spec/harbor/seeds.js";
import { robotSecretName } from "../../spec/harbor/settings/secret-names.js";
import { Problems } from "../../spec/problem.js";
import { Secret } from "../../spec/secret.js";
import { inventoryOf } from "../release/example.js";
import { harborEnvironment } from "../release/harbor-example.js";
import { codeOf, StoreFolder } from "./fixture.js";

const NOW = new Date("2026-11-22T12:00:00Z");
const LATER = new Date("2026-12-22T12:00:00Z");
const OURS = { database: true, redis: true };
const ASKED = { redisPassword: true, githubToken: false, jaegerPassword: false };

async function emptyStore(): Promise<SecretStore> {
  return (await StoreFolder.make()).operator().open();
}

function gather(store: SecretStore, asked = ASKED): HarborSeeds {
  const required = new RequiredSecrets("example", store);
  const seeds = harborSeeds(required, asked);
  required.refuseMissing();
  return seeds;
}

/** A key of 4096 bits takes seconds to find, so most tests share what was made once. */
let made: Map<string, Secret>;
beforeAll(async () => {
  const store = new Map<string, Secret>();
  await ensureHarborSeeds("example", OURS, asStore(store), NOW);
  made = store;
}, 60_000);

/** What making needs of a store. */
function asStore(secrets: Map<string, Secret>): SecretStore {
  return new Proxy({} as SecretStore, {
    get: (_, member) => Reflect.get(secrets, member)?.bind(secrets),
  });
}

async function storeWith(secrets: ReadonlyMap<string, Secret>): Promise<SecretStore> {
  const store = await emptyStore();
  for (const [name, secret] of secrets) store.set(name, secret);
  return store;
}

test("every seed is made once; a second run changes none", async () => {
  const store = await storeWith(made);
  expect(await ensureHarborSeeds("example", OURS, store, LATER)).toBe(false);
  expect(Object.fromEntries(store.names().map((name) => [name, store.get(name)?.reveal()]))).toEqual(
    Object.fromEntries([...made].map(([name, secret]) => [name, secret.reveal()])),
  );
});

test("seeds that Harbor counts have their length, and none has a letter that an env file would change", async () => {
  const seeds = gather(await storeWith(made));
  for (const [name, length] of Object.entries(SEED_LENGTHS)) {
    const seed = Reflect.get(seeds, name).reveal();
    expect([name, seed.length]).toEqual([name, length]);
    expect(seed).toMatch(SEED_LETTERS);
  }
  for (const seed of [seeds.adminPassword, seeds.databasePassword, seeds.redisPassword]) {
    expect(seed?.reveal()).toMatch(SEED_LETTERS);
  }
});

test("the key of tokens is PKCS #1 of 4096 bits, and the certificate is its own", async () => {
  const seeds = gather(await storeWith(made));
  expect(seeds.tokenKey.reveal()).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n/);
  const key = createPrivateKey(seeds.tokenKey.reveal());
  expect(key.asymmetricKeyDetails?.modulusLength).toBe(4096);
  const certificate = new X509Certificate(seeds.tokenCertificate);
  expect(certificate.checkPrivateKey(key)).toBe(true);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
});

test("a key without its certificate is made anew with it", async () => {
  const before = made.get(secretName.harbor.tokenKey)?.reveal();
  const without = new Map([...made].filter(([name]) => name !== secretName.harbor.tokenCertificate));
  const half = await storeWith(without);
  expect(await ensureHarborSeeds("example", OURS, half, NOW)).toBe(true);
  expect(half.get(secretName.harbor.tokenKey)?.reveal()).not.toBe(before);
  const seeds = gather(half);
  const key = createPrivateKey(seeds.tokenKey.reveal());
  expect(new X509Certificate(seeds.tokenCertificate).checkPrivateKey(key)).toBe(true);
}, 60_000);

test("the line of the registry's password file fits the password", async () => {
  const seeds = gather(await storeWith(made));
  const [user, hash = ""] = seeds.registryHtpasswd.reveal().split(":");
  expect(user).toBe("harbor_registry_user");
  expect(hash).toMatch(/^\$2y\$/);
  expect(await compare(seeds.registryPassword.reveal(), hash.replace("$2y$", "$2b$"))).toBe(true);
});

test("the password of admin has what Harbor asks of a password", async () => {
  const password = gather(await storeWith(made)).adminPassword.reveal();
  for (const kind of [/[a-z]/, /[A-Z]/, /[0-9]/, /^.{8,128}$/]) expect(password).toMatch(kind);
});

test("passwords of servers that were there before are asked for and not made", async () => {
  const given = [secretName.harbor.databasePassword, secretName.harbor.redisPassword] as string[];
  const store = await storeWith(new Map([...made].filter(([name]) => !given.includes(name))));
  expect(await ensureHarborSeeds("example", { database: false, redis: false }, store, NOW)).toBe(false);
  const asked = { redisPassword: true, githubToken: true, jaegerPassword: true };
  const refusal = await Promise.resolve()
    .then(() => gather(store, asked))
    .catch((error: unknown) => error);
  if (!(refusal instanceof Problems)) throw refusal;
  expect(refusal.problems.map(({ instead }) => instead)).toEqual([
    "harborwright secret set example harbor/database-password",
    "harborwright secret set example harbor/redis-password",
    "harborwright secret set example harbor/github-token",
    "harborwright secret set example harbor/jaeger-password",
  ]);
});

test.each(["pass$word", "a#b", "it's", 'a"b', "a\\b", "a`b", "a b", "p@ss", "ä"])(
  "a given password that an env file would change is refused: %s",
  async (password) => {
    const store = await emptyStore();
    const setting = setSecret(store, secretName.harbor.databasePassword, new Secret(password));
    expect(await codeOf(setting)).toBe("secrets/harbor-letters");
    await setSecret(store, secretName.harbor.databasePassword, new Secret("plain_Letters-9"));
    expect(store.get(secretName.harbor.databasePassword)?.reveal()).toBe("plain_Letters-9");
  },
);

test("what travels through Harbor's API may be any line of text", async () => {
  const store = await emptyStore();
  for (const name of ["harbor/webhook/team/scanner", "harbor/registry/hub", "harbor/ldap"]) {
    await setSecret(store, name, new Secret("Bearer p@ss $1"));
    expect(store.get(name)?.reveal()).toBe("Bearer p@ss $1");
  }
});

test("the secret of a project's robot is kept by the names of both", async () => {
  const store = await emptyStore();
  store.set(robotSecretName("team", "ci"), new Secret("Robot-1234"));
  await store.save();
  expect(store.names()).toEqual(["harbor/robot/team+ci"]);
});

test("nothing of the seeds shows when it is printed", async () => {
  const store = await storeWith(made);
  const printed = JSON.stringify(gather(store));
  const secret = [...made].filter(([name]) => name !== secretName.harbor.tokenCertificate);
  expect(secret.filter(([, value]) => printed.includes(value.reveal())).map(([name]) => name)).toEqual([]);
});

test("an environment with Harbor gets seeds and no password file of Distribution; rendering reads them with its CAs", async () => {
  const environment = harborEnvironment({ trust: { uaa: "uaa.pem" } });
  const store = await storeWith(made);
  const clock = () => NOW;
  expect(await ensureSecrets(environment, inventoryOf(environment), store, clock)).toBe(true);
  expect(store.names().filter((name) => name.startsWith("user/"))).toEqual([]);
  const ca = store.get(secretName.caCertificate)?.reveal() ?? "";
  const read = async () => `who: us\n${ca}`;
  const gathered = await releaseSecrets(environment, inventoryOf(environment), store, read, clock);
  expect(gathered.htpasswd).toBeUndefined();
  expect(gathered.harbor?.redisPassword?.reveal()).toBe(made.get(secretName.harbor.redisPassword)?.reveal());
  expect(gathered.harbor?.authority).toBe(ca);
  expect(gathered.trusted).toEqual({ "uaa.pem": ca });
});

test("the nodes' own data base and the containers have certificates of the environment's CA even where the entry's is another's", async () => {
  const certificate = { from: "file" as const, certificate: "chain.pem", key: "key.pem" };
  const inside = { internalTls: { enabled: true } };
  const environment = harborEnvironment(inside, {}, { sites: [{ name: "here", provider: "local", certificate }] });
  const store = await storeWith(made);
  await ensureSecrets(environment, inventoryOf(environment), store, () => NOW);
  const ca = new X509Certificate(store.get(secretName.caCertificate)?.reveal() ?? "");
  const containers = new X509Certificate(store.get(secretName.harbor.internalCertificate)?.reveal() ?? "");
  expect(containers.checkIssued(ca)).toBe(true);
  for (const name of ["core", "jobservice", "trivy-adapter"]) expect(containers.checkHost(name)).toBe(name);
  expect(await ensureSecrets(environment, inventoryOf(environment), store, () => LATER)).toBe(false);
});
