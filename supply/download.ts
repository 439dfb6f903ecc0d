import { rename, rm } from "node:fs/promises";
import { $ } from "zx/core";
import { Problem } from "../spec/problem.js";
import { exists } from "./cache.js";
import { sha256Of } from "./file-digest.js";
import { NEEDS, provide } from "./machine.js";
import type { Progress } from "./progress.js";

/** What curl ends with when there is no rest to be had: the server says so (416), or it knows no ranges. */
const CANNOT_GO_ON = [22, 33, 36];

/** A file on the network that is known by its content. */
export interface Download {
  readonly url: string;
  /** Where it shall lie. What lies under this name is always whole and right. */
  readonly path: string;
  /** In hex. */
  readonly sha256: string;
}

/**
 * Fetches a file with curl, which heeds HTTPS_PROXY and NO_PROXY. What a killed run has fetched is gone on with; if it
 * does not fit the rest, the file is fetched once more from its beginning.
 * @throws Problem `supply/download-failed`, `supply/download-other-content`
 */
export async function download(wanted: Download, progress: Progress): Promise<void> {
  if (await exists(wanted.path)) return;
  await provide([NEEDS.curl], progress);
  const partial = `${wanted.path}.partial`;
  const resumed = await exists(partial);
  await progress.during(`fetch ${wanted.url}`, async () => {
    const whole = resumed && (await isFetched(wanted, partial, { again: true }));
    if (whole) return;
    await rm(partial, { force: true });
    if (await isFetched(wanted, partial, { again: false })) return;
    const got = await sha256Of(partial);
    await rm(partial);
    throw otherContent(wanted, got);
  });
  await rename(partial, wanted.path);
}

/** Whether the file is there and right after curl has run; a rest that is not to be had is a reason to begin anew. */
async function isFetched({ url, sha256 }: Download, partial: string, { again }: { again: boolean }): Promise<boolean> {
  const range = again ? ["--continue-at", "-"] : [];
  const options = ["--fail", "--location", "--silent", "--show-error", "--retry", "3", "--connect-timeout", "20"];
  const done = await $({ quiet: true, nothrow: true })`curl ${options} ${range} --output ${partial} --url ${url}`;
  if (done.exitCode !== 0 && !(again && CANNOT_GO_ON.includes(done.exitCode ?? 0))) throw failed(url, done.stderr);
  return done.exitCode === 0 && (await sha256Of(partial)) === sha256;
}

function failed(url: string, why: string): Problem {
  return new Problem({
    code: "supply/download-failed",
    says: `${url} could not be fetched`,
    instead: "check that this machine may reach it, HTTPS_PROXY is heeded; what was fetched is kept. Start again",
    log: why.trim().split("\n").slice(-6),
  });
}

function otherContent({ url, sha256 }: Download, got: string): Problem {
  return new Problem({
    code: "supply/download-other-content",
    says: `${url} has the sha256 ${got}, and ${sha256} was asked for`,
    instead: "somebody on the way may have changed it; if the file is right, write its own sha256",
  });
}
