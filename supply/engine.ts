import { spawn } from "node:child_process";
import { open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import * as z from "zod";
import { $ } from "zx/core";
import { parsedJson } from "../spec/parsed-json.js";
import { Problem } from "../spec/problem.js";
import { machineFolder } from "./cache.js";
import { CGROUPS, prepareCgroups, usesCgroup2 } from "./cgroups.js";
import { withLock } from "./lock.js";
import { findProgram, NEEDS, provide, thisMachine } from "./machine.js";
import { choosePacketFilter } from "./packet-filter.js";
import type { Progress } from "./progress.js";

/** Milliseconds an engine may take to say what it is. A healthy one needs some 30. */
const ANSWER_WITHIN = 10_000;
/** Milliseconds a new engine may take until it answers. Usually 1 s; a first start that sets up its storage needs more. */
const READY_WITHIN = 60_000;
/** Where the engine, and the containerd it starts for itself, note their process numbers. */
const PID_FILES = { dockerd: "/var/run/docker.pid", containerd: "/var/run/docker/containerd/containerd.pid" };

const infoSchema = z.object({
  ServerVersion: z.string().min(1),
  OperatingSystem: z.string(),
  Architecture: z.string(),
  CgroupVersion: z.string().default("1"),
  CgroupDriver: z.string().default("cgroupfs"),
});

/** The Docker engine of this machine, as the `docker` program reaches it. */
export interface Engine {
  readonly version: string;
  /** Whether containers live in a virtual machine of Docker Desktop, so that their bridge cannot be reached from here. */
  readonly desktop: boolean;
  /** Architecture of its containers, as Go spells it: amd64, arm64. */
  readonly architecture: string;
  readonly cgroup: { readonly version: 1 | 2; readonly driver: string };
}

/**
 * The engine that answers; where none does, it is installed and started. Starting twice starts one.
 * @throws Problem `engine/…` when there is none and this process may not start one
 */
export async function provideEngine(progress: Progress): Promise<Engine> {
  const answering = await answeringEngine();
  if (answering instanceof Problem === false) return answering;
  await refuseIfNotOurs(answering);
  await provide([NEEDS.dockerd, NEEDS.iptables, NEEDS.mount], progress);
  // Debian 12 has the command line in the engine's package; later ones have it in its own.
  await provide([NEEDS.docker], progress);
  const folder = await machineFolder("engine");
  return withLock(join(folder, "start.lock"), "start the Docker engine", progress, async () => {
    const meanwhile = await answeringEngine();
    if (meanwhile instanceof Problem === false) return meanwhile;
    return progress.during("start the Docker engine", () => start(folder, progress), "3 s");
  });
}

/** The engine that answers now, or the reason why none does. */
export async function answeringEngine(): Promise<Engine | Problem> {
  if ((await findProgram("docker")) === undefined) return silent("the program docker is not there", []);
  const asked = await $({ quiet: true, nothrow: true, timeout: ANSWER_WITHIN })`docker info --format ${"{{json .}}"}`;
  const info = infoSchema.safeParse(parsedJson(asked.stdout));
  if (!info.success) return silent(reason(asked.stderr), asked.stderr.trim().split("\n"));
  return {
    version: info.data.ServerVersion,
    desktop: info.data.OperatingSystem.includes("Docker Desktop"),
    architecture: goArchitecture(info.data.Architecture),
    cgroup: { version: info.data.CgroupVersion === "2" ? 2 : 1, driver: info.data.CgroupDriver },
  };
}

function goArchitecture(machine: string): string {
  return { x86_64: "amd64", aarch64: "arm64" }[machine] ?? machine;
}

function reason(stderr: string): string {
  return stderr.includes("permission denied")
    ? "this user may not speak to the Docker engine"
    : "no Docker engine answers";
}

function silent(says: string, log: readonly string[]): Problem {
  return new Problem({
    code: "engine/silent",
    says,
    instead:
      "start it (systemctl start docker, or Docker Desktop), be a member of the group docker, or type this as root",
    log,
  });
}

/** An engine that the user chose (another host, Docker Desktop) is the user's to start. */
async function refuseIfNotOurs(silence: Problem): Promise<void> {
  const chosen = process.env.DOCKER_HOST;
  if (chosen) {
    const says = `no Docker engine answers at DOCKER_HOST=${chosen}`;
    throw new Problem({
      ...silence.details,
      code: "engine/chosen-silent",
      says,
      instead: "start it, or unset DOCKER_HOST",
    });
  }
  const machine = await thisMachine();
  if (!machine.root || process.platform !== "linux") throw silence;
}

async function start(folder: string, progress: Progress): Promise<Engine> {
  const machine = await thisMachine();
  if (machine.systemd) {
    await $({ quiet: true, nothrow: true })`systemctl start docker`;
    return ready(async () => ({
      running: true,
      log: (await $({ quiet: true, nothrow: true })`journalctl -u docker -n 12 --no-pager -o cat`).stdout,
    }));
  }
  await prepareCgroups(progress);
  await choosePacketFilter(progress);
  await removeStalePids();
  return startDetached(join(folder, "dockerd.log"), (await findProgram("dockerd")) ?? "dockerd");
}

/**
 * After a kill the number in a file may be another program's by now, or that of a dead process nobody has buried
 * (a machine without an init system does not): the engine would refuse to start, or wait for its containerd in vain.
 */
async function removeStalePids(): Promise<void> {
  for (const [program, file] of Object.entries(PID_FILES)) {
    const pid = (await readFile(file, "utf8").catch(() => "")).trim();
    if (pid !== "" && !(await runs(pid, program))) await rm(file, { force: true });
  }
}

/** Whether a process lives and runs this program; proc(5): `pid (program) state`, with Z for one that is dead. */
async function runs(pid: string, program: string): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return stat.includes(`(${program}) `) && !stat.includes(`(${program}) Z`);
}

/**
 * The engine outlives this process: it is a service of the machine that happens to have no init system. So it also
 * leaves the control groups of whoever started it, whose limits and whose end must not become its own.
 */
async function startDetached(logFile: string, dockerd: string): Promise<Engine> {
  const log = await open(logFile, "a");
  const began = (await log.stat()).size;
  const leaving = (await usesCgroup2())
    ? ""
    : `for group in ${CGROUPS}/*/cgroup.procs; do echo $$ > "$group"; done 2>/dev/null;`;
  const engine = spawn("sh", ["-c", `${leaving} exec "$0"`, dockerd], {
    detached: true,
    stdio: ["ignore", log.fd, log.fd],
  });
  let running = true;
  engine.once("exit", () => {
    running = false;
  });
  engine.unref();
  await log.close();
  return ready(async () => ({ running, log: (await readFile(logFile)).subarray(began).toString() }));
}

/** Asks until the engine answers, or has ended, or has had its time. */
async function ready(look: () => Promise<{ running: boolean; log: string }>): Promise<Engine> {
  const deadline = performance.now() + READY_WITHIN;
  for (;;) {
    const engine = await answeringEngine();
    if (engine instanceof Problem === false) return engine;
    const { running, log } = await look();
    if (!running || performance.now() > deadline) throw startFailed(running, log);
    await after(100);
  }
}

function startFailed(running: boolean, log: string): Problem {
  return new Problem({
    code: "engine/start-failed",
    says: running
      ? `the Docker engine did not answer within ${READY_WITHIN / 1000} s`
      : "the Docker engine ended while it started",
    instead: "look at the last lines of its log",
    log: log.trim().split("\n").slice(-12),
  });
}
