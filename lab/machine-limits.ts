import { readFile, writeFile } from "node:fs/promises";
import type { Progress } from "../supply/progress.js";
import { docker } from "./docker.js";
import { ENVIRONMENT_LABEL } from "./labels.js";
import { hostsOf, type LabLayout } from "./layout.js";

const INSTANCES = "/proc/sys/fs/inotify/max_user_instances";
/** What systemd, dbus and the engine of one host take (counted: 7), and one to spare. */
const INSTANCES_PER_HOST = 8;

/**
 * Sees to it that systemd can watch files in every host. All hosts are the same user to the kernel, and Debian lets a
 * user have 128 watchers: with the 19th host systemd says "too many open files" and does not start.
 */
export async function provideWatchers(layout: LabLayout, progress: Progress): Promise<void> {
  const limit = Number(await readFile(INSTANCES, "utf8").catch(() => "Infinity"));
  const listed = await docker(["ps", "--quiet", "--filter", `label=${ENVIRONMENT_LABEL}`]);
  const needed = watchersNeeded(listed.split("\n").filter((id) => id !== "").length + hostsOf(layout).length);
  if (limit >= needed) return;
  progress.note(`set fs.inotify.max_user_instances to ${needed} (it was ${limit}): so many hosts need it`);
  await writeFile(INSTANCES, `${needed}`).catch(() => {
    progress.note(`only root may: sudo sysctl fs.inotify.max_user_instances=${needed}, should hosts not start`);
  });
}

/** Watchers for a number of hosts and as many for all else, in steps, so that the limit is seldom changed. */
export function watchersNeeded(hosts: number): number {
  return 2 ** Math.ceil(Math.log2(2 * hosts * INSTANCES_PER_HOST));
}
