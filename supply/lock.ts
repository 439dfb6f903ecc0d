import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import type { Readable, Writable } from "node:stream";
import { Problem } from "../spec/problem.js";
import type { Progress } from "./progress.js";

/** A running `flock` whose child waits for the end of its input: while it lives, the lock is held. */
type Holder = ChildProcessByStdio<Writable, Readable, null>;

/** What flock is told to exit with when somebody else holds the lock; any other number is a failure of its own. */
const HELD_BY_ANOTHER = 75;

/**
 * Does work while a lock on a file is held, so that no other process does the same at the same time. Whoever waits
 * says for what. The lock is the kernel's (`flock`) and ends with this process, however it ends.
 *
 * Node has no flock of its own: a small child holds it and ends when this process closes its input, by ending, too.
 */
export async function withLock<T>(path: string, what: string, progress: Progress, work: () => Promise<T>): Promise<T> {
  const holder =
    (await take(path, ["--nonblock", "--conflict-exit-code", `${HELD_BY_ANOTHER}`])) ??
    (await waitFor(path, what, progress));
  try {
    await writeFile(path, `${process.pid}\n`);
    return await work();
  } finally {
    const ended = once(holder, "exit");
    holder.stdin.end();
    await ended;
  }
}

async function waitFor(path: string, what: string, progress: Progress): Promise<Holder> {
  const owner = (await readFile(path, "utf8")).trim();
  progress.note(`wait until another harborwright${owner === "" ? "" : ` (process ${owner})`} is done: ${what}`);
  const holder = await take(path, []);
  if (holder === undefined) throw new Error(`flock gave up on ${path} without being asked to`);
  return holder;
}

/** Takes the lock; undefined when it may not wait and another holds it. */
async function take(path: string, options: readonly string[]): Promise<Holder | undefined> {
  const holder = spawn("flock", ["--no-fork", ...options, path, "sh", "-c", "echo held; exec cat"], {
    stdio: ["pipe", "pipe", "inherit"],
    // Ctrl-C reaches the whole foreground group: the lock must outlive it until the work has been cleaned up.
    detached: true,
  });
  // Its end is seen by "exit"; a write after it is no failure of its own.
  holder.stdin.on("error", () => {});
  const first = await Promise.race([once(holder.stdout, "data"), once(holder, "exit")]).catch(explain);
  if (Buffer.isBuffer(first[0])) return holder;
  if (first[0] === HELD_BY_ANOTHER) return undefined;
  throw new Error(`flock on ${path} ended with ${first[0]}`);
}

function explain(error: NodeJS.ErrnoException): never {
  if (error.code !== "ENOENT") throw error;
  throw new Problem({
    code: "machine/programs-missing",
    says: "this machine lacks flock",
    instead: "install it; it belongs to util-linux, which every Linux has",
  });
}
