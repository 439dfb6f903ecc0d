import { wholeSeconds } from "../spec/duration.js";
import type { NamedProps } from "./named.js";

/** A balancer of connections (nlb, clb) or of requests (alb). */
export type BalancerKind = "nlb" | "clb" | "alb";

/** The balancer before the nodes. */
export interface LoadBalancerProps extends NamedProps {
  readonly kind: BalancerKind;
  /** Give it a public address. @default true */
  readonly public?: boolean;
  /**
   * Who shows the certificate to clients: the nodes, or the balancer with a certificate of the cloud; it then speaks
   * TLS to the nodes too.
   * @default "nodes"
   */
  readonly tls?: "nodes" | "balancer";
  /** Port of clients, and of the nodes' fronts. @default 443 */
  readonly port?: number;
  /** Port on which a front tells of its health, in plain HTTP. */
  readonly statusPort: number;
  /** How long a node may be silent in a push, as the environment file says it: 300s. @default "300s" */
  readonly uploadTimeout?: string;
  /** How long requests under way may go on when a node leaves, as the environment file says it. @default "60s" */
  readonly drain?: string;
  /** Refuse to delete it by accident. @default true */
  readonly protect?: boolean;
}

/** How a balancer finds out whether clients should come to a node. */
export interface HealthCheck {
  readonly protocol: "http";
  readonly port: number;
  readonly path: string;
  /** Answer of a node that takes clients. A drained one answers 503. */
  readonly status: number;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  /** Good answers until a node gets clients. */
  readonly healthyAfter: number;
  /** Bad answers until it gets none. */
  readonly unhealthyAfter: number;
}

/**
 * The health check of every balancer: a node gets no new client 10 s after it fell silent. Clients that were sent to it
 * before try again, and meet another. A shorter interval no cloud allows; one bad answer alone must not be enough, for
 * one lost packet would take a node out.
 */
export function healthCheck(statusPort: number): HealthCheck {
  return {
    protocol: "http",
    port: statusPort,
    path: "/healthz",
    status: 200,
    intervalSeconds: 5,
    // The front asks up to three registries for 1 s each before it answers (templates/nginx).
    timeoutSeconds: 4,
    healthyAfter: 2,
    unhealthyAfter: 2,
  };
}

/** What a balancer speaks to clients and to nodes. */
export interface Speech {
  readonly clients: "tcp" | "tls" | "https";
  readonly nodes: "tcp" | "tls" | "https";
}

/** A balancer of connections passes TLS through or ends it; one of requests must read them. */
export function speechOf(kind: BalancerKind, tls: "nodes" | "balancer"): Speech {
  if (kind === "alb") return { clients: "https", nodes: "https" };
  if (tls === "nodes") return { clients: "tcp", nodes: "tcp" };
  return { clients: "tls", nodes: "tls" };
}

/** A commit of a large layer is silent while the storage copies it; the balancer must wait longer than the front. */
export function idleSeconds(uploadTimeout: string): number {
  return wholeSeconds(uploadTimeout) + 50;
}
