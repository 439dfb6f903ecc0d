import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Engine } from "../supply/engine.js";
import { attemptDocker, createUnlessThere, docker } from "./docker.js";
import { ENVIRONMENT_LABEL, HOST_LABEL, ofLab, RECIPE_LABEL } from "./labels.js";
import { type LabLayout, type PlannedHost, SERVICES } from "./layout.js";

/** What the engine says of a container: `created` and `exited` ones can be started, `paused` ones go on. */
export interface ExistingContainer {
  readonly host: string;
  readonly id: string;
  readonly state: string;
  readonly recipe: string;
  /** Bytes it may use; 0: no limit. */
  readonly memory: number;
}

/** The containers of a lab that exist. */
export async function existingContainers(environment: string): Promise<ExistingContainer[]> {
  const ids = await docker(["ps", "--all", "--quiet", ...ofLab(environment)]);
  if (ids === "") return [];
  const fields = [label(HOST_LABEL), "{{.Id}}", "{{.State.Status}}", label(RECIPE_LABEL), "{{.HostConfig.Memory}}"];
  // One may vanish between the two questions: the others are printed all the same.
  const { stdout } = await attemptDocker(["inspect", "--format", fields.join("\t"), ...ids.split("\n")]);
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [host = "", id = "", state = "", recipe = "", memory = ""] = line.split("\t");
      return { host, id, state, recipe, memory: Number(memory) };
    });
}

function label(name: string): string {
  return `{{index .Config.Labels "${name}"}}`;
}

/**
 * Sees to it that a host's container is there and runs. A node that exists is never made anew: like a machine it
 * keeps what is on it. The services host holds nothing but its disk, so it is made anew when its settings change.
 */
export async function raise(
  layout: LabLayout,
  host: PlannedHost,
  existing: ExistingContainer | undefined,
  made: { readonly image: string; readonly cgroups: readonly string[] },
): Promise<void> {
  const flags = hostFlags(layout, host, made.cgroups);
  const recipe = createHash("sha256")
    .update(JSON.stringify([made.image, flags]))
    .digest("hex");
  const outdated = existing !== undefined && host.name === SERVICES && existing.recipe !== recipe;
  if (outdated) await docker(["rm", "--force", existing.id]);
  if (existing === undefined || outdated) {
    await docker(["volume", "create", "--label", `${ENVIRONMENT_LABEL}=${layout.environment}`, host.volume]);
    const create = ["create", ...flags, "--label", `${RECIPE_LABEL}=${recipe}`, made.image];
    const there = async () =>
      (await existingContainers(layout.environment)).some(({ host: name }) => name === host.name);
    await createUnlessThere(create, there);
  }
  if (existing?.state === "paused") await docker(["unpause", host.container]);
  if (existing !== undefined && host.memory !== undefined && host.memory !== existing.memory) {
    await docker(["update", ...memoryFlags(host.memory), host.container]);
  }
  if (outdated || existing?.state !== "running") await docker(["start", host.container]);
}

/** What makes a container a machine: systemd as its first process, an own disk, rights over its own network. */
function hostFlags(layout: LabLayout, host: PlannedHost, cgroups: readonly string[]): string[] {
  return [
    ...["--name", host.container, "--hostname", host.name],
    ...["--label", `${ENVIRONMENT_LABEL}=${layout.environment}`, "--label", `${HOST_LABEL}=${host.name}`],
    ...["--network", layout.network.name, "--ip", host.address, "--network-alias", host.name],
    ...["--restart", "unless-stopped", "--stop-signal", "SIGRTMIN+3", "--stop-timeout", "30"],
    ...["--cap-add", "SYS_ADMIN", "--cap-add", "NET_ADMIN"],
    // Without it nobody enters a container of the host whose program is not root's, as Harbor's are: docker exec fails.
    ...["--cap-add", "SYS_PTRACE"],
    // The default profiles keep nested containers from their session keyrings and from mounting.
    ...["seccomp=unconfined", "apparmor=unconfined", "label=disable"].flatMap((option) => ["--security-opt", option]),
    ...cgroups,
    ...["--tmpfs", "/run:exec,mode=755", "--tmpfs", "/run/lock", "--tmpfs", "/tmp:exec"],
    // The disk is a file behind a loop device: block major 7, and the device that gives them out.
    ...["--volume", `${host.volume}:/lab-disk`, "--device-cgroup-rule", "b 7:* rwm"],
    ...["--device-cgroup-rule", "c 10:237 rwm"],
    ...["--env", `LAB_DISK=${host.container}`, "--env", `LAB_DATA=${host.dataFolders.join(" ")}`],
    ...sysctls(),
    ...(host.memory === undefined ? [] : memoryFlags(host.memory)),
    ...(host.name === SERVICES && layout.publish !== undefined
      ? ["--publish", `127.0.0.1:${layout.publish}:${layout.ports.https}`]
      : []),
  ];
}

/** /proc/sys is read-only inside, so what a release would set is given here; all three belong to the network namespace. */
function sysctls(): string[] {
  const settings = {
    "net.ipv4.ip_nonlocal_bind": 1,
    "net.ipv4.ip_unprivileged_port_start": 0,
    "net.core.somaxconn": 4096,
  };
  return Object.entries(settings).flatMap(([name, value]) => ["--sysctl", `${name}=${value}`]);
}

/** The same amount with swap: none is used. */
function memoryFlags(bytes: number): string[] {
  return ["--memory", `${bytes}`, "--memory-swap", `${bytes}`];
}

/**
 * How a host gets its groups of processes. With cgroup v1 systemd would mount and unmount in the machine's own tree:
 * each host has an own folder into which every controller is mounted by itself. With v2 a private namespace is enough.
 */
export async function cgroupFlags(engine: Engine): Promise<string[]> {
  if (engine.cgroup.version === 2) return ["--cgroupns", "private"];
  const mounts = (await readFile("/proc/self/mounts", "utf8")).split("\n").map((line) => line.split(" ")[1] ?? "");
  const controllers = [...new Set(mounts.filter((path) => /^\/sys\/fs\/cgroup\/[^/]+$/.test(path)))].sort();
  return ["--tmpfs", "/sys/fs/cgroup:mode=755", ...controllers.flatMap((path) => ["--volume", `${path}:${path}:rw`])];
}
