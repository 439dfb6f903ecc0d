import { chmod, readFile, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { seal } from "../../secrets/envelope.js";
import { makeIdentity } from "../../secrets/identity.js";
import { openStore } from "../../secrets/store.js";
import { Secret } from "../../spec/secret.js";
import { anyText } from "../arbitrary/text.js";
import { codeOf, StoreFolder } from "./fixture.js";

const text = anyText();

test("every text comes back as it was stored", async () => {
  const ops = (await StoreFolder.make()).operator();
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.stringMatching(/^user\/[A-Za-z0-9]{1,8}$/), text), async (secrets) => {
      const store = await ops.open();
      for (const [name, value] of Object.entries(secrets)) store.set(name, new Secret(value));
      await store.save();
      const again = await ops.open();
      for (const [name, value] of Object.entries(secrets)) expect(again.get(name)?.reveal()).toBe(value);
    }),
    { numRuns: 25 },
  );
});

test("the file never holds a secret's bytes, plain or in base64", async () => {
  const place = await StoreFolder.make();
  const secret = "a secret that is long enough to be found";
  const store = await place.operator().open();
  store.set("http-secret", new Secret(secret));
  await store.save();
  const file = await readFile(place.path, "utf8");
  const body = Buffer.from(file.split("\n").slice(1, -2).join(""), "base64").toString("latin1");
  for (const seen of [file, body]) expect(seen).not.toContain(secret.slice(0, 12));
  expect(file).not.toContain(Buffer.from(secret).toString("base64").slice(4, 24));
});

test("the store is text for git, readable by its owner only, and so is the identity", async () => {
  const place = await StoreFolder.make();
  const ops = place.operator();
  const store = await ops.open();
  store.set("http-secret", new Secret("x"));
  await store.save();
  expect(await readFile(place.path, "utf8")).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----\n[A-Za-z0-9+/=\n]+-----END/);
  expect(await readFile(ops.identityFile, "utf8")).toMatch(/^# public key: age1[a-z0-9]{58}$/m);
  const modes = await Promise.all([place.path, ops.identityFile, dirname(ops.identityFile)].map(modeOf));
  expect(modes).toEqual(["600", "600", "700"]);
});

test("a store that does not exist is empty, and reading it makes neither a store nor an identity", async () => {
  const place = await StoreFolder.make();
  const ops = place.operator();
  const store = await ops.open();
  expect(store.names()).toEqual([]);
  expect(await store.save()).toBe(false);
  await expect(stat(place.path)).rejects.toThrow("ENOENT");
  await expect(stat(ops.identityFile)).rejects.toThrow("ENOENT");
});

test("nothing is written when nothing changed", async () => {
  const place = await StoreFolder.make();
  const ops = place.operator();
  const store = await ops.open();
  store.set("http-secret", new Secret("same"));
  expect(await store.save()).toBe(true);
  const before = await readFile(place.path, "utf8");
  const again = await ops.open();
  again.set("http-secret", new Secret("same"));
  expect(await again.save()).toBe(false);
  expect(await readFile(place.path, "utf8")).toBe(before);
});

test("names come sorted, unsaved ones among them", async () => {
  const store = await (await StoreFolder.make()).operator().open();
  for (const name of ["user/b", "http-secret", "user/a"]) store.set(name, new Secret("x"));
  expect(store.names()).toEqual(["http-secret", "user/a", "user/b"]);
});

test("who is added to the recipients can read, and who is taken away cannot read what comes after", async () => {
  const place = await StoreFolder.make();
  const [maker, colleague] = [place.operator("maker"), place.operator("colleague")];
  const { recipient } = await makeIdentity(colleague.identityFile);
  const store = await maker.open();
  store.set("http-secret", new Secret("x"));
  await store.save();
  expect(await codeOf(colleague.open([recipient]))).toBe("secrets/wrong-identity");

  expect(await (await maker.open([recipient])).save()).toBe(true);
  const shared = await colleague.open([recipient]);
  shared.set("redis-password", new Secret("y"));
  await shared.save();
  expect((await maker.open([recipient])).get("redis-password")?.reveal()).toBe("y");

  expect(await (await maker.open([])).save()).toBe(true);
  expect(await codeOf(colleague.open([]))).toBe("secrets/wrong-identity");
});

