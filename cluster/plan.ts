import type { Unit } from "../release/release.js";

/** What a file looks like on a host, or shall look like. */
export interface FileState {
  /** sha256 of its bytes, in hex. */
  readonly sha256: string;
  /** Permission bits in octal: "640". */
  readonly mode: string;
  /** Numeric owner and group: "0:10101". */
  readonly owner: string;
}

/** One file that differs between a host and its release. */
export interface FileChange {
  readonly path: string;
  readonly change: "add" | "change" | "remove";
  /** The part of a node that acts on it. */
  readonly unit: Unit;
  /** @default - the file is not there */
  readonly before?: FileState;
  /** @default - the file goes away */
  readonly after?: FileState;
  /** Whether it is not what the release now on the host has put there: somebody edited it. */
  readonly drifted: boolean;
  /** Whether it holds secrets, so that its diff is made of masked texts. */
  readonly sensitive: boolean;
  /**
   * Unified diff without secrets, beginning at the first hunk. Empty when only secrets, rights or owners differ.
   * @default - the texts are not known
   */
  readonly diff?: string;
  /** Whether secrets in it differ that the diff cannot show. */
  readonly secretsChange: boolean;
}

/** What is done on a host, in the order in which it is done. */
export const ACTIONS = [
  "install-runtime",
  "load-image",
  "stage-release",
  "install-files",
  "remove-files",
  "apply-kernel-settings",
  "enable-service",
  "start-registry",
  "restart-registry",
  "start-front",
  "recreate-front",
  "reload-front",
  "start-floating-address",
  "restart-floating-address",
  "stop-floating-address",
  "record-release",
] as const;
export type ActionKind = (typeof ACTIONS)[number];

/** One thing that will be done on a host. */
export interface Action {
  readonly kind: ActionKind;
  /** In words, with its object: "restart the registry". */
  readonly says: string;
}

/** What will change on one host. */
export interface HostPlan {
  readonly site: string;
  readonly node: string;
  /** Digests of the release now on the host and of the one it shall have. */
  readonly release: { readonly before?: string; readonly after: string };
  readonly files: readonly FileChange[];
  readonly actions: readonly Action[];
  /** What clients will notice. @default - nothing */
  readonly interruption?: string;
}

/** What will change on all hosts: the stable form of `plan --json`. */
export interface Plan {
  readonly environment: string;
  readonly hosts: readonly HostPlan[];
  /** Hosts that could not be asked, with the reason. */
  readonly unreachable: readonly { readonly node: string; readonly code: string; readonly says: string }[];
}

/** Whether the hosts are as they shall be. */
export function isEmpty(plan: Plan): boolean {
  return plan.unreachable.length === 0 && plan.hosts.every((host) => host.actions.length === 0);
}
