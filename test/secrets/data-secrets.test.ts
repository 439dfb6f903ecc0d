import { X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { dataRenewalDue, dataSecrets, ensureDataPasswords } from "../../secrets/data-secrets.js";
import { secretName } from "../../secrets/names.js";
import { ensureCertificates } from "../../secrets/own-certificates.js";
import { randomSecret } from "../../secrets/passwords.js";
import type { SecretStore } from "../../secrets/store.js";
import { Problems } from "../../spec/problem.js";
import { inventoryOf } from "../release/example.js";
import { harborEnvironment } from "../release/harbor-example.js";
import { StoreFolder } from "./fixture.js";

const NOW = new Date("2026-11-22T12:00:00Z");
const DAY = 86_400_000;

const own = harborEnvironment();
const elsewhere = harborEnvironment({
  database: { kind: "given", host: "db.example.com" },
  redis: { kind: "given", addresses: ["10.20.0.30:6379"] },
});
const inventory = inventoryOf(own);

/** Makes what a store lacks. Keys of Harbor's own are not looked at: one of them takes a second. */
async function ensure(store: SecretStore, days = 0): Promise<boolean> {
  const made = [
    ensureDataPasswords(own, store),
    await ensureCertificates(own, inventory, store, new Date(NOW.getTime() + days * DAY)),
  ];
  return made.includes(true);
}

async function madeStore(): Promise<SecretStore> {
  const store = await (await StoreFolder.make()).operator().open();
  for (const name of [secretName.harbor.databasePassword, secretName.harbor.redisPassword]) {
    store.set(name, randomSecret(32));
  }
  await ensure(store);
  return store;
}

test("data base and Redis on the nodes get every secret, and the second time none", async () => {
  const store = await madeStore();
  const made = dataSecrets(own, inventory, store);
  expect(await ensure(store, 1)).toBe(false);
  expect(dataSecrets(own, inventory, store)).toEqual(made);
  const { authority: _, certificates, ...passwords } = made ?? {};
  expect(Object.keys(certificates ?? {})).toEqual(inventory.sites[0]?.nodes.map(({ name }) => name));
  const texts = Object.values(passwords).map((password) => password?.reveal());
  expect(new Set(texts).size).toBe(5);
  for (const text of texts) expect(text).toMatch(/^[A-Za-z0-9_-]{32}$/);
});

test("a node's certificate is of the environment's CA, for its name and its address, and good for both ends", async () => {
  const made = dataSecrets(own, inventory, await madeStore());
  const ca = new X509Certificate(made?.authority ?? "");
  for (const { name, privateAddress } of inventory.sites[0]?.nodes ?? []) {
    const certificate = new X509Certificate(made?.certificates[name]?.certificate ?? "");
    expect(certificate.verify(ca.publicKey)).toBe(true);
    expect(certificate.checkHost(name)).toBe(name);
    expect(certificate.checkIP(privateAddress)).toBe(privateAddress);
    // Server and client authentication, by their numbers (RFC 5280, 4.2.1.12).
    expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]);
  }
});

test("a certificate is made anew when a third of its time is left, and the passwords stay", async () => {
  const store = await madeStore();
  const { certificates: before, ...kept } = dataSecrets(own, inventory, store) ?? {};
  const due = dataRenewalDue(own, inventory, store);
  const days = Math.round(((due?.getTime() ?? 0) - NOW.getTime()) / DAY);
  expect(days).toBe(Math.round((397 * 2) / 3));
  await ensure(store, days + 1);
  const { certificates, ...rest } = dataSecrets(own, inventory, store) ?? {};
  expect(certificates?.["node-1"]?.certificate).not.toBe(before?.["node-1"]?.certificate);
  expect(rest).toEqual(kept);
});

test("data services elsewhere need none of it", async () => {
  const other = await (await StoreFolder.make()).operator().open();
  expect(dataSecrets(elsewhere, inventory, other)).toBeUndefined();
  expect(dataRenewalDue(elsewhere, inventory, other)).toBeUndefined();
});

test("what is missing is told together", async () => {
  const empty = await (await StoreFolder.make()).operator().open();
  try {
    dataSecrets(own, inventory, empty);
    expect.unreachable();
  } catch (error) {
    // Two for each node, five passwords and the CA.
    expect(error instanceof Problems && error.problems.map(({ code }) => code)).toEqual(
      Array.from({ length: 12 }, () => "secrets/missing"),
    );
  }
});
