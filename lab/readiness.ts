import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as after } from "node:timers/promises";
import { LOCAL_SERVICES } from "../spec/inventory.js";
import { Problem } from "../spec/problem.js";
import { attemptDocker } from "./docker.js";
import type { LabLayout, PlannedHost } from "./layout.js";

/** Milliseconds a host may take from its start until it can be used. Usually 2 to 5 s. */
const READY_WITHIN = 90_000;
/** Milliseconds one try to connect may take. */
const ANSWER_WITHIN = 1_000;
/** Milliseconds between two tries. */
const PAUSE = 50;

/**
 * Waits until a host can be used: its first program has done its work, its own Docker engine answers, and SSH
 * answers from here.
 * @throws Problem `lab/host-not-ready` with the last lines of what the host says
 * @throws Problem `lab/host-unreachable` when it runs and its network cannot be reached from this machine
 */
export async function untilReady(layout: LabLayout, host: PlannedHost): Promise<void> {
  const deadline = performance.now() + READY_WITHIN;
  await untilInside(host, "systemctl --quiet is-active docker.service ssh.service", deadline);
  if (await answersBy(deadline, () => sayings(host.address, 22))) return;
  throw new Problem({
    code: "lab/host-unreachable",
    says: `${host.name} runs, but SSH does not reach it at ${host.address}`,
    instead: `use a machine whose engine's networks can be reached (Docker Desktop keeps them in a virtual machine), and see that no firewall stands before ${layout.network.bridge}`,
  });
}

/** Waits until a host's first program has made its keys and systemd takes commands. */
export async function untilBooted(host: PlannedHost): Promise<void> {
  const deadline = performance.now() + READY_WITHIN;
  await untilInside(host, "systemctl --quiet is-active basic.target && test -d /etc/lab", deadline);
}

/** Waits until S3 answers on the services host. */
export async function untilStorageAnswers(layout: LabLayout): Promise<void> {
  const { services } = layout;
  const url = `http://127.0.0.1:${LOCAL_SERVICES.s3Port}/`;
  await untilInside(services, `curl --silent --output /dev/null --max-time 1 ${url}`, performance.now() + READY_WITHIN);
}

/** One question that waits inside the host is quicker, and costs less, than many from outside. */
async function untilInside(host: PlannedHost, condition: string, deadline: number): Promise<void> {
  const script = `until ${condition}; do sleep 0.05; done 2>/dev/null`;
  let last = "";
  do {
    const left = Math.max(1, Math.ceil((deadline - performance.now()) / 1000));
    const asked = await attemptDocker(["exec", host.container, "timeout", `${left}`, "sh", "-c", script]);
    if (asked.succeeded) return;
    last = asked.stderr;
    await after(PAUSE);
  } while (performance.now() < deadline && (await runs(host)));
  throw await notReady(host, last);
}

async function runs(host: PlannedHost): Promise<boolean> {
  const state = await attemptDocker(["inspect", "--format", "{{.State.Running}}", host.container]);
  return state.stdout.trim() === "true";
}

async function answersBy(deadline: number, answers: () => Promise<boolean>): Promise<boolean> {
  while (performance.now() < deadline) {
    if (await answers()) return true;
    await after(PAUSE);
  }
  return false;
}

/** Whether the program behind a port says something by itself, as sshd does. */
async function sayings(address: string, port: number): Promise<boolean> {
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

async function notReady(host: PlannedHost, last: string): Promise<Problem> {
  const said = await attemptDocker(["logs", "--tail", "8", host.container]);
  const failed = await attemptDocker(["exec", host.container, "systemctl", "--failed", "--plain", "--no-legend"]);
  return new Problem({
    code: "lab/host-not-ready",
    says: `${host.name} was not ready within ${READY_WITHIN / 1000} s`,
    instead: `look at its last lines and into it: docker exec -it ${host.container} journalctl -b`,
    log: `${said.stdout}${said.stderr}${failed.stdout}${last}`.trim().split("\n").slice(-12),
  });
}
