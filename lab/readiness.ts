import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as after } from "node:timers/promises";
import { LOCAL_SERVICES } from "../spec/inventory.js";
import { Problem } from "../spec/problem.js";
import { attemptDocker, type DockerOptions, execution } from "./docker.js";
import { type LabLayout, type PlannedHost, SERVICES } from "./layout.js";

/** Seconds a host may take from its start until it can be used. Usually 2 to 5. */
const READY_WITHIN = 90;
/** Milliseconds one try to connect may take. */
const ANSWER_WITHIN = 1_000;
/** Milliseconds between two tries. */
const PAUSE = 50;
/** What a script ends with when its condition did not come true. */
const NOT_IN_TIME = 75;

/** The host's first program has done its work: keys are there, the disk is mounted. */
export const INSTALLED = `[ "$(cat /proc/1/comm)" = systemd ]`;
/** systemd takes orders. */
export const BOOTED = "systemctl --quiet is-active basic.target";

/**
 * Runs a script inside a host as soon as a condition holds there. Waiting inside is quicker, and costs less, than
 * asking often from outside.
 * @throws Problem `lab/host-not-ready` with the last lines of what the host says
 */
export async function insideWhen(
  condition: string,
  host: PlannedHost,
  script: string,
  options: DockerOptions = {},
): Promise<string> {
  const waiting = `timeout ${READY_WITHIN} sh -c "$1" || exit ${NOT_IN_TIME}`;
  const until = `until ${condition}; do sleep 0.05; done 2>/dev/null`;
  const ended = await attemptDocker([...execution(host.container, `${waiting}\n${script}`), "sh", until], options);
  if (ended.exitCode === 0) return ended.stdout.trim();
  throw await notReady(host, ended.exitCode === NOT_IN_TIME, ended.stderr);
}

/**
 * Waits until a host can be used: its own Docker engine answers, S3 does on the services host, and SSH answers
 * from here where it comes over the network.
 * @throws Problem `lab/host-not-ready` with the last lines of what the host says
 * @throws Problem `lab/host-unreachable` when it runs and its network cannot be reached from this machine
 */
export async function untilReady(layout: LabLayout, host: PlannedHost): Promise<void> {
  const conditions = ["systemctl --quiet is-active docker.service ssh.service"];
  // Before its first `up` is through it has no keys, and no S3 either.
  if (host.name === SERVICES) conditions.push(`{ [ ! -e /etc/lab/s3.env ] || ${STORAGE_ANSWERS}; }`);
  await insideWhen(conditions.join(" && "), host, "");
  // Then SSH does not come through the network.
  if (layout.publish !== undefined) return;
  const deadline = performance.now() + READY_WITHIN * 1000;
  while (!(await speaks(host.address, 22))) {
    if (performance.now() > deadline) throw unreachable(layout, host);
    await after(PAUSE);
  }
}

const STORAGE_ANSWERS = `curl --silent --output /dev/null --max-time 1 http://127.0.0.1:${LOCAL_SERVICES.s3Port}/`;

/** Whether the program behind a port says something by itself, as sshd does. */
async function speaks(address: string, port: number): Promise<boolean> {
  const socket = connect({ host: address, port });
  try {
    await once(socket, "data", { signal: AbortSignal.timeout(ANSWER_WITHIN) });
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function notReady(host: PlannedHost, late: boolean, last: string): Promise<Problem> {
  const said = await attemptDocker(["logs", "--tail", "8", host.container]);
  const failed = await attemptDocker(["exec", host.container, "systemctl", "--failed", "--plain", "--no-legend"]);
  return new Problem({
    code: "lab/host-not-ready",
    says: `${host.name} ${late ? `was not ready within ${READY_WITHIN} s` : "failed while it was made ready"}`,
    instead: `look at its last lines and into it: docker exec -it ${host.container} journalctl -b`,
    log: `${said.stdout}${said.stderr}${failed.stdout}${last}`.trim().split("\n").slice(-12),
  });
}

function unreachable(layout: LabLayout, host: PlannedHost): Problem {
  return new Problem({
    code: "lab/host-unreachable",
    says: `${host.name} runs, but SSH does not reach it at ${host.address}`,
    instead:
      "where the engine keeps its networks in a virtual machine (Docker Desktop), set sites[0].publish to a free port; " +
      `else see that no firewall stands before the bridge ${layout.network.bridge}`,
  });
}
