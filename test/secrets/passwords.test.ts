import { compare } from "bcryptjs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { secretName, settableKind } from "../../secrets/names.js";
import { ALPHABET, randomPassword, rotateUser, setSecret } from "../../secrets/passwords.js";
import { Secret } from "../../spec/secret.js";
import { accounts } from "../arbitrary/text.js";
import { codeOf, StoreFolder } from "./fixture.js";

test("passwords have 24 letters that nobody confuses, and none comes twice", () => {
  const passwords = Array.from({ length: 200 }, () => randomPassword().reveal());
  for (const password of passwords) expect(password).toMatch(/^[a-km-np-zA-HJ-NP-Z2-9]{24}$/);
  expect(new Set(passwords).size).toBe(passwords.length);
});

test("every letter of the alphabet is drawn about as often as the others", () => {
  const letters = Array.from({ length: 2_000 }, () => randomPassword().reveal()).join("");
  const expected = letters.length / ALPHABET.length;
  const counts = [...ALPHABET].map((letter) => letters.split(letter).length - 1);
  const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  // 55 degrees of freedom: above 110 once in 100,000 runs. A modulo of a byte would give some 2,000.
  expect(chiSquare).toBeLessThan(110);
});

test("a rotated user has a new password with its hash", async () => {
  const store = await (await StoreFolder.make()).operator().open();
  await rotateUser(store, "ann");
  const first = store.get("user/ann")?.reveal();
  await rotateUser(store, "ann");
  const second = store.get("user/ann")?.reveal() ?? "";
  expect(second).not.toBe(first);
  expect(await compare(second, store.get("user/ann/bcrypt")?.reveal() ?? "")).toBe(true);
});

test("a password that a user sets gets its hash too, and one that bcrypt would cut is refused", async () => {
  const store = await (await StoreFolder.make()).operator().open();
  await setSecret(store, "user/ann", new Secret("my own"));
  expect(await compare("my own", store.get("user/ann/bcrypt")?.reveal() ?? "")).toBe(true);
  // It may be one that can be guessed, so its hash is made dear.
  expect(store.get("user/ann/bcrypt")?.reveal()).toMatch(/^\$2b\$10\$/);
  for (const password of ["", "é".repeat(37), "two\nlines"]) {
    expect(await codeOf(setSecret(store, "user/ann", new Secret(password)))).toBe("secrets/password-refused");
  }
});

test("every user and receiver that an environment can name can be set", () => {
  fc.assert(
    fc.property(accounts, (name) => {
      expect(settableKind(secretName.user(name)).name).toBe("user/<name>");
      expect(settableKind(secretName.notification(name)).name).toBe("notification-<name>");
    }),
  );
});

test("a mistyped name gets a suggestion, a made one its reason, and several lines are refused", async () => {
  const store = await (await StoreFolder.make()).operator().open();
  const set = (name: string, value = "x") => setSecret(store, name, new Secret(value));
  await expect(set("storage-acess-key")).rejects.toThrow("did you mean storage-access-key?");
  await expect(set("nonsense-altogether")).rejects.toThrow("one of: user/<name>, storage-access-key");
  expect(await codeOf(set("user/ann/bcrypt"))).toBe("secrets/not-settable");
  expect(await codeOf(set("ca-key"))).toBe("secrets/not-settable");
  expect(await codeOf(set("redis-password", "a\nb"))).toBe("secrets/empty");
  expect(store.names()).toEqual([]);
});
