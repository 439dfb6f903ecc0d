import { createHash } from "node:crypto";
import { access, chmod, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { homedir, userInfo } from "node:os";
import { join } from "node:path";
import { syncTree } from "./durable.js";
import { withLock } from "./lock.js";
import type { Progress } from "./progress.js";

/**
 * The folder outside of any clone in which software is kept between runs: `$HARBORWRIGHT_CACHE`,
 * `$XDG_CACHE_HOME/harborwright`, `~/.cache/harborwright`, and `/var/cache/harborwright` for a root without a home.
 */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.HARBORWRIGHT_CACHE) return environment.HARBORWRIGHT_CACHE;
  if (environment.XDG_CACHE_HOME) return join(environment.XDG_CACHE_HOME, "harborwright");
  if (environment.HOME) return join(environment.HOME, ".cache", "harborwright");
  return userInfo().uid === 0 ? "/var/cache/harborwright" : join(homedir(), ".cache", "harborwright");
}

/** A thing that is made once and then kept. */
export interface Recipe {
  /** Shelf of the cache on which it lies: "go", "images". */
  readonly shelf: string;
  /** What it is, for people who look into the folder: "registry-v3.1.1". */
  readonly name: string;
  /** Everything that decides what comes out: versions, flags, digests of what goes in. A change makes it anew. */
  readonly inputs: unknown;
  /** What progress says while it is made: "make registry 3.1.1 from Go modules". */
  readonly what: string;
  /** How long that usually takes: "1 min". @default - it is short */
  readonly about?: string;
  /** Makes it inside an empty folder. */
  make(folder: string): Promise<void>;
}

/**
 * The folder that holds what a recipe makes; it is made when it is not there yet. A folder under its final name is
 * always complete: it is made beside, forced to disk and renamed, so it can be killed at any time. Of several
 * processes that want the same thing one makes it and the others wait.
 */
export async function kept(recipe: Recipe, progress: Progress, cache = cacheFolder()): Promise<string> {
  const shelf = join(cache, recipe.shelf);
  const key = `${recipe.name}-${fingerprint(recipe.inputs)}`;
  const folder = join(shelf, key);
  if (await exists(folder)) return folder;
  await mkdir(shelf, { recursive: true });
  await withLock(join(shelf, `${key}.lock`), recipe.what, progress, async () => {
    if (await exists(folder)) return;
    await removeLeftovers(shelf, key);
    await progress.during(recipe.what, () => makeBeside(recipe, shelf, key), recipe.about);
  });
  return folder;
}

async function makeBeside(recipe: Recipe, shelf: string, key: string): Promise<void> {
  const partial = await mkdtemp(join(shelf, `${key}.partial-`));
  await chmod(partial, 0o755);
  try {
    await recipe.make(partial);
    await syncTree(partial);
    await rename(partial, join(shelf, key));
    await syncTree(shelf, { deep: false });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/** What a killed run left behind. Only the holder of the lock may call it. */
async function removeLeftovers(shelf: string, key: string): Promise<void> {
  const leftovers = (await readdir(shelf)).filter((name) => name.startsWith(`${key}.partial-`));
  await Promise.all(leftovers.map((name) => rm(join(shelf, name), { recursive: true, force: true })));
}

/** Twelve hex digits that change when the inputs change. */
function fingerprint(inputs: unknown): string {
  return createHash("sha256").update(JSON.stringify(inputs)).digest("hex").slice(0, 12);
}

/** Whether a file or a folder is there. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** The folder of the cache for what belongs to this machine rather than to a version: logs, findings of a day. */
export async function machineFolder(name: string, cache = cacheFolder()): Promise<string> {
  const folder = join(cache, "machine", name);
  await mkdir(folder, { recursive: true });
  return folder;
}
