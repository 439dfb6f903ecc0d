import { wholeSeconds } from "../../spec/duration.js";
import { bytes } from "../../spec/size.js";
import { CONTAINER_USER, PATHS } from "../layout.js";
import type { NodeContext } from "./node-view.js";

/** Length of a scheduling period in microseconds: the kernel's default. */
const CPU_PERIOD = 100_000;
/** Seconds between the end of a drain and SIGKILL. */
const GRACE_AFTER_DRAIN = 10;

interface Limits {
  /** Bytes. */
  readonly memory: number;
  readonly cpuPeriod: number;
  /** Microseconds of a period. A quota and not `cpus`, which Docker refuses above the number of the host's. */
  readonly cpuQuota: number;
  readonly processes: number;
}

/** What compose.yaml says. */
export interface ComposeView {
  readonly user: string;
  /** @default - Harbor runs beside this, in a compose project of its own release */
  readonly registryImage: string | undefined;
  readonly frontImage: string;
  readonly nginx: boolean;
  readonly registryLimits: Limits;
  readonly frontLimits: Limits;
  /** Bytes that Go's collector stays below, so that a full heap is collected and not killed. */
  readonly goMemoryLimit: number;
  /** Digest of what the registry reads at its start only; another one and compose makes the container anew. */
  readonly registryDigest: string;
  /** Seconds until a stopping container is killed. */
  readonly stopSeconds: number;
  /** Folder of the host that holds the images, for a `filesystem` storage. */
  readonly storageFolder: string | undefined;
  readonly paths: typeof PATHS;
}

/** @param registryDigest - digest of the files of the unit "registry" */
export function composeView(context: NodeContext, registryDigest: string): ComposeView {
  const { environment, images } = context;
  const { front, limits, registry } = environment;
  const registryLimits = limitsView(limits.registry);
  return {
    user: `${CONTAINER_USER}:${CONTAINER_USER}`,
    registryImage: registry.engine === "harbor" ? undefined : images.registry.reference,
    frontImage: images[front.kind].reference,
    nginx: front.kind === "nginx",
    registryLimits,
    frontLimits: limitsView(limits.front),
    goMemoryLimit: Math.floor(registryLimits.memory * 0.9),
    registryDigest,
    stopSeconds: wholeSeconds(registry.drain) + GRACE_AFTER_DRAIN,
    storageFolder: registry.storage.kind === "filesystem" ? registry.storage.directory : undefined,
    paths: PATHS,
  };
}

function limitsView(limits: { memory: string; cpus: number; processes: number }): Limits {
  return {
    memory: bytes(limits.memory),
    cpuPeriod: CPU_PERIOD,
    cpuQuota: Math.round(limits.cpus * CPU_PERIOD),
    processes: limits.processes,
  };
}
