import { randomBytes } from "node:crypto";
import { link, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Problem } from "../spec/problem.js";
import { hasCode } from "./system-error.js";

/** Milliseconds to wait for another command; it holds the lock for a few only, while it writes one small file. */
const PATIENCE = 10_000;
/** Milliseconds after which a lock is left over, whoever has the process number of its owner now. */
const LEFT_OVER = 60_000;
const BETWEEN_TRIES = 20;

/**
 * Does something while nobody else does it to the same file. The lock is a file beside it that names its owner; one
 * whose owner is dead is taken over.
 * @param patience - milliseconds to wait for its owner
 * @throws Problem `secrets/locked`
 */
export async function whileLocked<Result>(
  path: string,
  work: () => Promise<Result>,
  patience = PATIENCE,
): Promise<Result> {
  const lock = `${path}.lock`;
  const owner = `${process.pid} ${hostname()} ${randomBytes(8).toString("hex")}`;
  await take(lock, owner, patience);
  try {
    await removeStrays(lock);
    return await work();
  } finally {
    if ((await ownerOf(lock)) === owner) await rm(lock, { force: true });
  }
}

async function take(lock: string, owner: string, patience: number): Promise<void> {
  const until = Date.now() + patience;
  for (;;) {
    if (await createdWith(lock, owner)) return;
    const other = await ownerOf(lock);
    if (other !== undefined && (await isLeftOver(lock, other))) await removeLeftOver(lock, other);
    else if (Date.now() > until) throw stillLocked(lock, patience, other);
    else await pause(BETWEEN_TRIES);
  }
}

/** The file appears with its content in one step: nobody ever reads a lock without an owner. */
async function createdWith(lock: string, owner: string): Promise<boolean> {
  const partial = `${lock}.${randomBytes(6).toString("hex")}`;
  await writeFile(partial, owner, { mode: 0o600, flag: "wx" });
  try {
    await link(partial, lock);
    return true;
  } catch (error) {
    // The file vanishes when the owner of the lock takes it for a stray: it is tried again.
    if (hasCode(error, "EEXIST") || hasCode(error, "ENOENT")) return false;
    throw error;
  } finally {
    await rm(partial, { force: true });
  }
}

async function ownerOf(lock: string): Promise<string | undefined> {
  return readFile(lock, "utf8").catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  });
}

async function isLeftOver(lock: string, owner: string): Promise<boolean> {
  const [pid, host] = owner.split(" ");
  if (host === hostname() && !isAlive(Number(pid))) return true;
  const made = await stat(lock).catch(() => undefined);
  return made !== undefined && Date.now() - made.mtimeMs > LEFT_OVER;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !hasCode(error, "ESRCH");
  }
}

/** Moves the lock aside first: if another command has replaced it meanwhile, its lock is put back. */
async function removeLeftOver(lock: string, owner: string): Promise<void> {
  const aside = `${lock}.${randomBytes(6).toString("hex")}`;
  try {
    await rename(lock, aside);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return;
    throw error;
  }
  if ((await ownerOf(aside)) !== owner) await link(aside, lock).catch(() => undefined);
  await rm(aside, { force: true });
}

/** Removes what commands that were killed while they took the lock have left beside it. */
async function removeStrays(lock: string): Promise<void> {
  const names = await readdir(dirname(lock));
  const strays = names.filter((name) => name.startsWith(`${basename(lock)}.`));
  await Promise.all(strays.map((name) => rm(join(dirname(lock), name), { force: true })));
}

function stillLocked(lock: string, patience: number, owner = "0 unknown"): Problem {
  const [pid, host] = owner.split(" ");
  return new Problem({
    code: "secrets/locked",
    says: `another command has been writing the secrets for ${patience / 1_000} s: process ${pid} on ${host}`,
    instead: `wait for it; if there is no such process: rm ${lock}`,
  });
}
