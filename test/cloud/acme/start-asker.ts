import { type ChildProcessByStdio, spawn } from "node:child_process";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { Wish } from "../../../certificates/obtain.js";

/** What a process of its own asks for, and where it keeps its secrets. */
export interface Asking {
  readonly store: string;
  readonly identityFile: string;
  readonly wish: Wish;
}

/** A process that asks for a certificate and can be killed. It says each step on its standard output. */
export function startAsker(asking: Asking): ChildProcessByStdio<null, Readable, null> {
  // Started by Node itself: a loader's own process between would be killed in its place.
  return spawn(process.execPath, ["--import", "tsx", join(import.meta.dirname, "asker.ts"), JSON.stringify(asking)], {
    stdio: ["ignore", "pipe", "inherit"],
    cwd: join(import.meta.dirname, "../../.."),
  });
}
