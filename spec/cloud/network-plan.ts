import { addressIn } from "../names.js";

/** Subnets a network has room for: eight zones, each with a private and a public one. */
const SLOTS = 16;

/** The longest prefix of a network: with /24 each of its subnets is a /28, the smallest that AWS makes. */
export const LONGEST_NETWORK_PREFIX = 24;

/** The subnets of one zone. */
export interface ZoneSubnets {
  readonly zone: string;
  /** For the nodes. */
  readonly private: string;
  /** For what has a public address: balancer, NAT gateway, bastion. */
  readonly public: string;
}

/**
 * The subnets of a network: a sixteenth of its block each, private ones first. A zone's subnets depend on its place in
 * the list alone, so that appending a zone moves none of those that are there.
 * @param cidr - block of /24 or larger
 * @param zones - at most eight
 */
export function planSubnets(cidr: string, zones: readonly string[]): ZoneSubnets[] {
  const [, prefix = "32"] = cidr.split("/");
  const length = Number(prefix) + Math.log2(SLOTS);
  const size = 2 ** (32 - length);
  const slot = (index: number) => `${addressIn(cidr, index * size)}/${length}`;
  return zones.map((zone, index) => ({ zone, private: slot(index), public: slot(SLOTS / 2 + index) }));
}

/** A node's place in the network. */
export interface NodePlace {
  readonly name: string;
  readonly zone: string;
  /** Its private subnet. */
  readonly subnet: string;
  readonly address: string;
}

/** Addresses at the beginning of a subnet that a cloud keeps for itself: AWS takes four, Alibaba Cloud one. */
const FIRST_FREE = 4;
/** Where nodes begin in a subnet with room: as on this machine, so that people know them again. */
const FIRST_NODE = 11;

/**
 * Nodes spread over the zones in turn, each with an address that no other node's coming or going changes. A zone that is
 * appended moves no node that had a zone to itself. Of more nodes than zones some move, or the new zone would have none:
 * three nodes in two zones stand apart only when one of them goes to the third.
 */
export function placeNodes(subnets: readonly ZoneSubnets[], count: number): NodePlace[] {
  return Array.from({ length: count }, (_, index) => {
    const home = subnets[index % subnets.length];
    if (home === undefined) throw new RangeError("a network without zones passed the schema");
    const roomy = Number(home.private.split("/")[1]) <= 27;
    const address = addressIn(home.private, (roomy ? FIRST_NODE : FIRST_FREE) + index);
    return { name: `node-${index + 1}`, zone: home.zone, subnet: home.private, address };
  });
}
