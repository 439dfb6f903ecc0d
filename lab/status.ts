import { existingContainers } from "./container.js";
import { isCut } from "./cut.js";
import { attemptDocker } from "./docker.js";
import { hostsOf, type LabLayout, type PlannedHost } from "./layout.js";

/** How a host of the lab is: `cut` runs without its network, `stopped` was stopped or killed, `missing` was never made. */
export type LabHostState = "running" | "paused" | "cut" | "stopped" | "missing";

/** A host of the lab, as it is now. */
export interface LabHost {
  readonly name: string;
  readonly address: string;
  readonly state: LabHostState;
  /** Bytes in use, without what the kernel could give back. @default - not known: it does not run, or nobody counts */
  readonly memory?: number;
  /** Bytes of its disk. @default - not known, for it does not run */
  readonly disk?: { readonly used: number; readonly size: number };
}

/** Looks at all hosts of a lab, at once. */
export async function labStatus(layout: LabLayout): Promise<LabHost[]> {
  const states = new Map((await existingContainers(layout.environment)).map(({ host, state }) => [host, state]));
  return Promise.all(hostsOf(layout).map((host) => hostStatus(host, states.get(host.name))));
}

async function hostStatus(host: PlannedHost, state: string | undefined): Promise<LabHost> {
  const { name, address } = host;
  if (state === undefined) return { name, address, state: "missing" };
  if (state === "paused") return { name, address, state };
  if (state !== "running") return { name, address, state: "stopped" };
  const looked = await attemptDocker(["exec", host.container, "sh", "-c", LOOK]);
  // It may have died since the first question.
  if (looked.exitCode !== 0) return { name, address, state: "stopped" };
  const [network = "", memory = "", used = "0", size = "0"] = looked.stdout.trim().split(/\s+/);
  return {
    name,
    address,
    state: network === "cut" ? "cut" : "running",
    ...(memory === "uncounted" ? {} : { memory: Number(memory) }),
    disk: { used: Number(used), size: Number(size) },
  };
}

/** Prints: cut or open, bytes of memory or `uncounted`, bytes used on the disk, bytes of the disk. */
const LOOK = `
  ${isCut} && echo cut || echo open
  group=$(sed -n 's/^[0-9]*:memory:\\(.*\\)/\\1/p' /proc/1/cgroup)
  if [ -e /sys/fs/cgroup/cgroup.controllers ]; then folder=/sys/fs/cgroup total=memory.current reclaimable=inactive_file
  else folder=/sys/fs/cgroup/memory\${group%/init.scope} total=memory.usage_in_bytes reclaimable=total_inactive_file; fi
  if [ -e $folder/$total ]; then echo $(($(cat $folder/$total) - $(sed -n "s/^$reclaimable //p" $folder/memory.stat)))
  else echo uncounted; fi
  df --block-size=1 --output=used,size /disk | tail -n 1
`;
