import { Problem } from "../spec/problem.js";
import { cutOff, reopen } from "./cut.js";
import { attemptDocker, docker, inside } from "./docker.js";
import { hostNamed, type LabLayout, type PlannedHost } from "./layout.js";
import { untilReady } from "./readiness.js";

/** What can be done to a host of the lab. Each says what it did, what to expect, and how it is undone. */
export interface Faults {
  /** Its power is cut. */
  kill(name: string): Promise<string>;
  /** It is shut down, in order. */
  stop(name: string): Promise<string>;
  /** It hangs: nothing on it runs, its addresses still answer. */
  pause(name: string): Promise<string>;
  /** Its network cable is out: it runs, and nobody hears it. */
  cut(name: string): Promise<string>;
  /** Its disk is full. */
  fillDisk(name: string): Promise<string>;
  /** Undoes pause, cut and a full disk. */
  heal(name: string): Promise<string>;
  /** Switches it on after a kill or a stop, and waits until it can be used. */
  start(name: string): Promise<string>;
}

/** The faults that the hosts of a lab can suffer. Every name may be a node's or `services`. */
export function faultsOf(layout: LabLayout): Faults {
  const { environment } = layout;
  const start = (host: PlannedHost) => `harborwright lab start ${environment} ${host.name}`;
  const without = (host: PlannedHost) => {
    if (host === layout.services) return "the registry has no storage meanwhile";
    return layout.nodes.length > 1 ? "the other nodes serve on" : "the registry is away meanwhile";
  };
  const heal = (host: PlannedHost) => `harborwright lab heal ${environment} ${host.name}`;
  const running = async (name: string) => {
    const host = hostNamed(layout, name);
    const state = await stateOf(host);
    if (state !== "running") throw notRunning(layout, host, state);
    return host;
  };

  return {
    async kill(name) {
      const host = await present(layout, name);
      await docker(["kill", host.container]);
      return `${host.name} is dead, as if its power had been cut: ${without(host)}; back with: ${start(host)}`;
    },

    async stop(name) {
      const host = await running(name);
      await docker(["stop", host.container]);
      return `${host.name} has shut down in order: ${without(host)}; back with: ${start(host)}`;
    },

    async pause(name) {
      const host = await running(name);
      await docker(["pause", host.container]);
      return `${host.name} hangs: its addresses answer, its programs do not, and ${without(host)}; back with: ${heal(host)}`;
    },

    async cut(name) {
      const host = await running(name);
      await inside(host.container, cutOff);
      return `${host.name} runs, but its network is cut off: ${without(host)}; back with: ${heal(host)} (a restart heals it, too)`;
    },

    async fillDisk(name) {
      const host = await running(name);
      const filled = await inside(host.container, fillUp);
      if (filled === "endless") throw endless(host);
      const expect = host === layout.services ? "pulls go on, pushes fail" : "what runs goes on, nothing new fits";
      return `the disk of ${host.name} is full, also after a restart: ${expect}; back with: ${heal(host)}`;
    },

    async heal(name) {
      const host = await present(layout, name);
      const undone: string[] = [];
      if ((await stateOf(host)) === "paused") {
        await docker(["unpause", host.container]);
        undone.push("goes on");
      }
      undone.push(...(await inside(host.container, healUp)).split("\n").filter((line) => line !== ""));
      return undone.length === 0 ? `${host.name} had nothing to heal` : `${host.name} ${undone.join(", ")}`;
    },

    async start(name) {
      const host = hostNamed(layout, name);
      const state = await stateOf(host);
      if (state === undefined || state === "paused") throw notRunning(layout, host, state);
      if (state === "running") return `${host.name} runs already`;
      await docker(["start", host.container]);
      await untilReady(layout, host);
      return `${host.name} is back: SSH and its Docker engine answer`;
    },
  };
}

const FILLING = "/disk/filling";

/** Takes all free space without writing it: in ever smaller pieces, for the last ones do not fit any more. */
const fillUp = `
  grep -q '^/dev/loop[0-9]* /disk ' /proc/mounts || { echo endless; exit; }
  end=$(stat --format %s ${FILLING} 2>/dev/null || echo 0)
  for size in 1073741824 67108864 4194304 65536 4096; do
    while fallocate --offset $end --length $size ${FILLING} 2>/dev/null; do end=$((end + size)); done
  done
`;

const healUp = `
  ${reopen}
  [ -z "\${cut-}" ] || echo "has its network back"
  [ ! -e ${FILLING} ] || { rm ${FILLING}; echo "has room on its disk again"; }
`;

/** What the engine says of a host, or undefined when there is none. */
async function stateOf(host: PlannedHost): Promise<string | undefined> {
  const asked = await attemptDocker(["inspect", "--format", "{{.State.Status}}", host.container]);
  return asked.exitCode === 0 ? asked.stdout.trim() : undefined;
}

/** A host that is switched on, hanging or not. */
async function present(layout: LabLayout, name: string): Promise<PlannedHost> {
  const host = hostNamed(layout, name);
  const state = await stateOf(host);
  if (state !== "running" && state !== "paused") throw notRunning(layout, host, state);
  return host;
}

function notRunning(layout: LabLayout, host: PlannedHost, state: string | undefined): Problem {
  const { environment } = layout;
  if (state === undefined) {
    return new Problem({
      code: "lab/host-missing",
      says: `${host.name} is not there`,
      instead: `make the hosts first: harborwright up ${environment}`,
    });
  }
  const [says, verb] = state === "paused" ? ["hangs", "heal"] : ["is switched off", "start"];
  return new Problem({
    code: "lab/host-not-running",
    says: `${host.name} ${says}`,
    instead: `first: harborwright lab ${verb} ${environment} ${host.name}`,
  });
}

function endless(host: PlannedHost): Problem {
  return new Problem({
    code: "lab/endless-disk",
    says: `the disk of ${host.name} cannot be filled: it is a folder of the engine's own disk`,
    instead: "use a machine whose kernel has loop devices, and make the lab anew: down --delete-data, then up",
  });
}
