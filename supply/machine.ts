import { readFile, rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { $ } from "zx/core";
import { Problem } from "../spec/problem.js";
import { exists, machineFolder } from "./cache.js";
import { withLock } from "./lock.js";
import type { Progress } from "./progress.js";

/** A program that this machine must have, and the Debian package that brings it. */
export interface Need {
  readonly program: string;
  readonly package: string;
  /** Whether it is there. @default - whether there is a program of that name */
  there?(): Promise<boolean>;
}

/** The programs that this machine may need besides Node. */
export const NEEDS = {
  dockerd: { program: "dockerd", package: "docker.io" },
  docker: { program: "docker", package: "docker-cli" },
  iptables: { program: "iptables", package: "iptables" },
  ip: { program: "ip", package: "iproute2" },
  mount: { program: "mount", package: "mount" },
  ssh: { program: "ssh", package: "openssh-client" },
  skopeo: { program: "skopeo", package: "skopeo" },
  debootstrap: { program: "debootstrap", package: "debootstrap" },
  go: { program: "go", package: "golang-go" },
  tar: { program: "tar", package: "tar" },
  python: { program: "python3", package: "python3" },
  curl: { program: "curl", package: "curl" },
} as const satisfies Record<string, Need>;

/** Where programs for administrators lie, also when the PATH of a user leaves it out. */
const ADMINISTRATORS = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/** What a machine lets us do about a missing program. */
export interface Machine {
  /** Whether apt-get is there: Debian, Ubuntu and their kin. */
  readonly apt: boolean;
  readonly root: boolean;
  /** Whether systemd is the init system that runs. */
  readonly systemd: boolean;
}

/** Looks at the machine this runs on. */
export async function thisMachine(): Promise<Machine> {
  return {
    apt: (await findProgram("apt-get")) !== undefined,
    root: process.getuid?.() === 0,
    systemd: await exists("/run/systemd/system"),
  };
}

/** The full path of a program, or undefined when this machine does not have it. */
export async function findProgram(name: string): Promise<string | undefined> {
  const folders = [...(process.env.PATH ?? "").split(delimiter), ...ADMINISTRATORS];
  for (const folder of folders) {
    const path = join(folder, name);
    if (folder !== "" && (await exists(path))) return path;
  }
  return undefined;
}

/** Which of some needs this machine does not meet. */
export async function missing(needs: readonly Need[]): Promise<Need[]> {
  const there = await Promise.all(needs.map((need) => need.there?.() ?? hasProgram(need.program)));
  return needs.filter((_, index) => !there[index]);
}

async function hasProgram(name: string): Promise<boolean> {
  return (await findProgram(name)) !== undefined;
}

/**
 * Sees to it that programs are there: installs what is missing from the system's own packages.
 * @throws Problem `machine/programs-missing` with the one command to type, where this process may not install
 * @throws Problem `machine/install-failed` with the last lines of apt-get
 */
export async function provide(needs: readonly Need[], progress: Progress): Promise<void> {
  const lacking = await missing(needs);
  if (lacking.length === 0) return;
  const packages = [...new Set(lacking.map((need) => need.package))].sort();
  const machine = await thisMachine();
  if (!machine.apt || !machine.root) throw programsMissing(lacking, packages, machine);
  const what = `install ${packages.join(" ")} with apt-get`;
  const lock = join(await machineFolder("packages"), "install.lock");
  await withLock(lock, what, progress, async () => {
    // Whoever held the lock before may have installed the same.
    if ((await missing(lacking)).length > 0) await progress.during(what, () => install(packages), "30 s");
  });
  const still = await missing(lacking);
  if (still.length > 0) throw programsMissing(still, packages, machine);
}

function programsMissing(lacking: readonly Need[], packages: readonly string[], machine: Machine): Problem {
  const programs = lacking.map((need) => need.program).join(", ");
  return new Problem({
    code: "machine/programs-missing",
    says: `this machine lacks ${programs}${machine.root ? "" : ", and only root may install"}`,
    instead: machine.apt
      ? `type: ${machine.root ? "" : "sudo "}apt-get install ${packages.join(" ")}`
      : `install ${programs} with your system's package manager (on Debian: ${packages.join(" ")})`,
  });
}

/** Lists of packages may be missing or old: they are fetched only when an installation fails without. */
async function install(packages: readonly string[]): Promise<void> {
  await withoutServices(async () => {
    if ((await aptInstall(packages)).exitCode === 0) return;
    const update = await aptUpdate();
    const second = await aptInstall(packages);
    if (second.exitCode === 0) return;
    throw new Problem({
      code: "machine/install-failed",
      says: `apt-get could not install ${packages.join(" ")} (exit code ${second.exitCode})`,
      instead: "look at its last lines, mend what they say, and start again",
      log: `${update.stderr}${second.stdout}${second.stderr}`.trim().split("\n").slice(-12),
    });
  });
}

/** Fetches the lists of packages anew; only root may. What is wrong with them shows when a package is asked for. */
export async function refreshPackageLists(progress: Progress): Promise<void> {
  if (process.getuid?.() !== 0) return;
  await progress.during("fetch the lists of packages with apt-get", async () => {
    await aptUpdate();
  });
}

function aptUpdate() {
  return $({ quiet: true, nothrow: true })`apt-get --quiet update`;
}

function aptInstall(packages: readonly string[]) {
  return $({
    quiet: true,
    nothrow: true,
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  })`apt-get --quiet --yes -o DPkg::Lock::Timeout=300 install --no-install-recommends ${packages}`;
}

const POLICY = "/usr/sbin/policy-rc.d";

/**
 * Keeps packages from starting their services while they are installed: the engine needs preparations first. The
 * policy holds only while this process lives, so one that is left behind by a kill forbids nothing.
 */
async function withoutServices(work: () => Promise<void>): Promise<void> {
  const ours = "# harborwright: no service starts while it installs packages";
  const before = await readFile(POLICY, "utf8").catch(() => "");
  if (before !== "" && !before.includes(ours)) return work();
  await writeFile(POLICY, `#!/bin/sh\n${ours}\nkill -0 ${process.pid} 2>/dev/null && exit 101\nexit 0\n`, {
    mode: 0o755,
  });
  try {
    await work();
  } finally {
    await rm(POLICY, { force: true });
  }
}
