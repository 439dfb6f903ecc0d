import { sizeOf } from "../cidr.js";
import { isCloud } from "../cloud/sites.js";
import type { Environment } from "../environment.js";
import { LOCAL_PLACES } from "../inventory.js";
import { addressIn, ipv4Number } from "../names.js";
import { refusalOfEach } from "../refusal.js";
import type { Entry, Site } from "../site.js";
import { isUnusable } from "./network.js";
import { everySite, hostsSites, localSites } from "./views.js";

type Floating = Extract<Entry, { from: "floating" }>;

/** Each site whose floating address is written down. */
function floatingAddresses(environment: Environment) {
  return everySite(environment).flatMap((seen) => {
    const { entry } = seen.site;
    return entry?.from === "floating" && entry.address !== undefined ? [{ ...seen, address: entry.address }] : [];
  });
}

/** Each site with a floating entry that is written down. */
function floatingEntries(environment: Environment) {
  return everySite(environment).flatMap((seen) => {
    const entry: Floating | undefined = seen.site.entry?.from === "floating" ? seen.site.entry : undefined;
    return entry === undefined ? [] : [{ ...seen, entry }];
  });
}

/** Addresses of a site that something has already. */
function takenAddresses(site: Site): Map<string, string> {
  if (site.provider === "hosts") {
    return new Map(
      site.hosts.flatMap((host) => [host.address, host.privateAddress ?? ""].map((one) => [one, host.name])),
    );
  }
  // A cloud gives its balancer an address of its own.
  if (isCloud(site)) return new Map();
  const { cidr } = site.network;
  const nodes = Array.from({ length: site.nodes.count }, (_, index): [string, string] => [
    addressIn(cidr, LOCAL_PLACES.firstNode + index),
    `node-${index + 1}`,
  ]);
  return new Map([
    [addressIn(cidr, LOCAL_PLACES.gateway), "this machine"],
    [addressIn(cidr, LOCAL_PLACES.services), "the services host"],
    ...nodes,
  ]);
}

/** The address of an entry that is written down. */
function writtenAddress(site: Site): string | undefined {
  if (isCloud(site) || site.entry === undefined || site.entry.from === "node") return undefined;
  return site.entry.address;
}

/** Whether an address is one that a host in this block may have: not the block's name, not its broadcast address. */
function isInside(address: string, cidr: string): boolean {
  const place = ipv4Number(address) - ipv4Number(addressIn(cidr, 0));
  return place > 0 && place < sizeOf(cidr) - 1;
}

const nodeOfSeveral = refusalOfEach(everySite, "entry/node-of-several", {
  when: ({ site, nodes }) => site.entry?.from === "node" && nodes > 1,
  field: "sites[].entry.from",
  says: ({ nodes }) => `node with ${nodes} nodes`,
  because: "clients would come in through one node only, and nobody could push or pull when it is dead",
  instead: "from: floating, or from: balancer",
  source: "by design",
});

const missing = refusalOfEach(hostsSites, "entry/missing", {
  when: ({ site, nodes }) => site.entry === undefined && nodes > 1,
  field: "sites[].entry",
  says: ({ nodes }) => `no entry with ${nodes} nodes`,
  because: "which address is free in your network, or where your load balancer is, nobody but you knows",
  instead: "entry: { from: floating, address: a free address }, or entry: { from: balancer, address: its name }",
  source: "by design",
});

const addressMissing = refusalOfEach(hostsSites, "entry/address-missing", {
  when: ({ site }) => site.entry !== undefined && site.entry.from !== "node" && site.entry.address === undefined,
  field: "sites[].entry.address",
  says: ({ site }) => `${site.entry?.from} without an address`,
  because: "which address that is in your network nobody but you knows",
  instead: ({ site }) =>
    site.entry?.from === "floating" ? "a free address in the hosts' network" : "the balancer's name or address",
  source: "by design",
});

const addressTaken = refusalOfEach(everySite, "entry/address-taken", {
  when: ({ site }) => takenAddresses(site).has(writtenAddress(site) ?? "-") && !isLocalBalancer(site),
  field: "sites[].entry.address",
  says: ({ site }) => {
    const address = writtenAddress(site) ?? "";
    return `${address} is the address of ${takenAddresses(site).get(address)}`;
  },
  because: "the entry needs an address of its own: this one dies with its owner",
  instead: "an address that nothing else has",
  source: "RFC 9568: a backup that owns the address is the master whatever its priority",
});

const floatingUnusable = refusalOfEach(floatingAddresses, "entry/address-unusable", {
  when: ({ address }) => isUnusable(address),
  field: "sites[].entry.address",
  says: ({ address }) => address,
  because: "no client reaches such an address",
  instead: "a free address in the hosts' network",
  source: "RFC 6890: loopback, unspecified, multicast and reserved blocks",
});

const floatingOutside = refusalOfEach(localSites, "entry/address-outside-network", {
  when: ({ site }) =>
    site.entry?.from === "floating" &&
    site.entry.address !== undefined &&
    !isUnusable(site.entry.address) &&
    !isInside(site.entry.address, site.network.cidr),
  field: "sites[].entry.address",
  says: ({ site }) => `${writtenAddress(site)} is no address of a host in ${site.network.cidr}`,
  because: "the machine would look for it elsewhere than at the nodes",
  instead: ({ site }) =>
    `leave it away for ${addressIn(site.network.cidr, LOCAL_PLACES.floating)}, or another one inside`,
  source: "spec/inventory.ts: the lab's network is one block",
});

const localBalancerElsewhere = refusalOfEach(localSites, "entry/balancer-elsewhere", {
  when: ({ site }) =>
    site.entry?.from === "balancer" &&
    site.entry.address !== undefined &&
    site.entry.address !== addressIn(site.network.cidr, LOCAL_PLACES.services),
  field: "sites[].entry.address",
  says: ({ site }) => `${writtenAddress(site)}`,
  because: "on this machine the balancer runs on the services host",
  instead: ({ site }) => `leave it away: it is ${addressIn(site.network.cidr, LOCAL_PLACES.services)}`,
  source: "spec/inventory.ts: LOCAL_PLACES",
});

function isLocalBalancer(site: Site): boolean {
  return site.provider === "local" && site.entry?.from === "balancer";
}

const advertBetweenTicks = refusalOfEach(floatingEntries, "entry/advert-between-ticks", {
  when: ({ entry }) => /ms$/.test(entry.advertEvery) && Number.parseInt(entry.advertEvery, 10) % 10 !== 0,
  field: "sites[].entry.advertEvery",
  says: ({ entry }) => entry.advertEvery,
  because: "VRRP counts in hundredths of a second, and nodes that round differently both hold the address",
  instead: "a multiple of 10ms: 250ms",
  source: "RFC 9568: Max Advertise Interval is counted in centiseconds",
});

/** Refusals that concern where clients come in. */
export const entryRefusals = [
  nodeOfSeveral,
  missing,
  addressMissing,
  addressTaken,
  floatingUnusable,
  floatingOutside,
  localBalancerElsewhere,
  advertBetweenTicks,
];