test("nobody writes a store that they could not read afterwards", async () => {
  const place = await StoreFolder.make();
  const [maker, colleague] = [place.operator("maker"), place.operator("colleague")];
  const { recipient } = await makeIdentity(colleague.identityFile);
  const store = await maker.open([recipient]);
  store.set("http-secret", new Secret("x"));
  await store.save();
  const dropped = await colleague.open([]);
  dropped.set("redis-password", new Secret("y"));
  expect(await codeOf(dropped.save())).toBe("secrets/not-a-recipient");
});

test("a wrong identity is told with both keys", async () => {
  const place = await StoreFolder.make();
  const store = await place.operator("maker").open();
  store.set("http-secret", new Secret("x"));
  await store.save();
  const maker = await makeIdentity(place.operator("maker").identityFile);
  const stranger = await makeIdentity(place.operator("stranger").identityFile);
  await expect(place.operator("stranger").open()).rejects.toThrow(
    `is encrypted for ${maker.recipient}; your key is ${stranger.recipient}`,
  );
});

test("a store without its identity is refused, and no new identity is made", async () => {
  const place = await StoreFolder.make();
  const store = await place.operator("maker").open();
  store.set("http-secret", new Secret("x"));
  await store.save();
  const other = place.operator("other");
  expect(await codeOf(other.open())).toBe("secrets/identity-missing");
  await expect(stat(other.identityFile)).rejects.toThrow("ENOENT");
});

test("an identity that others may read is refused with the command that mends it", async () => {
  const place = await StoreFolder.make();
  const ops = place.operator();
  const store = await ops.open();
  store.set("http-secret", new Secret("x"));
  await store.save();
  await chmod(ops.identityFile, 0o640);
  await expect(ops.open()).rejects.toMatchObject({
    details: { code: "secrets/identity-readable", instead: `0600 is needed: chmod 600 ${ops.identityFile}` },
  });
});

test("an identity file without a key is refused", async () => {
  const place = await StoreFolder.make();
  const ops = place.operator();
  await makeIdentity(ops.identityFile);
  await writeFile(ops.identityFile, "# public key: age1nothing\n");
  const store = await ops.open();
  store.set("http-secret", new Secret("x"));
  expect(await codeOf(store.save())).toBe("secrets/identity-damaged");
});

test("a store that is cut or changed anywhere is damaged, and never read as another", async () => {
  const place = await StoreFolder.make();
  const ops = place.operator();
  const store = await ops.open();
  store.set("http-secret", new Secret("x"));
  await store.save();
  const whole = await readFile(place.path, "utf8");
  const anywhere = fc.integer({ min: 0, max: whole.trimEnd().length - 1 });
  const codes = ["secrets/damaged", "secrets/wrong-identity"];
  await fc.assert(
    fc.asyncProperty(anywhere, fc.constantFrom("cut", "changed"), async (at, how) => {
      const letter = whole[at] === "A" ? "B" : "A";
      await writeFile(
        place.path,
        how === "cut" ? whole.slice(0, at) : whole.slice(0, at) + letter + whole.slice(at + 1),
      );
      expect(codes).toContain(await codeOf(ops.open()));
    }),
    { numRuns: 60 },
  );
});

test("a store of a newer version is not touched", async () => {
  const place = await StoreFolder.make();
  const ops = place.operator();
  const { recipient } = await makeIdentity(ops.identityFile);
  await writeFile(place.path, await seal(JSON.stringify({ version: 2, kept: {} }), [recipient]));
  expect(await codeOf(ops.open())).toBe("secrets/newer-version");
  await writeFile(place.path, await seal("not json", [recipient]));
  expect(await codeOf(ops.open())).toBe("secrets/damaged");
});

test("a mistyped recipient is told as one", async () => {
  const place = await StoreFolder.make();
  const store = await openStore(place.path, {
    identityFile: place.operator().identityFile,
    recipients: ["age1qqqqqqqqqqqqqqqqqqqqqqqqqqqq"],
  });
  store.set("http-secret", new Secret("x"));
  expect(await codeOf(store.save())).toBe("secrets/recipient-invalid");
});

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}
