import { access, readFile } from "node:fs/promises";
import { $ } from "zx/core";
import type { Progress } from "./progress.js";

/** Where control groups are mounted. */
export const CGROUPS = "/sys/fs/cgroup";
/** Controllers that systemd mounts together, in its spelling. */
const TOGETHER = ["cpu,cpuacct", "net_cls,net_prio"];

/**
 * Makes cgroup v1 ready for hosts that run systemd inside a container: mounts the controllers that nobody mounted.
 * Otherwise the first host's systemd would mount them for the whole machine, behind the engine's back, which then
 * logs "cannot find cgroup mount destination". Must run before the engine starts. On cgroup v2 nothing is needed.
 */
export async function prepareCgroups(progress: Progress): Promise<void> {
  if (await usesCgroup2()) return;
  const missing = missingControllers(await readFile("/proc/cgroups", "utf8"));
  if (missing.length === 0) return;
  progress.note(`mount the cgroup v1 controllers ${missing.join(" ")} below ${CGROUPS}`);
  await $({ quiet: true })`mount -o remount,rw ${CGROUPS}`;
  for (const controllers of missing) {
    const mountPoint = `${CGROUPS}/${controllers}`;
    // A kernel may list a controller that it does not let version 1 have; systemd cannot mount that one either.
    await $({
      quiet: true,
      nothrow: true,
    })`mkdir -p ${mountPoint} && mount -t cgroup -o ${controllers} cgroup ${mountPoint}`;
  }
}

/** Whether the machine has the one hierarchy of cgroup v2; a mixed machine counts as version 1. */
export async function usesCgroup2(): Promise<boolean> {
  return access(`${CGROUPS}/cgroup.controllers`).then(
    () => true,
    () => false,
  );
}

/**
 * The controllers that belong to no hierarchy yet, in groups as systemd mounts them.
 * @param table - the text of /proc/cgroups: name, hierarchy (0: none), number of groups, enabled
 */
export function missingControllers(table: string): string[] {
  const free = table
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.split(/\s+/))
    .filter(([, hierarchy, , enabled]) => hierarchy === "0" && enabled === "1")
    .map(([name = ""]) => name);
  const groups = TOGETHER.filter((group) => group.split(",").every((name) => free.includes(name)));
  const grouped = groups.flatMap((group) => group.split(","));
  return [...free.filter((name) => !grouped.includes(name)), ...groups].sort();
}
