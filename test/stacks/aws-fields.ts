import type { EnvironmentFile } from "../../spec/environment.js";
import type { AwsFile } from "./aws-stack.js";

/** One other value of a field of a site, by the field's path, with what it needs beside it. */
export interface OtherValue {
  readonly path: string;
  readonly before?: Partial<AwsFile>;
  readonly after: Partial<AwsFile>;
}

const ARN = "arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012";
const SHOWN: Partial<AwsFile> = { entry: { tls: "balancer" }, certificate: { from: "acm", arn: ARN } };
const DNS = { zone: "example.com" };
const NETWORK = { operators: ["203.0.113.0/24"], clients: ["203.0.113.0/24"] };
const CDN = { hostname: "cdn.example.com", certificate: ARN };

/** Every field of a site on AWS that a stack is made from, each with another value than it has. */
export const OTHER_VALUES: readonly OtherValue[] = [
  { path: "name", after: { name: "dublin" } },
  { path: "region", after: { region: "eu-west-1" } },
  { path: "zones", after: { zones: ["eu-central-1a", "eu-central-1b"] } },
  { path: "tags", after: { tags: { team: "platform" } } },
  { path: "providerArguments", after: { providerArguments: { max_retries: 3 } } },
  { path: "network.cidr", after: { network: { ...NETWORK, cidr: "10.30.0.0/16" } } },
  { path: "network.operators", after: { network: { ...NETWORK, operators: ["198.51.100.7/32"] } } },
  { path: "network.clients", after: { network: { ...NETWORK, clients: ["198.51.100.0/24"] } } },
  { path: "network.nat", after: { network: { ...NETWORK, nat: "per-zone" } } },
  { path: "network.flowLogs", after: { network: { ...NETWORK, flowLogs: false } } },
  { path: "nodes.count", after: { nodes: { count: 2 } } },
  { path: "nodes.size", after: { nodes: { size: "m7i.large" } } },
  { path: "nodes.sizes", after: { nodes: { sizes: { "node-2": "m7i.large" } } } },
  { path: "nodes.image", after: { nodes: { image: "ami-0123456789abcdef0" } } },
  { path: "nodes.disk", after: { nodes: { disk: "200GiB" } } },
  { path: "nodes.protect", after: { nodes: { protect: false } } },
  { path: "access.from", after: { access: { from: "session" } } },
  { path: "access.size", after: { access: { from: "bastion", size: "t3.micro" } } },
  { path: "entry.kind", before: SHOWN, after: { ...SHOWN, entry: { kind: "alb", tls: "balancer" } } },
  { path: "entry.public", after: { entry: { public: false } } },
  { path: "entry.tls", before: { ...SHOWN, entry: { tls: "nodes" } }, after: SHOWN },
  { path: "certificate.from", before: { dns: DNS }, after: { dns: DNS, certificate: { from: "acm" } } },
  {
    path: "certificate.arn",
    before: { ...SHOWN, dns: DNS, certificate: { from: "acm" } },
    after: { ...SHOWN, dns: DNS },
  },
  { path: "bucket.name", after: { bucket: { name: "images-of-example" } } },
  { path: "bucket.key", after: { bucket: { key: "service" } } },
  { path: "bucket.keepVersions", after: { bucket: { keepVersions: "60d" } } },
  { path: "bucket.abandonUploadsAfter", after: { bucket: { abandonUploadsAfter: "3d" } } },
  { path: "bucket.infrequentAfter", after: { bucket: { infrequentAfter: "90d" } } },
  { path: "bucket.plannedSize", after: { bucket: { plannedSize: "4TiB" } } },
  { path: "bucket.accessLog", after: { bucket: { accessLog: false } } },
  { path: "dns.zone", before: { dns: DNS }, after: { dns: { zone: "registry.example.com" } } },
  { path: "dns.ttl", before: { dns: DNS }, after: { dns: { ...DNS, ttl: 60 } } },
  { path: "dns.private", before: { dns: DNS }, after: { dns: { ...DNS, private: true } } },
  { path: "logs.audit", after: { logs: { audit: false } } },
  { path: "logs.keep", after: { logs: { keep: "365d" } } },
  { path: "alarms.mail", after: { alarms: { mail: ["ops@example.com"] } } },
  { path: "alarms.cpu", after: { alarms: { cpu: 70 } } },
  { path: "alarms.storage", after: { alarms: { storage: 70 } } },
  { path: "alarms.certificateDays", before: SHOWN, after: { ...SHOWN, alarms: { certificateDays: 30 } } },
  { path: "budget.monthly", after: { budget: { monthly: 1200 } } },
  { path: "budget.currency", before: { budget: { monthly: 9 } }, after: { budget: { monthly: 9, currency: "EUR" } } },
  { path: "cdn.hostname", after: { cdn: CDN } },
  { path: "cdn.certificate", before: { cdn: CDN }, after: { cdn: { ...CDN, certificate: `${ARN}0` } } },
];

/** Fields that say which site this is, and those that only hosts and their registry are told. */
export const NOT_IN_THE_STACK: Readonly<Record<string, string>> = {
  provider: "another provider is another stack",
  "entry.from": "a site in a cloud has a balancer",
  "nodes.user": "the user that SSH takes",
  "bucket.endpoint": "the registry's own file; a port in it is opened",
  "bucket.forcePathStyle": "the registry's own file",
};

/** What the stack takes from the rest of the environment, each with another value. */
export const OTHER_REGISTRIES: readonly (readonly [string, Partial<EnvironmentFile["registry"]>])[] = [
  ["the name that clients use", { hostname: "images.example.com" }],
  [
    "storage elsewhere",
    { storage: { kind: "s3", bucket: "images", region: "eu-central-1", credentials: "instance-role" } },
  ],
  ["the registry's folder", { storage: { kind: "managed", prefix: "/other" } }],
  ["the port of clients", { ports: { https: 8443 } }],
  ["the port of the registry", { ports: { registry: 5555 } }],
  ["the port of the status", { ports: { status: 8888 } }],
  ["metrics for the network", { metrics: { listen: "private" } }],
  ["the time for draining", { drain: "120s" }],
  ["a receiver of events", { notifications: [{ name: "ci", url: "https://ci.example.com:8443/events" }] }],
  ["an upstream", { mirror: { upstream: "http://mirror.example.com:5000" } }],
];
