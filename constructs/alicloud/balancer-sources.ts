import type { BalancerKind } from "../load-balancer.js";

/** What must be known of a balancer to say from which addresses it comes to the nodes. */
export interface BalancerOrigin {
  readonly kind: BalancerKind;
  readonly tls: "nodes" | "balancer";
  /** Blocks of the vSwitches that the balancer stands in. */
  readonly blocks: readonly string[];
  /** Blocks of the clients. */
  readonly clients: readonly string[];
}

/** Blocks from which requests and health checks reach the nodes. */
export interface BalancerSources {
  readonly requests: readonly string[];
  readonly health: readonly string[];
}

/** Where classic balancers of Alibaba Cloud live, as every VPC sees them. */
export const CLASSIC_BALANCERS = "100.64.0.0/10";

/**
 * Which addresses nodes see behind a balancer: the clients' own behind one that passes connections through, for the
 * front counts connections and pushes by client; the balancer's own where it ends TLS. Health checks always come from the
 * balancer itself.
 *
 * Sources: Alibaba Cloud, NLB server groups (client IP preservation; not together with TCPSSL listeners), CLB health
 * checks (100.64.0.0/10).
 */
export function balancerSources({ kind, tls, blocks, clients }: BalancerOrigin): BalancerSources {
  if (kind === "clb") return { requests: [...clients, CLASSIC_BALANCERS], health: [CLASSIC_BALANCERS] };
  return { requests: keepsClientAddresses(kind, tls) ? clients : blocks, health: blocks };
}

/** Whether the nodes see the clients' own addresses behind a balancer that stands in the network. */
export function keepsClientAddresses(kind: BalancerKind, tls: "nodes" | "balancer"): boolean {
  return kind === "nlb" && tls === "nodes";
}
