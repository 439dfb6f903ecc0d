import { execFile } from "node:child_process";
import { open, readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openBackup, readPart, verifyBackup } from "../../recovery/read-backup.js";
import { readTarHeader, tarHeader } from "../../recovery/tar-header.js";
import { BackupWriter } from "../../recovery/write-backup.js";
import { makeIdentity } from "../../secrets/identity.js";
import { codeOf } from "../secrets/fixture.js";
import { BackupFolder, FACTS } from "./example-backup.js";

const PARTS = { "database.dump.age": Buffer.from("rows"), "blobs.txt.age": Buffer.alloc(0) };

async function check(file: string, folder: BackupFolder): Promise<void> {
  await verifyBackup(await openBackup(file), folder.identity);
}

async function bytesOf(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of content) pieces.push(piece);
  return Buffer.concat(pieces);
}

test("what was put into a backup comes out of it, in parts of any size", async () => {
  const folder = await BackupFolder.make();
  let count = 0;
  const contents = fc.array(fc.uint8Array({ maxLength: 150_000, size: "max" }), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(contents, async (pieces) => {
      count += 1;
      const parts = Object.fromEntries(pieces.map((content, index) => [`part-${index}.age`, content]));
      const backup = await openBackup(await folder.write(parts, FACTS, `${count}.backup`));
      await verifyBackup(backup, folder.identity);
      for (const [name, content] of Object.entries(parts)) {
        expect((await bytesOf(readPart(backup, name, folder.identity))).equals(content)).toBe(true);
      }
    }),
    { numRuns: 6 },
  );
});

test("a byte that was changed anywhere is noticed", async () => {
  const folder = await BackupFolder.make();
  const whole = await readFile(await folder.write(PARTS));
  const file = folder.path("changed.backup");
  await writeFile(file, whole);
  // Behind the last block that counts lie zeros that say nothing.
  const places = fc.integer({ min: 0, max: whole.length - 1025 });
  const handle = await open(file, "r+");
  await fc.assert(
    fc.asyncProperty(places, fc.integer({ min: 1, max: 255 }), async (at, change) => {
      const was = whole[at] ?? 0;
      await handle.write(Buffer.from([was ^ change]), 0, 1, at);
      const code = await codeOf(check(file, folder));
      await handle.write(Buffer.from([was]), 0, 1, at);
      // The blanks after the manifest and the padding of a block belong to nothing that is read.
      if (code === "no problem") expect([0x0a, 0]).toContain(was);
      else expect(code).toMatch(/^backup\/(damaged|not-a-backup|newer-format)$/);
    }),
    { numRuns: 60 },
  );
  await handle.close();
});

test("a backup that was cut short anywhere is refused", async () => {
  const folder = await BackupFolder.make();
  const whole = await readFile(await folder.write(PARTS));
  const file = folder.path("short.backup");
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: whole.length - 1024 - 512 }), async (length) => {
      await writeFile(file, whole);
      await truncate(file, length);
      expect(await codeOf(check(file, folder))).toMatch(/^backup\/(damaged|not-a-backup)$/);
    }),
    { numRuns: 40 },
  );
});

test("another key does not open it, and those who can are named", async () => {
  const folder = await BackupFolder.make();
  const backup = await openBackup(await folder.write(PARTS));
  const other = await makeIdentity(folder.path("other.txt"));
  const refused = verifyBackup(backup, other);
  await expect(refused).rejects.toThrow(folder.identity.recipient);
  expect(await codeOf(refused)).toBe("backup/wrong-key");
});

test("a format that this version does not know is refused by its number", async () => {
  const folder = await BackupFolder.make();
  const file = await folder.write(PARTS);
  const text = await readFile(file, "latin1");
  await writeFile(file, text.replace('"format": 1', '"format": 2'), "latin1");
  expect(await codeOf(openBackup(file))).toBe("backup/newer-format");
});

test("parts of two backups do not make one", async () => {
  const folder = await BackupFolder.make();
  const one = await folder.write(PARTS, FACTS, "one.backup");
  const other = await folder.write({ ...PARTS, "database.dump.age": Buffer.from("mows") }, FACTS, "other.backup");
  const [first, second] = [await openBackup(one), await openBackup(other)];
  const place = first.places.get("database.dump.age");
  expect(place).toEqual(second.places.get("database.dump.age"));
  const mixed = await readFile(one);
  (await readFile(other)).copy(mixed, place?.begin, place?.begin, (place?.begin ?? 0) + (place?.size ?? 0));
  await writeFile(one, mixed);
  expect(await codeOf(check(one, folder))).toBe("backup/damaged");
});

test("what is no backup is told from one that is damaged", async () => {
  const folder = await BackupFolder.make();
  await writeFile(folder.path("notes.txt"), "remember the milk");
  expect(await codeOf(openBackup(folder.path("notes.txt")))).toBe("backup/not-a-backup");
  expect(await codeOf(openBackup(folder.path("none")))).toBe("backup/not-found");
});

test("tar reads a backup", async () => {
  const folder = await BackupFolder.make();
  const file = await folder.write({ ...PARTS, "environment.yaml.age": Buffer.alloc(70_000, 1) });
  await promisify(execFile)("tar", ["--extract", "--file", file, "--directory", folder.folder]);
  const extracted = await readdir(folder.folder);
  expect(extracted).toEqual(expect.arrayContaining(["backup.json", "environment.yaml.age", "seal.age"]));
  expect(JSON.parse(await readFile(join(folder.folder, "backup.json"), "utf8"))).toMatchObject(FACTS);
});

test("a part may be larger than eleven octal digits can say", () => {
  const entry = { name: "database.dump.age", size: 900 * 2 ** 30 };
  expect(readTarHeader(tarHeader(entry, 0))).toEqual(entry);
});

test("a backup that fails while it is made leaves nothing behind", async () => {
  const folder = await BackupFolder.make();
  const now = new Date(FACTS.at);
  const writer = await BackupWriter.begin(folder.path(), { recipients: [folder.identity.recipient], now });
  async function* broken() {
    yield Buffer.from("half a dump");
    throw new Error("the host is gone");
  }
  await expect(writer.add("database.dump.age", broken())).rejects.toThrow("the host is gone");
  await writer.abandon();
  expect(await readdir(folder.folder)).toEqual(["identity.txt"]);
});
