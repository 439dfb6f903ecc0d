import type { NodePlace } from "../spec/cloud/network-plan.js";
import { bytes } from "../spec/size.js";
import type { NamedProps } from "./named.js";

/** Machines for the nodes, spread over zones. */
export interface HostsProps extends NamedProps {
  /** Each node's name, zone, subnet and address. */
  readonly places: readonly NodePlace[];
  /** Instance type. */
  readonly size: string;
  /** Another instance type for single nodes, by name. @default - all have the same */
  readonly sizes?: Readonly<Record<string, string>>;
  /** Id of the machine image. @default - the newest of the system that this version was tested with */
  readonly image?: string;
  /** Size of the encrypted system disk in GiB. @default 100 */
  readonly diskGibibytes?: number;
  /** Public key of operators, as OpenSSH writes it. */
  readonly sshPublicKey: string;
  /** Give every node a public address that it keeps. @default false */
  readonly publicAddresses?: boolean;
  /** Refuse to delete a machine by accident. @default true */
  readonly protect?: boolean;
}

/** A machine as balancers, alarms and outputs need it. */
export interface SiteHost {
  readonly name: string;
  /** Its id in the cloud. */
  readonly id: string;
  readonly privateAddress: string;
  /** @default - it has none */
  readonly publicAddress?: string;
}

/** Whole GiB of a disk that is at least this large. */
export function diskGibibytes(size: string): number {
  return Math.ceil(bytes(size) / 1024 ** 3);
}

/** The instance type of one node. */
export function sizeOfNode(node: string, { size, sizes = {} }: Pick<HostsProps, "size" | "sizes">): string {
  return sizes[node] ?? size;
}
