import pc from "picocolors";
import type { OnProgress, ProgressEvent } from "../cluster/progress.js";
import { type Progress, progressLines } from "../supply/progress.js";

/** Progress of making software and hosts, as lines on standard error. */
export function progressOnStderr(): Progress {
  return progressLines((line) => process.stderr.write(`${line}\n`));
}

/**
 * Work on a cluster, as lines on standard error: one for each step that was done, so that a log in CI reads well;
 * on a terminal the step under way is shown too and replaced when it ends.
 */
export function clusterProgress(): OnProgress {
  const terminal = process.stderr.isTTY === true;
  const colours = pc.createColors(terminal);
  let pending = false;
  return (event) => {
    const line = describe(event, colours);
    if (pending) process.stderr.write("\r\u001b[2K");
    pending = terminal && (event.state === "begun" || event.state === "moving");
    if (pending) process.stderr.write(line);
    else if (event.state === "done" || event.state === "failed") process.stderr.write(`${line}\n`);
  };
}

const SIGNS = { begun: "●", moving: "●", done: "✓", skipped: "–", failed: "✗" } as const;

function describe(event: ProgressEvent, colours: ReturnType<typeof pc.createColors>): string {
  const paint = event.state === "done" ? colours.green : event.state === "failed" ? colours.red : colours.yellow;
  const where = event.node === undefined ? "" : `${event.node}${event.canary ? " canary" : ""}`;
  const parts = [
    event.note,
    event.bytes === undefined ? undefined : `${megabytes(event.bytes.sent)} of ${megabytes(event.bytes.total)} MB`,
    event.took === undefined || event.took < 100 ? undefined : `${(event.took / 1000).toFixed(1)} s`,
  ].filter((part) => part !== undefined);
  return `${paint(SIGNS[event.state])} ${where.padEnd(14)} ${event.step.padEnd(16)} ${parts.join(" · ")}`.trimEnd();
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
