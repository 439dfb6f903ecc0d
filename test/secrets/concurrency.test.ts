import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { makeIdentity } from "../../secrets/identity.js";
import { whileLocked } from "../../secrets/store-lock.js";
import { Secret } from "../../spec/secret.js";
import { codeOf, StoreFolder } from "./fixture.js";

const SAVER = fileURLToPath(new URL("saver.ts", import.meta.url));

/** Another process that saves secrets one after another. */
function saver(place: StoreFolder, prefix: string, count: number) {
  const words = ["--import", "tsx", SAVER, place.path, place.operator().identityFile, prefix, `${count}`];
  return spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
}

test("processes that save at the same time lose no secret of each other", { timeout: 60_000 }, async () => {
  const place = await StoreFolder.make();
  await makeIdentity(place.operator().identityFile);
  const children = ["a", "b", "c"].map((prefix) => saver(place, prefix, 8));
  const codes = await Promise.all(children.map(async (child) => (await once(child, "exit"))[0]));
  expect(codes).toEqual([0, 0, 0]);
  const expected = ["a", "b", "c"].flatMap((prefix) => Array.from({ length: 8 }, (_, turn) => `user/${prefix}${turn}`));
  expect((await place.operator().open()).names()).toEqual(expected.sort());
});

test("a save that is killed leaves the store whole, and the next save goes on", { timeout: 60_000 }, async () => {
  const place = await StoreFolder.make();
  const ops = place.operator();
  await makeIdentity(ops.identityFile);
  for (const [round, delay] of [0, 1, 3, 7, 12].entries()) {
    const child = saver(place, `r${round}-`, 1_000);
    let safe = -1;
    child.stdout.on("data", (lines: Buffer) => {
      safe = Number(lines.toString().trim().split("\n").at(-1));
    });
    await once(child.stdout, "data");
    // Another point of a save each time: it takes some ten milliseconds.
    setTimeout(() => child.kill("SIGKILL"), delay);
    await once(child, "exit");
    const store = await ops.open();
    expect(store.get(`user/r${round}-${safe}`)?.reveal()).toMatch(new RegExp(`^value of r${round}-${safe} x{5000}$`));
    store.set(`user/after${round}`, new Secret("x"));
    expect(await store.save()).toBe(true);
  }
  expect((await readdir(place.folder)).sort()).toEqual(["ops", "prod.secrets.age"]);
});

test("two commands that change different secrets both succeed", async () => {
  const ops = (await StoreFolder.make()).operator();
  await makeIdentity(ops.identityFile);
  const [one, other] = await Promise.all([ops.open(), ops.open()]);
  one.set("http-secret", new Secret("one"));
  other.set("redis-password", new Secret("other"));
  await Promise.all([one.save(), other.save()]);
  expect((await ops.open()).names()).toEqual(["http-secret", "redis-password"]);
});

test("of two commands that make the same secret the second is refused, and nothing of it is written", async () => {
  const ops = (await StoreFolder.make()).operator();
  const [first, second] = await Promise.all([ops.open(), ops.open()]);
  first.set("http-secret", new Secret("first"));
  await first.save();
  second.set("http-secret", new Secret("second"));
  second.set("redis-password", new Secret("second"));
  expect(await codeOf(second.save())).toBe("secrets/changed-meanwhile");
  const kept = await ops.open();
  expect(kept.get("http-secret")?.reveal()).toBe("first");
  expect(kept.names()).toEqual(["http-secret"]);
});

test("the lock of a dead process is taken over, and so is one older than a minute", async () => {
  const place = await StoreFolder.make();
  const dead = spawn(process.execPath, ["--version"], { stdio: "ignore" });
  await once(dead, "exit");
  const lock = `${place.path}.lock`;
  const longAgo = new Date(Date.now() - 61_000);
  const owners = [
    { owner: `${dead.pid} ${hostname()} 1`, made: new Date() },
    { owner: `${process.pid} ${hostname()} 2`, made: longAgo },
    { owner: "1 another-machine 3", made: longAgo },
  ];
  for (const [turn, { owner, made }] of owners.entries()) {
    await writeFile(lock, owner);
    await utimes(lock, made, made);
    const store = await place.operator().open();
    store.set("http-secret", new Secret(`${turn}`));
    expect(await store.save()).toBe(true);
    await expect(stat(lock)).rejects.toThrow("ENOENT");
  }
});

test("a lock that is held for long is refused with its owner", async () => {
  const place = await StoreFolder.make();
  await writeFile(`${place.path}.lock`, "42 another-machine 1");
  const held = whileLocked(place.path, async () => "never done", 100);
  await expect(held).rejects.toThrow("for 0.1 s: process 42 on another-machine");
});
