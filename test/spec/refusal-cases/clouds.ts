import type { EnvironmentFile } from "../../../spec/environment.js";
import { alicloud, aws } from "../environments.js";
import type { RefusalCase } from "./refusal-case.js";

const zones = ["cn-hangzhou-h", "cn-hangzhou-i"];
const chinaZones = ["cn-north-1a", "cn-north-1b", "cn-north-1d"];
const network = { cidr: "10.20.0.0/16", operators: ["203.0.113.0/24"], clients: ["0.0.0.0/0"] };
const bothSites = (cidr: string): EnvironmentFile => {
  const one = aws();
  return { ...one, sites: [...one.sites, ...aws({ name: "second", network: { ...network, cidr } }).sites] };
};
const acm = { from: "acm" } as const;
const arn = "arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012";
const balancer = { tls: "balancer" } as const;
const dns = { zone: "example.com" };

/** Networks and zones of clouds. */
export const cloudNetworks: readonly RefusalCase[] = [
  {
    code: "network/cloud-cidr-too-small",
    refused: aws({ network: { ...network, cidr: "10.20.0.0/25" } }),
    field: "sites[0].network.cidr",
    allowed: aws({ network: { ...network, cidr: "10.20.0.0/24" } }),
  },
  {
    code: "network/cloud-cidr-too-large",
    refused: aws({ network: { ...network, cidr: "10.20.0.0/15" } }),
    field: "sites[0].network.cidr",
    allowed: alicloud({ network: { ...network, cidr: "10.0.0.0/8" } }),
  },
  {
    code: "network/block-of-the-cloud",
    refused: alicloud({ network: { ...network, cidr: "100.64.0.0/16" } }),
    field: "sites[0].network.cidr",
    allowed: aws({ network: { ...network, cidr: "100.64.0.0/16" } }),
  },
  {
    code: "network/sites-overlap",
    refused: bothSites("10.20.64.0/18"),
    field: "sites[1].network.cidr",
    allowed: aws(),
    also: "sites/several",
  },
  {
    code: "network/ssh-from-everywhere",
    refused: aws({ network: { ...network, operators: ["0.0.0.0/0"] } }),
    field: "sites[0].network.operators",
    allowed: aws({ network: { ...network, operators: ["10.0.0.0/8"] } }),
  },
  {
    code: "network/no-operators",
    refused: aws({ network: { ...network, operators: [] } }),
    field: "sites[0].network.operators",
    allowed: aws({ network: { ...network, operators: [] }, access: { from: "session" } }),
  },
  {
    code: "zones/one-for-several-nodes",
    refused: alicloud({ zones: ["cn-hangzhou-h"] }),
    field: "sites[0].zones",
    allowed: alicloud({ zones: ["cn-hangzhou-h"], nodes: { count: 1 }, entry: { kind: "clb" } }),
    also: "entry/balancer-in-one-zone",
  },
  {
    code: "zones/twice",
    refused: alicloud({ zones: [...zones, "cn-hangzhou-h"] }),
    field: "sites[0].zones[2]",
    allowed: alicloud({ zones }),
  },
  {
    code: "zones/of-another-region",
    refused: alicloud({ zones: [...zones, "cn-beijing-h"] }),
    field: "sites[0].zones[2]",
    allowed: alicloud({ zones: [...zones, "cn-hangzhou-j"] }),
  },
];

