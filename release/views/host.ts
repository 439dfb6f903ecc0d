import { wholeSeconds } from "../../spec/duration.js";
import { HARBOR_PATHS } from "../harbor-layout.js";
import { CONTAINER_USER, PATHS } from "../layout.js";
import type { NodeContext } from "./node-view.js";

/** Ports from here on need no rights on any Linux: the kernel's default. */
const FIRST_UNPRIVILEGED_PORT = 1024;
/** Seconds that stopping takes besides the drains of front and registry. */
const STOP_SPARE = 30;

/** What the files say that belong to the host itself: units, kernel settings, folders, log rotation. */
export interface HostView {
  /** The first port that the containers' user may listen on. @default - the kernel's */
  readonly unprivilegedPort: number | undefined;
  /** Folder of the host that holds the images, for a `filesystem` storage. */
  readonly storageFolder: string | undefined;
  readonly containerUser: number;
  /** Seconds: front and registry drain one after the other. */
  readonly stopSeconds: number;
  /** The program that starts and stops Harbor. @default - another engine runs */
  readonly harbor: string | undefined;
  readonly paths: typeof PATHS;
}

export function hostView({ environment }: NodeContext): HostView {
  const { drain, engine, ports, storage } = environment.registry;
  const lowest = Math.min(ports.https, ports.registry, ports.metrics, ports.status);
  return {
    unprivilegedPort: lowest < FIRST_UNPRIVILEGED_PORT ? lowest : undefined,
    storageFolder: storage.kind === "filesystem" && engine !== "harbor" ? storage.directory : undefined,
    containerUser: CONTAINER_USER,
    stopSeconds: 2 * wholeSeconds(drain) + STOP_SPARE,
    harbor: engine === "harbor" ? HARBOR_PATHS.program : undefined,
    paths: PATHS,
  };
}
