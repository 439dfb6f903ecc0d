import type { ProblemDetails } from "../spec/problem.js";
import type { FileState } from "./file-state.js";
import type { Mark, Service } from "./places.js";

/** A container of the project as it is now. */
export interface ContainerFact {
  readonly id: string;
  /** The image as the compose file named it when the container was made. */
  readonly image: string;
  /** running, restarting, exited, created, paused, dead. */
  readonly state: string;
  /** healthy, unhealthy or starting. @default - it has no check of its own */
  readonly health?: string;
  readonly restarts: number;
  /** ISO 8601, by the host's clock. */
  readonly started: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A systemd unit as it is now. */
export interface UnitFact {
  readonly active: boolean;
  readonly enabled: boolean;
  /** Whether its file changed after systemd has read it. */
  readonly outdated: boolean;
}

/** What a host is like. All of it was read in one go. */
export interface HostFacts {
  readonly site: string;
  readonly node: string;
  /** From os-release: "debian", "12", "Debian GNU/Linux 12 (bookworm)"; architecture as uname says it. */
  readonly system: {
    readonly id: string;
    readonly version: string;
    readonly name: string;
    readonly architecture: string;
  };
  /** Changes with each boot. */
  readonly boot: string;
  /** Milliseconds by which its clock is ahead of ours. */
  readonly clockAhead: number;
  /** Bytes. */
  readonly memory: number;
  /** Free bytes. */
  readonly free: { readonly opt: number; readonly docker: number; readonly log: number };
  readonly tools: {
    readonly docker: "absent" | "stopped" | "running";
    /** Version of the compose plugin. @default - absent */
    readonly compose?: string;
    readonly keepalived: boolean;
    readonly curl: boolean;
  };
  readonly releases: {
    /** Names of releases; 16 digits. */
    readonly current?: string;
    readonly previous?: string;
    readonly kept: readonly string[];
    /** The set that was last carried out on all nodes: the name of a release by that of its node. */
    readonly complete?: Readonly<Record<string, string>>;
  };
  /** Files that are there, by path: those that are wanted, and those that some release has put there. */
  readonly files: ReadonlyMap<string, FileState>;
  /** The same files as the current release has them. */
  readonly released: ReadonlyMap<string, FileState>;
  /** Texts of files that are not as wanted, without secrets. */
  readonly texts: ReadonlyMap<string, string>;
  readonly containers: Readonly<Partial<Record<Service, ContainerFact>>>;
  /** Harbor's containers by their names. @default - there are none */
  readonly harbor?: ReadonlyMap<string, ContainerFact>;
  /** Containers of somebody else that have a name which ours need. @default - there are none */
  readonly strangers?: readonly string[];
  /** Ids and digests (`sha256:…`) of images that are there. */
  readonly images: ReadonlySet<string>;
  readonly marks: Readonly<Partial<Record<Mark, string>>>;
  readonly units: { readonly service: UnitFact; readonly floating: UnitFact };
  /** Settings of the kernel as they are, by name. */
  readonly kernel: Readonly<Record<string, string>>;
  readonly drained: {
    /** Who keeps clients away: `up` while it makes the front anew, or an operator. @default - nobody */
    readonly by?: "up" | "operator";
    /** Whether its registry is kept from answering. */
    readonly registry: boolean;
  };
}

/** What all hosts are like, and which could not be asked. */
export interface ClusterFacts {
  readonly hosts: readonly HostFacts[];
  readonly unreachable: readonly { readonly node: string; readonly problem: ProblemDetails }[];
}
