import { createMessage, encrypt, generateKey, readKey } from "openpgp";
import { expect, test } from "vitest";
import { ensureSecrets } from "../../secrets/ensure.js";
import { ensureStorageKeyPair, storageKeyRecipient, takeStorageKey } from "../../secrets/storage-key.js";
import type { SecretStore } from "../../secrets/store.js";
import type { EnvironmentFile } from "../../spec/environment.js";
import { environmentSchema } from "../../spec/environment.js";
import { inventoryOf } from "../release/example.js";
import { alicloud, aws, minio } from "../spec/environments.js";
import { codeOf, StoreFolder } from "./fixture.js";

const NOW = new Date("2026-11-22T12:00:00Z");

async function storeWithPair(): Promise<SecretStore> {
  const store = await (await StoreFolder.make()).operator().open();
  await ensureStorageKeyPair(store, "prod", NOW);
  return store;
}

/** What the provider does: the secret, encrypted to the public half that it was given in base64. */
async function toldBy(recipient: string, accessKey: string, secretKey: string) {
  const encryptionKeys = await readKey({ binaryKey: Buffer.from(recipient, "base64") });
  const message = await createMessage({ text: secretKey });
  const binary = await encrypt({ message, encryptionKeys, format: "binary" });
  return { accessKey, encryptedSecret: Buffer.from(binary).toString("base64") };
}

test("a secret key that was encrypted to the environment can be read again", async () => {
  const store = await storeWithPair();
  const told = await toldBy(storageKeyRecipient(store) ?? "", "LTAI-one", "the secret half");
  expect(await takeStorageKey(store, told)).toBe(true);
  expect(store.get("storage-access-key")?.reveal()).toBe("LTAI-one");
  expect(store.get("storage-secret-key")?.reveal()).toBe("the secret half");
});

test("a key that is known already is left alone, another one takes its place", async () => {
  const store = await storeWithPair();
  const recipient = storageKeyRecipient(store) ?? "";
  const told = await toldBy(recipient, "LTAI-one", "first");
  await takeStorageKey(store, told);
  expect(await takeStorageKey(store, told)).toBe(false);
  expect(await takeStorageKey(store, await toldBy(recipient, "LTAI-two", "second"))).toBe(true);
  expect(store.get("storage-secret-key")?.reveal()).toBe("second");
});

test("a secret key for somebody else is refused, and nothing is taken", async () => {
  const store = await storeWithPair();
  const other = await generateKey({ type: "ecc", curve: "nistP256", userIDs: [{ name: "other" }], format: "object" });
  const recipient = Buffer.from(other.publicKey.write()).toString("base64");
  const told = await toldBy(recipient, "LTAI-one", "not for us");
  expect(await codeOf(takeStorageKey(store, told))).toBe("secrets/storage-key-unreadable");
  expect(await codeOf(takeStorageKey(store, { ...told, encryptedSecret: "bm8gbWVzc2FnZQ==" }))).toBe(
    "secrets/storage-key-unreadable",
  );
  expect(store.get("storage-access-key")).toBeUndefined();
});

test("a store without the pair says so, whoever the key is for", async () => {
  const store = await (await StoreFolder.make()).operator().open();
  const told = { accessKey: "LTAI-one", encryptedSecret: "" };
  await expect(takeStorageKey(store, told)).rejects.toThrow("has no key to read it with");
});

test("the pair is made once, for images in the bucket of a site on Alibaba Cloud only", async () => {
  expect(await namesMadeFor(alicloud())).toContain("storage-key-recipient");
  expect(await namesMadeFor(alicloud({}, { storage: minio }))).not.toContain("storage-key-recipient");
  expect(await namesMadeFor(aws())).not.toContain("storage-key-recipient");
  const store = await storeWithPair();
  const recipient = storageKeyRecipient(store);
  expect(await ensureStorageKeyPair(store, "prod", NOW)).toBe(false);
  expect(storageKeyRecipient(store)).toBe(recipient);
});

async function namesMadeFor(file: EnvironmentFile): Promise<string[]> {
  const environment = environmentSchema.parse(file);
  const store = await (await StoreFolder.make()).operator().open();
  await ensureSecrets(environment, inventoryOf(environment), store, () => NOW);
  return store.names();
}
