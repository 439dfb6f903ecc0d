import type { EnvironmentFile } from "../../../spec/environment.js";
import { host, hosts, local } from "../environments.js";
import type { RefusalCase } from "./refusal-case.js";

const sites = (...names: string[]): EnvironmentFile => ({
  ...local(),
  sites: names.map((name) => ({ name, provider: "local" })),
});

/** Sites, hosts and their number. */
export const sitesAndHosts: readonly RefusalCase[] = [
  { code: "sites/several", refused: sites("a", "b"), field: "sites[1]", allowed: sites("a") },
  {
    code: "sites/name-twice",
    refused: sites("a", "a"),
    field: "sites[1].name",
    allowed: sites("a"),
    also: "sites/several",
  },
  {
    code: "hosts/name-twice",
    refused: hosts({ hosts: [host(1), host(2, { name: "node-1" })] }),
    field: "sites[0].hosts[1].name",
    allowed: hosts({ hosts: [host(1), host(2)] }),
  },
  {
    code: "hosts/address-twice",
    refused: hosts({ hosts: [host(1), host(2, { address: "10.20.0.11" })] }),
    field: "sites[0].hosts[1].address",
    allowed: hosts({
      hosts: [
        host(1, { privateAddress: "10.0.0.1" }),
        host(2, { address: "10.20.0.11", port: 2222, privateAddress: "10.0.0.2" }),
      ],
    }),
  },
  {
    code: "hosts/private-address-twice",
    refused: hosts({ hosts: [host(1, { privateAddress: "10.0.0.1" }), host(2, { privateAddress: "10.0.0.1" })] }),
    field: "sites[0].hosts[1].privateAddress",
    allowed: hosts({ hosts: [host(1, { privateAddress: "10.0.0.1" }), host(2, { privateAddress: "10.0.0.2" })] }),
  },
  {
    code: "hosts/private-address-missing",
    refused: hosts({ hosts: [host(1, { address: "node-1.example.com" })] }),
    field: "sites[0].hosts[0].privateAddress",
    allowed: hosts({ hosts: [host(1, { address: "2001:db8::1", privateAddress: "10.0.0.1" })] }),
  },
  {
    code: "hosts/private-address-unusable",
    refused: hosts({ hosts: [host(1, { privateAddress: "127.0.0.1" })] }),
    field: "sites[0].hosts[0].privateAddress",
    allowed: hosts({ hosts: [host(1, { privateAddress: "126.0.0.1" })] }),
  },
];

/** Where clients come in. */
export const entries: readonly RefusalCase[] = [
  {
    code: "entry/node-of-several",
    refused: hosts({ entry: { from: "node" } }),
    field: "sites[0].entry.from",
    allowed: hosts({ hosts: [host(1)], entry: { from: "node" } }),
  },
  {
    code: "entry/missing",
    refused: { ...hosts(), sites: [{ name: "a", provider: "hosts", hosts: [host(1), host(2)] }] },
    field: "sites[0].entry",
    allowed: { ...hosts(), sites: [{ name: "a", provider: "hosts", hosts: [host(1)] }] },
  },
  {
    code: "entry/address-missing",
    refused: hosts({ entry: { from: "floating" } }),
    field: "sites[0].entry.address",
    allowed: local({}, { entry: { from: "floating" } }),
  },
  {
    code: "entry/address-taken",
    refused: hosts({ entry: { from: "floating", address: "10.20.0.12" } }),
    field: "sites[0].entry.address",
    allowed: hosts({ entry: { from: "floating", address: "10.20.0.14" } }),
  },
  {
    code: "entry/address-unusable",
    refused: hosts({ entry: { from: "floating", address: "224.0.0.1" } }),
    field: "sites[0].entry.address",
    allowed: hosts({ entry: { from: "floating", address: "223.0.0.1" } }),
  },
  {
    code: "entry/address-outside-network",
    refused: local({}, { entry: { from: "floating", address: "198.18.0.255" } }),
    field: "sites[0].entry.address",
    allowed: local({}, { entry: { from: "floating", address: "198.18.0.254" } }),
  },
  {
    code: "entry/balancer-elsewhere",
    refused: local({}, { entry: { from: "balancer", address: "198.18.0.20" } }),
    field: "sites[0].entry.address",
    allowed: local({}, { entry: { from: "balancer", address: "198.18.0.10" } }),
  },
  {
    code: "entry/advert-between-ticks",
    refused: local({}, { entry: { from: "floating", advertEvery: "255ms" } }),
    field: "sites[0].entry.advertEvery",
    allowed: local({}, { entry: { from: "floating", advertEvery: "260ms" } }),
  },
  {
    code: "entry/advert-interval",
    refused: local({}, { entry: { from: "floating", advertEvery: "90ms" } }),
    field: "sites[0].entry.advertEvery",
    allowed: local({}, { entry: { from: "floating", advertEvery: "100ms" } }),
  },
];

/** Networks, ports and names. */
export const networks: readonly RefusalCase[] = [
  {
    code: "network/outside-test-block",
    refused: local({}, { network: { cidr: "198.20.0.0/24" } }),
    field: "sites[0].network.cidr",
    allowed: local({}, { network: { cidr: "198.19.255.0/24" } }),
  },
  {
    code: "network/cidr-too-small",
    refused: local({}, { network: { cidr: "198.18.0.0/26" } }),
    field: "sites[0].network.cidr",
    allowed: local({}, { network: { cidr: "198.18.0.0/26" }, nodes: { count: 1 } }),
  },
  {
    code: "ports/taken-twice",
    refused: local({ ports: { registry: 443 } }),
    field: "registry.ports.registry",
    allowed: local({ ports: { registry: 444 } }),
  },
  {
    code: "hostname/is-an-address",
    refused: local({ hostname: "198.18.0.100" }),
    field: "registry.hostname",
    allowed: local({ hostname: "198.18.0.100.example.com" }),
  },
  {
    code: "hostname/without-a-dot",
    refused: local({ hostname: "localhost" }),
    field: "registry.hostname",
    allowed: local({ hostname: "registry.localhost" }),
  },
];
