import type { NamedProps } from "./named.js";

/** The record that leads the registry's name to the balancer. */
export interface DnsRecordProps extends NamedProps {
  /** Name that clients use: registry.example.com. */
  readonly hostname: string;
  /** Zone of the cloud's DNS that the name is in: example.com. */
  readonly zone: string;
  /** Seconds that a client may keep the answer. @default 300 */
  readonly ttl?: number;
  /** Make a private zone that only the site's network sees, and do not touch the public one. @default false */
  readonly private?: boolean;
}

/** How a name can point at another: a zone's own name must hold addresses, every other may be an alias by CNAME. */
export function recordKind(hostname: string, zone: string): "apex" | "cname" {
  return hostname === zone ? "apex" : "cname";
}

/** The part of a name that stands before its zone; "@" for the zone itself. */
export function labelIn(hostname: string, zone: string): string {
  return hostname === zone ? "@" : hostname.slice(0, -zone.length - 1);
}
