import { wholeSeconds } from "../../spec/duration.js";
import { Problem } from "../../spec/problem.js";
import type { SiteGroups } from "../firewall.js";
import type { SiteHost } from "../hosts.js";
import type { BalancerKind, LoadBalancerProps as CommonLoadBalancerProps } from "../load-balancer.js";
import { idleSeconds } from "../load-balancer.js";
import type { SiteNetwork } from "../network.js";

/** What each kind of balancer needs of its site. */
export interface BalancerSite extends CommonLoadBalancerProps {
  readonly network: SiteNetwork;
  readonly groups: SiteGroups;
  /** Zones it stands in: two at the least, but for a classic one. */
  readonly zones: readonly string[];
  /** Id of a certificate in the certificate service: 12345678-cn-hangzhou. Needed when it ends TLS. */
  readonly certificate?: string;
}

/** What the cloud's monitor measures a balancer by. */
export interface BalancerMetrics {
  readonly kind: BalancerKind;
  /** Id of the balancer. */
  readonly id: string;
  /** Port of its listener. */
  readonly port: number;
  /** Id of the group of its nodes. */
  readonly serverGroup: string;
}

/** A balancer of any kind, as the rest of a site sees it. */
export interface Balancer {
  /** Name or address under which clients reach it. */
  readonly address: string;
  /** IPv4 addresses that it keeps as long as it is there, by zone. Empty where only its name lasts. */
  readonly addresses: ReadonlyMap<string, string>;
  readonly metrics: BalancerMetrics;
  /** Sends clients to a machine, as soon as that is healthy. */
  addHost(host: SiteHost): void;
}

/** TLS 1.2 with forward secrecy, and 1.3. */
export const TLS_POLICY = "tls_cipher_policy_1_2_strict_with_1_3";

/**
 * Seconds that a connection may be silent: a little longer than the front waits, where the cloud allows it.
 * @throws Problem `load-balancer/upload-timeout-too-long`
 */
export function silenceSeconds({ kind, uploadTimeout = "300s" }: BalancerSite, most: number): number {
  if (wholeSeconds(uploadTimeout) <= most) return Math.min(idleSeconds(uploadTimeout), most);
  throw new Problem({
    code: "load-balancer/upload-timeout-too-long",
    says: `a push may be silent for ${uploadTimeout}, a balancer of kind ${kind} breaks it off after ${most} s`,
    instead: `uploadTimeout: ${most}s or less`,
    field: "front.uploadTimeout",
    source: "Alibaba Cloud, listeners of NLB and CLB: 900 s; of ALB: 600 s",
  });
}

/** Seconds that connections may go on when a node leaves, in the bounds of the cloud. */
export function drainSeconds(seconds: number): number {
  return Math.min(Math.max(seconds, 10), 900);
}

/** @throws Problem `load-balancer/needs-two-zones` */
export function requireTwoZones({ kind, zones }: BalancerSite): void {
  if (zones.length >= 2) return;
  throw new Problem({
    code: "load-balancer/needs-two-zones",
    says: `a balancer of kind ${kind} in ${zones.length === 1 ? `${zones[0]} alone` : "no zone"}`,
    instead: "two zones or more, or kind: clb, which needs one",
    field: "sites[].zones",
    source: "Alibaba Cloud, CreateLoadBalancer of NLB and ALB: ZoneMappings",
  });
}

/** @throws Problem `load-balancer/without-certificate` */
export function requireCertificate({ kind, certificate }: BalancerSite): string {
  if (certificate !== undefined) return certificate;
  throw new Problem({
    code: "load-balancer/without-certificate",
    says: `a balancer of kind ${kind} that ends TLS, without a certificate`,
    instead: "certificate: the id of one in the certificate service, 12345678-cn-hangzhou",
    field: "sites[].certificate",
  });
}
