import { isIPv4 } from "node:net";
import type { RegistryAddress } from "../../operations/registry-request.js";
import { ipv4Number } from "../../spec/names.js";

/** A registry that may be loaded: with an account, and the CA of its certificate. */
export type LoadTarget = RegistryAddress & Required<Pick<RegistryAddress, "ca" | "credentials">>;

/** Blocks of addresses that nobody else can own: loopback, and the one for benchmarks (RFC 2544). */
const OWN_BLOCKS = [
  { first: "127.0.0.0", size: 2 ** 24 },
  { first: "198.18.0.0", size: 2 ** 17 },
] as const;

/**
 * Sees to it that load only ever falls on this machine.
 * @throws RangeError for every address but loopback and 198.18.0.0/15
 */
export function assertOwnMachine(address: string): void {
  const isOwn = isIPv4(address) && OWN_BLOCKS.some(({ first, size }) => contains(first, size, address));
  if (!isOwn) throw new RangeError(`load is for loopback and 198.18.0.0/15 only, not for ${address}`);
}

function contains(first: string, size: number, address: string): boolean {
  const offset = ipv4Number(address) - ipv4Number(first);
  return offset >= 0 && offset < size;
}
