import { chmod, mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { $ } from "zx";
import { type ImageSettings, writeImageArchive } from "../../supply/image-archive.js";

const settings: ImageSettings = {
  tag: "harborwright/greeter:1.0",
  architecture: "amd64",
  command: ["greet"],
  environment: { GREETING: "hello" },
  user: "10101:10101",
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "harborwright-archive-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** The same files, whatever the order, the time and the rights they were made with. */
async function makeTree(
  name: string,
  how: { reversed: boolean; mode: number; time: number },
  greeting = "hello",
): Promise<string> {
  const tree = join(folder, name);
  await mkdir(join(tree, "bin"), { recursive: true });
  const files = [
    ["bin/greet", `#!/bin/sh\necho ${greeting}\n`],
    ["motd", "welcome"],
    ["zebra", "stripes"],
  ] as const;
  for (const [path, text] of how.reversed ? [...files].reverse() : files) {
    await writeFile(join(tree, path), text);
    await chmod(join(tree, path), path.startsWith("bin/") ? how.mode | 0o111 : how.mode);
    await utimes(join(tree, path), how.time, how.time);
  }
  await symlink("bin", join(tree, "sbin"));
  return tree;
}

const first = { reversed: false, mode: 0o644, time: 1_000_000 };
const second = { reversed: true, mode: 0o600, time: 1_700_000_000 };

test("the same files give the same bytes and the same id, whenever and however they were laid out", async () => {
  const one = await writeImageArchive(await makeTree("one", first), settings, join(folder, "one.tar.gz"));
  const other = await writeImageArchive(await makeTree("other", second), settings, join(folder, "other.tar.gz"));
  expect(other).toBe(one);
  expect((await readFile(join(folder, "other.tar.gz"))).equals(await readFile(join(folder, "one.tar.gz")))).toBe(true);
});

test("another content, another command and another variable each give another id", async () => {
  const ids = [
    await writeImageArchive(await makeTree("one", first), settings, join(folder, "1.tar.gz")),
    await writeImageArchive(await makeTree("two", first, "goodbye"), settings, join(folder, "2.tar.gz")),
    await writeImageArchive(join(folder, "one"), { ...settings, command: ["wave"] }, join(folder, "3.tar.gz")),
    await writeImageArchive(join(folder, "one"), { ...settings, environment: {} }, join(folder, "4.tar.gz")),
  ];
  expect(new Set(ids).size).toBe(4);
});

test("everybody may write to /tmp and to nothing else", async () => {
  await writeImageArchive(await makeTree("one", first), settings, join(folder, "one.tar.gz"));
  const content = await $({
    quiet: true,
  })`tar -xzOf ${join(folder, "one.tar.gz")} --wildcards ${"*/layer.tar"} | tar -tv`;
  const writable = content.lines().filter((line) => /^.{8}w/.test(line) && !line.startsWith("l"));
  expect(writable).toEqual([expect.stringMatching(/^drwxrwxrwt 0\/0 .* \.\/tmp\/$/)]);
});

test("nothing of the making is left beside the archive, and no clock is in it", async () => {
  await writeImageArchive(await makeTree("one", first), settings, join(folder, "one.tar.gz"));
  await rm(join(folder, "one"), { recursive: true });
  const archive = await readFile(join(folder, "one.tar.gz"));
  // RFC 1952: bytes 4 to 7 of a gzip file are the time it was made; 0 means none.
  expect(archive.readUInt32LE(4)).toBe(0);
  expect(gunzipSync(archive).toString("latin1")).toContain('"created":"1970-01-01T00:00:00Z"');
});