/** Machines, buckets and balancers of clouds. */
export const clouds: readonly RefusalCase[] = [
  {
    code: "nodes/size-too-small",
    refused: aws({ nodes: { size: "t3.micro" } }),
    field: "sites[0].nodes.size",
    allowed: aws({ nodes: { size: "t3.medium" } }),
  },
  {
    code: "nodes/size-of-unknown-node",
    refused: aws({ nodes: { sizes: { "node-4": "c7i.2xlarge" } } }),
    field: "sites[0].nodes.sizes.node-4",
    allowed: aws({ nodes: { sizes: { "node-3": "c7i.2xlarge" } } }),
  },
  {
    code: "nodes/no-image-in-region",
    refused: aws({ region: "cn-north-1", zones: chinaZones }),
    field: "sites[0].nodes.image",
    allowed: aws({ region: "cn-north-1", zones: chinaZones, nodes: { image: "ami-0123456789abcdef0" } }),
  },
  {
    code: "provider/argument-not-allowed",
    refused: aws({ providerArguments: { secret_key: "x" } }),
    field: "sites[0].providerArguments.secret_key",
    allowed: aws({ providerArguments: { profile: "x" } }),
  },
  {
    code: "storage/keys-beside-a-role",
    refused: aws({}, { storage: { kind: "s3", bucket: "images", region: "eu-central-1" } }),
    field: "registry.storage.credentials",
    allowed: aws(
      {},
      { storage: { kind: "s3", bucket: "images", region: "eu-central-1", credentials: "instance-role" } },
    ),
  },
  {
    code: "storage/managed-cloud-on-distribution-2",
    refused: alicloud({}, { version: "2.8" }),
    field: "registry.version",
    allowed: alicloud({}, { version: "2.8", storage: { kind: "oss", bucket: "images", region: "oss-cn-hangzhou" } }),
  },
  {
    code: "storage/redirect-to-internal-bucket",
    refused: alicloud({}, { redirect: true }),
    field: "registry.redirect",
    allowed: aws({}, { redirect: true }),
  },
  {
    code: "certificate/of-another-cloud",
    refused: alicloud({ certificate: { from: "acm", arn }, entry: { kind: "alb", tls: "balancer" } }),
    field: "sites[0].certificate.from",
    allowed: aws({ certificate: { from: "acm", arn }, entry: balancer }),
  },
  {
    code: "certificate/needs-the-balancer",
    refused: aws({ certificate: acm, dns }),
    field: "sites[0].entry.tls",
    allowed: aws({ certificate: acm, dns, entry: balancer }),
  },
  {
    code: "entry/balancer-without-certificate",
    refused: aws({ entry: balancer }),
    field: "sites[0].certificate.from",
    allowed: alicloud({
      entry: { kind: "alb", tls: "balancer" },
      certificate: { from: "alicloud", id: "1234-cn-hangzhou" },
    }),
  },
  {
    code: "entry/alb-ends-tls",
    refused: aws({ entry: { kind: "alb" } }),
    field: "sites[0].entry.tls",
    allowed: aws({ entry: { kind: "alb", tls: "balancer" }, certificate: { from: "acm", arn } }),
  },
  {
    code: "entry/balancer-speaks-in-the-clear",
    refused: alicloud({
      entry: { kind: "clb", tls: "balancer" },
      certificate: { from: "alicloud", id: "1234-cn-hangzhou" },
    }),
    field: "sites[0].entry.tls",
    allowed: alicloud({ entry: { kind: "clb" } }),
  },
  {
    code: "entry/balancer-in-one-zone",
    refused: alicloud({ zones: ["cn-hangzhou-h"], nodes: { count: 1 } }),
    field: "sites[0].zones",
    allowed: aws({ zones: ["eu-central-1a"], nodes: { count: 1 } }),
  },
  {
    code: "entry/upload-timeout-beyond-the-balancer",
    refused: { ...alicloud(), front: { uploadTimeout: "901s" } },
    field: "front.uploadTimeout",
    allowed: { ...alicloud(), front: { uploadTimeout: "15m" } },
  },
  {
    code: "entry/client-certificates-end-at-the-balancer",
    refused: aws({ entry: balancer, certificate: { from: "acm", arn } }, { clientCertificates: { ca: "clients.crt" } }),
    field: "sites[0].entry.tls",
    allowed: aws({}, { clientCertificates: { ca: "clients.crt" } }),
  },
  {
    code: "dns/name-outside-zone",
    refused: aws({ dns: { zone: "example.org" } }),
    field: "sites[0].dns.zone",
    allowed: aws({ dns }),
  },
  {
    code: "certificate/acm-without-dns",
    refused: aws({ certificate: acm, entry: balancer }),
    field: "sites[0].certificate.arn",
    allowed: aws({ certificate: { from: "acm", arn }, entry: balancer }),
  },
  {
    code: "cdn/private-entry",
    refused: aws({ network, cdn: { hostname: "cdn.example.com", certificate: arn }, entry: { public: false } }),
    field: "sites[0].cdn",
    allowed: aws({ network, cdn: { hostname: "cdn.example.com", certificate: arn } }),
  },
];
