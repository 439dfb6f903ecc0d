import type { NamedProps } from "./named.js";

export { placeNodes, planSubnets } from "../spec/cloud/network-plan.js";

/** How machines without a public address reach the internet. */
export type Nat = "one" | "per-zone" | "none";

/** A network with a private and a public subnet in each zone. */
export interface NetworkProps extends NamedProps {
  /** Block of the whole network: /24 or larger, 10.20.0.0/16. */
  readonly cidr: string;
  /** Zones, in order. Append only: each keeps its subnets by its place in this list. */
  readonly zones: readonly string[];
  /**
   * NAT gateways: one costs least, one in each zone outlives a zone. `none` is for nodes with public addresses of their
   * own: their subnets then lead straight to the internet.
   * @default "one"
   */
  readonly nat?: Nat;
}

/** A network as what stands in it needs it: one made here, or one that you have. */
export interface SiteNetwork {
  /** Its id in the cloud. */
  readonly id: string;
  /** Its whole block. */
  readonly cidr: string;
  /** Id of a zone's subnet: private for machines, public for what has a public address. */
  subnet(kind: SubnetKind, zone: string): string;
}
export type SubnetKind = "private" | "public";

/** The gateways that a site wants: machines with public addresses need nothing between them and the internet. */
export function natOf({ access, network }: NatWishes): Nat {
  return access.from === "direct" ? "none" : network.nat;
}

/** What of a site decides about its gateways. */
export interface NatWishes {
  readonly access: { readonly from: string };
  readonly network: { readonly nat: Nat };
}

/** Where NAT gateways stand, and which one a zone goes through. */
export interface NatPlan {
  /** Zones that get a gateway. */
  readonly gateways: readonly string[];
  /** Zone of the gateway that this zone's machines use; undefined when they need none. */
  through(zone: string): string | undefined;
}

/** One gateway stands in the first zone, so that going over to one in each zone keeps it and its address. */
export function planNat(zones: readonly string[], nat: Nat): NatPlan {
  const gateways = nat === "none" ? [] : nat === "one" ? zones.slice(0, 1) : [...zones];
  return { gateways, through: (zone) => (gateways.includes(zone) ? zone : gateways[0]) };
}
