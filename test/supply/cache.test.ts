import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { cacheFolder, kept, type Recipe } from "../../supply/cache.js";
import { silentProgress } from "../../supply/progress.js";

/** A machine with much to do starts four processes slowly. */
const WAIT = { timeout: 20_000, interval: 20 };
let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), "harborwright-cache-"));
});
afterEach(() => rm(cache, { recursive: true }));

const bread: Recipe = {
  shelf: "kitchen",
  name: "bread-1.0",
  inputs: { flour: 500 },
  what: "bake bread",
  make: (folder) => writeFile(join(folder, "loaf"), "crusty"),
};

/** Another process that bakes the same bread, and what it has printed so far; see builder.ts. */
function builder() {
  const script = fileURLToPath(new URL("builder.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", script, cache], { stdio: ["ignore", "pipe", "inherit"] });
  const started = { child, output: "", ended: once(child.stdout, "close") };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    started.output += text;
  });
  return started;
}

const leftovers = async () => (await readdir(join(cache, "kitchen"))).filter((name) => name.includes(".partial-"));
const isWaiting = /wait until another harborwright( \(process \d+\))? is done: bake bread/;
const lastLine = (text: string) => text.trim().split("\n").at(-1);

describe("a thing in the cache", { timeout: 30_000 }, () => {
  test("is made once and then kept", async () => {
    const folder = await kept(bread, silentProgress, cache);
    const again = await kept({ ...bread, make: () => Promise.reject(new Error("baked twice")) }, silentProgress, cache);
    expect(again).toBe(folder);
    expect(await readFile(join(folder, "loaf"), "utf8")).toBe("crusty");
  });

  test("is made anew when what goes in changes", async () => {
    const folder = await kept(bread, silentProgress, cache);
    expect(await kept({ ...bread, inputs: { flour: 501 } }, silentProgress, cache)).not.toBe(folder);
  });

  test("leaves nothing behind when it could not be made, and can be made later", async () => {
    const burnt = { ...bread, make: () => Promise.reject(new Error("burnt")) };
    await expect(kept(burnt, silentProgress, cache)).rejects.toThrow("burnt");
    expect(await leftovers()).toEqual([]);
    expect(await readdir(await kept(bread, silentProgress, cache))).toEqual(["loaf"]);
  });

  test("is made by one of several processes that want it at once, and the others say that they wait", async () => {
    const builders = Array.from({ length: 4 }, builder);
    await vi.waitFor(() => expect(builders.filter(({ output }) => isWaiting.test(output))).toHaveLength(3), WAIT);
    await writeFile(join(cache, "oven-is-hot"), "");
    await Promise.all(builders.map(({ ended }) => ended));
    expect(await readFile(join(cache, "baked"), "utf8")).toBe("baked\n");
    expect(builders.filter(({ output }) => output.includes("begin: bake bread"))).toHaveLength(1);
    expect(new Set(builders.map(({ output }) => lastLine(output))).size).toBe(1);
  });

  test("is made whole after its maker was killed half-way", async () => {
    const killed = builder();
    await vi.waitFor(() => expect(lastLine(killed.output)).toBe("half-way"), WAIT);
    killed.child.kill("SIGKILL");
    await killed.ended;
    expect(await leftovers()).toHaveLength(1);

    const folder = await kept(bread, silentProgress, cache);
    expect(await readFile(join(folder, "loaf"), "utf8")).toBe("crusty");
    expect(await leftovers()).toEqual([]);
  });
});

describe("the folder of the cache", () => {
  test.each([
    [{ HARBORWRIGHT_CACHE: "/own", XDG_CACHE_HOME: "/xdg", HOME: "/home/me" }, "/own"],
    [{ XDG_CACHE_HOME: "/xdg", HOME: "/home/me" }, "/xdg/harborwright"],
    [{ HOME: "/home/me" }, "/home/me/.cache/harborwright"],
  ])("follows the environment %j", (environment, folder) => {
    expect(cacheFolder(environment)).toBe(folder);
  });
});
