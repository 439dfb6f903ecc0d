import { setTimeout as pause } from "node:timers/promises";
import type { Host } from "../hosts/host.js";
import { Problem } from "../spec/problem.js";

/** How long a machine may take, in milliseconds. */
export interface Patience {
  /** @default 600000: the largest machines of both clouds have booted long before */
  readonly deadline?: number;
  /** Between two tries. @default 2000 */
  readonly between?: number;
}

/** Failures that waiting does not mend. */
const FINAL = new Set([
  "ssh/host-key-changed",
  "ssh/host-key-unknown",
  "ssh/unprotected-key",
  "ssh/no-client",
  "ssh/no-session-client",
]);

/** Seconds that a machine gets to finish its boot, once it answers. */
const BOOT_TIME = 240;

/**
 * What a machine does at its first boot shall be over: its package manager is busy, and its user may not become root
 * before. A unit that failed, and a systemd that cannot wait, are no reason to stop here.
 */
const BOOTED = `
if command -v cloud-init >/dev/null 2>&1; then timeout ${BOOT_TIME} cloud-init status --wait >/dev/null 2>&1 || true; fi
timeout ${BOOT_TIME} systemctl is-system-running --wait >/dev/null 2>&1 || true`;

/**
 * Waits until a machine that was made, or started again, answers by SSH and has booted.
 * @throws Problem `cloud/machine-silent` with what SSH said last
 */
export async function awaitHost(host: Host, { deadline = 600_000, between = 2_000 }: Patience = {}): Promise<void> {
  const end = performance.now() + deadline;
  for (;;) {
    try {
      await host.read(":");
      break;
    } catch (error) {
      if (!(error instanceof Problem) || FINAL.has(error.details.code)) throw error;
      if (performance.now() >= end) throw silent(host, deadline, error);
    }
    await pause(between);
  }
  await host.read(BOOTED, { timeout: (2 * BOOT_TIME + 10) * 1000 });
}

function silent({ node }: Host, deadline: number, { details }: Problem): Problem {
  return new Problem({
    code: "cloud/machine-silent",
    says: `${node.name} is made, but does not let us in by SSH after ${Math.round(deadline / 1000)} s: ${details.says}`,
    instead: `look at its console in the cloud, and whether you come from one of network.operators; then give the same command again: it goes on where it stopped. What SSH needs: ${details.instead}`,
    log: details.log,
  });
}
