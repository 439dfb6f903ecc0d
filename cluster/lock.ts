import type { Host } from "../hosts/host.js";
import type { Operator } from "./cluster.js";

/** Who holds the lock of a cluster. */
export interface Holder {
  readonly who: string;
  readonly command: string;
  /** When it was taken, by the host's clock, ISO 8601. */
  readonly since: string;
  /** The host that said so. */
  readonly node: string;
}

/** The right to change a cluster, for as long as this program lives and reaches the hosts. */
export interface Lease {
  readonly holder: Holder;
  /** The same hosts; a change is refused by the host itself once the lease is lost. */
  readonly hosts: readonly Host[];
  /** @throws Problem `lock/lost` when a host has given the lease up */
  assertHeld(): void;
  release(): Promise<void>;
}

export type TakeLock = (hosts: readonly Host[], operator: Operator) => Promise<Lease>;
