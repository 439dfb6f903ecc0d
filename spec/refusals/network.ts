import { sizeOf } from "../cidr.js";
import type { Environment } from "../environment.js";
import { LOCAL_PLACES, LOCAL_SERVICES } from "../inventory.js";
import { ipv4Number } from "../names.js";
import { refusal, refusalOfEach } from "../refusal.js";
import type { LocalSite } from "../site.js";
import { localSites } from "./views.js";

/** Whether no other machine can reach a host at this IPv4 address. */
export function isUnusable(address: string): boolean {
  const first = Number(address.split(".")[0]);
  return first === 0 || first === 127 || first >= 224;
}

/** The last place of a local network that is used. */
function lastPlace(site: LocalSite): number {
  const lastNode = LOCAL_PLACES.firstNode + site.nodes.count - 1;
  const floats =
    site.entry === undefined ? site.nodes.count > 1 : site.entry.from === "floating" && !site.entry.address;
  return Math.max(LOCAL_PLACES.services, lastNode, floats ? LOCAL_PLACES.floating : 0);
}

/** The longest prefix of a block that has this place and a broadcast address after it. */
function longestPrefix(place: number): number {
  return 32 - Math.ceil(Math.log2(place + 2));
}

const outsideTestBlock = refusalOfEach(localSites, "network/outside-test-block", {
  when: ({ site: { network } }) =>
    Math.floor(ipv4Number(network.cidr.split("/")[0] ?? "") / 2 ** 17) !== ipv4Number("198.18.0.0") / 2 ** 17 ||
    sizeOf(network.cidr) > 2 ** 17,
  field: "sites[].network.cidr",
  says: ({ site }) => site.network.cidr,
  because: "a block in use elsewhere would cut this machine off from whatever has it now",
  instead: "a block inside 198.18.0.0/15, which no network in use has: 198.18.0.0/24",
  source: "RFC 2544: 198.18.0.0/15 is set aside for tests",
});

const tooSmall = refusalOfEach(localSites, "network/cidr-too-small", {
  when: ({ site }) => sizeOf(site.network.cidr) < lastPlace(site) + 2,
  field: "sites[].network.cidr",
  says: ({ site }) =>
    `${site.network.cidr} has ${sizeOf(site.network.cidr)} addresses, and place ${lastPlace(site)} is used`,
  because: "the machine is at .1, services at .10, nodes from .11 and the floating address at .100 of the block",
  instead: ({ site }) => `a block of /${longestPrefix(lastPlace(site))} or larger: 198.18.0.0/24`,
  source: "spec/inventory.ts: LOCAL_PLACES",
});

/** Each port of a node, with what has taken its number before. */
function everyPort(environment: Environment) {
  const taken = new Map<number, string>();
  for (const site of environment.sites) {
    if (site.provider !== "hosts") taken.set(22, "SSH");
    // Behind a forwarding address the port of SSH is not the one on the host itself.
    else
      for (const host of site.hosts)
        if (!host.privateAddress || host.privateAddress === host.address) taken.set(host.port, "SSH");
  }
  const local = environment.sites.some((site) => site.provider === "local");
  return Object.entries(environment.registry.ports).map(([name, port]) => {
    const services =
      local && name === "https" && port === LOCAL_SERVICES.s3Port ? "the storage beside the lab's balancer" : undefined;
    const owner = taken.get(port) ?? services;
    if (!taken.has(port)) taken.set(port, `registry.ports.${name}`);
    return { at: [name], port, owner };
  });
}

const portTwice = refusalOfEach(everyPort, "ports/taken-twice", {
  when: ({ owner }) => owner !== undefined,
  field: "registry.ports.*",
  says: ({ port, owner }) => `${port} is the port of ${owner}`,
  because: "all of them listen on the same host, and the second does not start",
  instead: "a port of its own for each: https 443, registry 5000, metrics 5001, status 8081",
  source: "all containers use the host's network",
});

const hostnameIsAddress = refusal("hostname/is-an-address", {
  when: ({ registry }) => /(^|\.)\d+$/.test(registry.hostname),
  field: "registry.hostname",
  says: ({ registry }) => registry.hostname,
  because: "the certificate is made for a name, and no client accepts an address as one",
  instead: "a name that leads to the entry, in DNS or in /etc/hosts: registry.example.com",
  source: "RFC 9525: an address is compared with address entries of a certificate only",
});

const hostnameHasNoDot = refusal("hostname/without-a-dot", {
  when: ({ registry }) => !registry.hostname.includes("."),
  field: "registry.hostname",
  says: ({ registry }) => registry.hostname,
  because:
    "Docker takes a first part without a dot for a folder of Docker Hub, and localhost for the client's own machine",
  instead: ({ registry }) =>
    `a name with a dot: ${registry.hostname === "localhost" ? "registry" : registry.hostname}.example.com`,
  source: "distribution/reference, normalize.go: splitDockerDomain",
});

/** Refusals that concern networks, ports and names. */
export const networkRefusals = [outsideTestBlock, tooSmall, portTwice, hostnameIsAddress, hostnameHasNoDot];
