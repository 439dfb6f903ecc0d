import { expect, test } from "vitest";
import { dataSecrets, ensureDataPasswords } from "../../secrets/data-secrets.js";
import {
  beginDatabaseRotation,
  comingDatabasePassword,
  endDatabaseRotation,
  storedDatabaseRotation,
  takeDatabasePassword,
} from "../../secrets/database-rotation.js";
import { secretName } from "../../secrets/names.js";
import { ensureCertificates } from "../../secrets/own-certificates.js";
import type { SecretStore } from "../../secrets/store.js";
import { SEED_LETTERS } from "../../spec/harbor/seeds.js";
import { Secret } from "../../spec/secret.js";
import { inventoryOf } from "../release/example.js";
import { harborEnvironment } from "../release/harbor-example.js";
import { codeOf, StoreFolder } from "./fixture.js";

const names = secretName.harbor;

async function madeStore(): Promise<SecretStore> {
  const store = await (await StoreFolder.make()).operator().open();
  store.set(names.databasePassword, new Secret("the-old-one"));
  return store;
}

const coming = (store: SecretStore) => comingDatabasePassword(store).comingDatabasePassword?.reveal();
const present = (store: SecretStore) => store.get(names.databasePassword)?.reveal();

test("there is a coming password from the beginning until it is the password itself", async () => {
  const store = await madeStore();
  expect(coming(store)).toBeUndefined();
  beginDatabaseRotation(store);
  const password = coming(store);
  expect(password).toMatch(SEED_LETTERS);
  expect(present(store)).toBe("the-old-one");
  takeDatabasePassword(store);
  expect([coming(store), present(store)]).toEqual([undefined, password]);
  expect(storedDatabaseRotation(store)).toEqual({ phase: "returning" });
  endDatabaseRotation(store);
  expect(storedDatabaseRotation(store)).toEqual({ phase: "none" });
});

test("each step taken twice is taken once", async () => {
  const store = await madeStore();
  beginDatabaseRotation(store);
  const password = coming(store);
  beginDatabaseRotation(store);
  expect(coming(store)).toBe(password);
  takeDatabasePassword(store);
  takeDatabasePassword(store);
  beginDatabaseRotation(store);
  expect([storedDatabaseRotation(store).phase, present(store)]).toEqual(["returning", password]);
});

test("the data services are told of the coming password as long as it is coming", async () => {
  const environment = harborEnvironment();
  const inventory = inventoryOf(environment);
  const store = await madeStore();
  store.set(names.redisPassword, new Secret("of-redis"));
  ensureDataPasswords(environment, store);
  await ensureCertificates(environment, inventory, store, new Date("2026-11-22T12:00:00Z"));
  const told = () => dataSecrets(environment, inventory, store)?.comingDatabasePassword?.reveal();
  expect(told()).toBeUndefined();
  beginDatabaseRotation(store);
  expect(told()).toBe(coming(store));
  takeDatabasePassword(store);
  expect(told()).toBeUndefined();
});

test("what is no rotation is told as a damaged store", async () => {
  const store = await madeStore();
  for (const text of [
    "",
    "{",
    '{"phase":"coming"}',
    '{"phase":"coming","password":"two\\nlines"}',
    '{"phase":"gone"}',
  ]) {
    store.set(names.databaseRotation, new Secret(text));
    expect(await codeOf(Promise.resolve().then(() => storedDatabaseRotation(store)))).toBe("secrets/damaged");
  }
});
