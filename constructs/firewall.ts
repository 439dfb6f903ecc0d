import type { Registry } from "../spec/registry.js";
import type { NamedProps } from "./named.js";

/** Who has a security group of its own. */
export type Party = "nodes" | "balancer" | "bastion";

/** What is opened between the parts of a site, and to the outside. */
export interface FirewallNeeds {
  /** Ports on each node. */
  readonly ports: Registry["ports"];
  /** Blocks from which operators come by SSH. */
  readonly operators: readonly string[];
  /** Blocks from which clients pull and push. */
  readonly clients: readonly string[];
  /** How operators reach SSH on the nodes. A session opens no port at all. */
  readonly access: "bastion" | "direct" | "private" | "session";
  /** Whether the nodes' network may read metrics. */
  readonly metrics: Registry["metrics"]["listen"];
  /** TCP ports on which nodes ask each other for more than images. @default - none */
  readonly between?: readonly number[];
  /** TCP ports outside that nodes connect to besides 80 and 443. @default - none */
  readonly outbound?: readonly number[];
}

/** Security groups of a site. */
export interface FirewallProps extends NamedProps, FirewallNeeds {}

/** One opening in a security group. */
export interface FirewallRule {
  /** Unique within a site and stable: https-from-balancer, ssh-from-203.0.113.0-24. */
  readonly id: string;
  /** Whose group it is in. */
  readonly of: Party;
  readonly direction: "in" | "out";
  readonly protocol: "tcp" | "udp";
  readonly port: number;
  /** Who is at the other end. */
  readonly peer: { readonly block: string } | { readonly party: Party };
  /** What it is for, in words that a reader of the cloud's console understands; AWS takes no apostrophes. */
  readonly purpose: string;
}

/** Security groups as machines and balancers need them. */
export interface SiteGroups {
  /** Id of the group of a party. */
  group(of: Party): string;
}

const ANYWHERE = "0.0.0.0/0";
const SSH = 22;
/** HTTP and HTTPS: packages of the system, images, the cloud's own services. */
const WEB = [80, 443] as const;

/** Every opening of a site; what is not listed stays closed. */
export function planFirewall(needs: FirewallNeeds): FirewallRule[] {
  return [...clientRules(needs), ...operatorRules(needs), ...nodeRules(needs), ...outboundRules(needs)];
}

/** Clients come through the balancer only, and only it may ask after a node's health. */
function clientRules({ ports, clients }: FirewallNeeds): FirewallRule[] {
  return [
    ...clients.map((block) => opening("balancer", "in", ports.https, { block }, "clients", "clients of the registry")),
    ...between("balancer", "nodes", ports.https, "https", "requests of clients"),
    ...between("balancer", "nodes", ports.status, "health", "health checks of the balancer"),
  ];
}

function operatorRules({ access, operators }: FirewallNeeds): FirewallRule[] {
  if (access === "session") return [];
  const entrance: Party = access === "bastion" ? "bastion" : "nodes";
  return [
    ...operators.map((block) => opening(entrance, "in", SSH, { block }, "ssh", "SSH of operators")),
    ...(access === "bastion" ? between("bastion", "nodes", SSH, "ssh", "SSH of operators over the bastion") : []),
  ];
}

/** A front asks every registry; metrics only where the environment shows them to the network. */
function nodeRules({ ports, metrics, between: more = [] }: FirewallNeeds): FirewallRule[] {
  return [
    ...between("nodes", "nodes", ports.registry, "registry", "fronts ask the registries of other nodes"),
    ...between("nodes", "nodes", ports.status, "status", "nodes ask after the health of other nodes"),
    ...(metrics === "private" ? between("nodes", "nodes", ports.metrics, "metrics", "metrics for Prometheus") : []),
    ...[...new Set(more)].flatMap((port) =>
      between("nodes", "nodes", port, `data-${port}`, "data base and cache of the nodes"),
    ),
  ];
}

function outboundRules({ access, outbound = [] }: FirewallNeeds): FirewallRule[] {
  const web = (party: Party, ports: readonly number[]) =>
    ports.map((port) => opening(party, "out", port, { block: ANYWHERE }, `port-${port}`, `port ${port} outside`));
  const more = [...new Set(outbound)].filter((port) => !WEB.some((known) => known === port)).sort((a, b) => a - b);
  return [
    ...web("nodes", [...WEB, ...more]),
    // A clock that is minutes off makes every signature for the storage invalid.
    { ...opening("nodes", "out", 123, { block: ANYWHERE }, "time", "time servers"), protocol: "udp" },
    ...(access === "bastion" ? web("bastion", WEB) : []),
  ];
}

/** Both ends of a connection: out of one group, into the other. */
function between(from: Party, to: Party, port: number, what: string, purpose: string): FirewallRule[] {
  return [
    opening(from, "out", port, { party: to }, what, purpose),
    opening(to, "in", port, { party: from }, what, purpose),
  ];
}

function opening(
  of: Party,
  direction: "in" | "out",
  port: number,
  peer: FirewallRule["peer"],
  what: string,
  purpose: string,
): FirewallRule {
  const other = "party" in peer ? peer.party : peer.block.replace("/", "-");
  const id = `${of}-${what}-${direction === "in" ? "from" : "to"}-${other}`;
  return { id, of, direction, protocol: "tcp", port, peer, purpose };
}
