import { isIPv4 } from "node:net";
import { refusalOfEach } from "../refusal.js";
import { isUnusable } from "./network.js";
import { everyHost, everySite } from "./views.js";

const severalSites = refusalOfEach(everySite, "sites/several", {
  when: ({ before }) => before.length === 1,
  field: "sites[]",
  says: ({ site, before }) => `${site.name} is a second site beside ${before[0]?.name}`,
  because: "this version builds one site; nothing yet leads clients from one to the other",
  instead: "one file for each site, each with a name of its own",
  source: "limits of this version",
});

const siteNameTwice = refusalOfEach(everySite, "sites/name-twice", {
  when: ({ site, before }) => before.some(({ name }) => name === site.name),
  field: "sites[].name",
  says: ({ site }) => `${site.name} names two sites`,
  because: "certificates, hosts and commands find a site by its name",
  instead: "a name of its own for each site",
  source: "by design",
});

const hostNameTwice = refusalOfEach(everyHost, "hosts/name-twice", {
  when: ({ host, before }) => before.some(({ name }) => name === host.name),
  field: "sites[].hosts[].name",
  says: ({ host }) => `${host.name} names two hosts`,
  because: "releases, locks and commands find a node by its name",
  instead: "a name of its own for each host: node-1, node-2, node-3",
  source: "by design",
});

const addressTwice = refusalOfEach(everyHost, "hosts/address-twice", {
  when: ({ host, before }) => before.some((other) => isSameDoor(other, host)),
  field: "sites[].hosts[].address",
  says: ({ host }) => `${host.address} port ${host.port} belongs to two hosts`,
  because: "both would be one machine, which dies as one",
  instead: "the address of each machine; behind one forwarding address, a port of its own for each",
  source: "by design",
});

const privateAddressTwice = refusalOfEach(everyHost, "hosts/private-address-twice", {
  when: ({ host, before }) =>
    before.some((other) => inner(other) === inner(host) && isIPv4(inner(host)) && !isSameDoor(other, host)),
  field: "sites[].hosts[].privateAddress",
  says: ({ host }) => `${inner(host)} belongs to two hosts`,
  because: "requests for one node would go to the other",
  instead: "the address that each machine has between the nodes",
  source: "by design",
});

const privateAddressMissing = refusalOfEach(everyHost, "hosts/private-address-missing", {
  when: ({ host }) => host.privateAddress === undefined && !isIPv4(host.address),
  field: "sites[].hosts[].privateAddress",
  says: ({ host }) => `${host.address} is no IPv4 address, and privateAddress is missing`,
  because: "the nodes find each other by IPv4 addresses, so that a name server that is down takes no node with it",
  instead: "privateAddress: the IPv4 address of this machine between the nodes",
  source: "by design: nginx asks a name server at its start only, and does not start without an answer",
});

const privateAddressUnusable = refusalOfEach(everyHost, "hosts/private-address-unusable", {
  when: ({ host }) => isIPv4(inner(host)) && isUnusable(inner(host)),
  field: "sites[].hosts[].privateAddress",
  says: ({ host }) => inner(host),
  because: "no other machine reaches a host at such an address, and the host's own checks listen on 127.0.0.1 already",
  instead: "the address of the machine in the network that it shares with the other nodes and with clients",
  source: "RFC 6890: loopback, unspecified, multicast and reserved blocks",
});

type Host = { readonly address: string; readonly port: number; readonly privateAddress?: string | undefined };

function isSameDoor(one: Host, other: Host): boolean {
  return one.address === other.address && one.port === other.port;
}

/** The address between the nodes. */
function inner(host: Host): string {
  return host.privateAddress ?? host.address;
}

/** Refusals that concern sites, hosts and their number. Two nodes are fine: no node asks a majority, each serves alone. */
export const availabilityRefusals = [
  severalSites,
  siteNameTwice,
  hostNameTwice,
  addressTwice,
  privateAddressTwice,
  privateAddressMissing,
  privateAddressUnusable,
];
