import { createPrivateKey, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { connect, createServer, type TLSSocket } from "node:tls";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type Means, obtainCertificate, type Wish } from "../../../certificates/obtain.js";
import { openZoneWith } from "../../../certificates/open-zone.js";
import { acmeRecord } from "../../../secrets/acme-record.js";
import { certificatesIn } from "../../../secrets/certificate-file.js";
import type { SecretStore } from "../../../secrets/store.js";
import { Secret } from "../../../spec/secret.js";
import { codeOf, StoreFolder } from "../../secrets/fixture.js";
import { AcmeWorld, HOSTNAME, ZONE } from "./acme-world.js";

const CHALLENGE = `_acme-challenge.${HOSTNAME}`;
let world: AcmeWorld;
beforeAll(async () => {
  world = await AcmeWorld.start();
});
afterAll(() => world?.stop());
beforeEach(() => {
  for (const [name, value] of Object.entries(world.variables)) vi.stubEnv(name, value);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const name of world.zone.names) await world.zone.set(name, []);
});

async function newStore(): Promise<SecretStore> {
  return (await StoreFolder.make()).operator().open();
}

function wish(provider: "alidns" | "route53", changes: Partial<Wish["wanted"]> = {}, hostname = HOSTNAME): Wish {
  const dns = { provider, zone: ZONE, resolvers: [world.resolver] };
  const wanted = { from: "lets-encrypt", dns, directory: world.directory, renewBefore: "30d", ...changes } as const;
  return { site: "here", hostname, wanted, ca: world.ca };
}

function means(store: SecretStore, notes: string[] = []): Means {
  return {
    store,
    openZone: openZoneWith(store, "prod"),
    note: (line) => notes.push(line),
    clock: () => new Date(),
    propagation: { deadline: 2_000, between: 50 },
  };
}

test.each(["alidns", "route53"] as const)(
  "%s: a certificate is issued, kept, and its record is gone again",
  async (provider) => {
    const store = await newStore();
    const before = world.zone.history.length;
    const issued = await obtainCertificate(wish(provider, { mail: "ops@example.com" }), means(store));
    const [leaf, ...intermediates] = certificatesIn(issued.chain);
    expect(leaf?.subjectAltName).toBe(`DNS:${HOSTNAME}`);
    expect(leaf?.checkPrivateKey(createPrivateKey(issued.key))).toBe(true);
    expect(createPrivateKey(issued.key).asymmetricKeyDetails?.namedCurve).toBe("prime256v1");
    const last = intermediates.at(-1);
    expect(last?.verify(new X509Certificate(world.root).publicKey)).toBe(true);
    expect(acmeRecord(store, "here")).toEqual({ issued, records: [] });
    expect(world.zone.history.slice(before).map((line) => line[0])).toEqual(["+", "-"]);
  },
);

test("a server with it is accepted by a client that trusts the CA's root only", async () => {
  const { chain, key } = await obtainCertificate(wish("alidns"), means(await newStore()));
  const server = createServer({ cert: chain, key }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const socket: TLSSocket = connect({ host: "127.0.0.1", port, servername: HOSTNAME, ca: world.root });
  await once(socket, "secureConnect");
  expect(socket.authorized).toBe(true);
  socket.destroy();
  server.close();
});

test("a renewal has a new key and comes from the same account", async () => {
  const store = await newStore();
  const first = await obtainCertificate(wish("route53"), means(store));
  const account = store.get("acme-account-key")?.reveal();
  const accounts = world.logged(/There are now \d+ accounts/);
  const second = await obtainCertificate(wish("route53"), means(store));
  expect(second.key).not.toBe(first.key);
  expect(new X509Certificate(second.chain).serialNumber).not.toBe(new X509Certificate(first.chain).serialNumber);
  expect(store.get("acme-account-key")?.reveal()).toBe(account);
  expect(world.logged(/There are now \d+ accounts/)).toBe(accounts);
});

test("texts of others at the same name stay as they are", async () => {
  for (const provider of ["alidns", "route53"] as const) {
    await world.zone.set(CHALLENGE, ["of somebody else"]);
    await obtainCertificate(wish(provider), means(await newStore()));
    expect(world.zone.texts(CHALLENGE)).toEqual(["of somebody else"]);
  }
});

test.each(["alidns", "route53"] as const)("%s: a zone that the account does not have is named", async (provider) => {
  const dns = { provider, zone: "other.com", resolvers: [world.resolver] };
  const asked = obtainCertificate(wish(provider, { dns }), means(await newStore()));
  expect(await codeOf(asked)).toBe("dns/zone-not-found");
});

test.each([
  ["alidns", "dns-access-key"],
  ["alidns", "dns-secret-key"],
  ["route53", "dns-access-key"],
  ["route53", "dns-secret-key"],
] as const)("%s: a wrong %s is refused, and named as the credentials' fault", async (provider, wrong) => {
  const store = await newStore();
  const [id, secret] =
    provider === "alidns"
      ? ["ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"]
      : ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
  store.set("dns-access-key", new Secret(world.variables[id] ?? ""));
  store.set("dns-secret-key", new Secret(world.variables[secret] ?? ""));
  store.set(wrong, new Secret("wrong"));
  const failure = await obtainCertificate(wish(provider), means(store)).catch((error: unknown) => error);
  expect(failure).toMatchObject({ details: { code: "dns/credentials-refused" } });
  expect(JSON.stringify(failure)).not.toContain("secret of the stand-in");
});

test("keys in the store are used before those of the operator", async () => {
  const store = await newStore();
  store.set("dns-access-key", new Secret(world.variables.ALIBABA_CLOUD_ACCESS_KEY_ID ?? ""));
  store.set("dns-secret-key", new Secret(world.variables.ALIBABA_CLOUD_ACCESS_KEY_SECRET ?? ""));
  vi.stubEnv("ALIBABA_CLOUD_ACCESS_KEY_ID", "of somebody");
  await expect(obtainCertificate(wish("alidns"), means(store))).resolves.toBeDefined();
});

test("a record that no name server gives is told with what each server said, and taken away", async () => {
  const dns = { provider: "alidns" as const, zone: ZONE, resolvers: [world.resolver, "127.0.0.1:1"] };
  const failure = await obtainCertificate(wish("alidns", { dns }), means(await newStore())).catch(
    (error: unknown) => error,
  );
  expect(failure).toMatchObject({ details: { code: "dns/record-not-seen" } });
  expect(`${failure}`).toContain("1 of 2 name servers");
  expect(`${failure}`).toContain("127.0.0.1:1 does not answer");
  expect(world.zone.names).toEqual([]);
});

test("a name that the CA refuses is named", async () => {
  const asked = obtainCertificate(wish("alidns", {}, "forbidden.example.com"), means(await newStore()));
  expect(await codeOf(asked)).toBe("certificate/name-refused");
});

test("a CA that is not trusted here is told apart from one that does not answer", async () => {
  const untrusted = obtainCertificate({ ...wish("alidns"), ca: undefined }, means(await newStore()));
  expect(await codeOf(untrusted)).toBe("certificate/ca-untrusted");
  const silent = obtainCertificate(wish("alidns", { directory: "https://127.0.0.1:1/dir" }), means(await newStore()));
  expect(await codeOf(silent)).toBe("certificate/ca-unreachable");
});
