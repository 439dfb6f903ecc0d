import { describe, expect, test } from "vitest";
import { isCloud } from "../../spec/cloud/sites.js";
import { environmentSchema } from "../../spec/environment.js";
import { alicloud } from "../spec/environments.js";
import { type AlicloudFile, alicloudTemplate } from "./alicloud-stack.js";

const network: AlicloudFile["network"] = {
  cidr: "10.20.0.0/16",
  operators: ["203.0.113.0/24"],
  clients: ["203.0.113.0/24"],
  nat: "one",
  flowLogs: true,
};

/** A site that says everything. */
const FULL = {
  network,
  bucket: { name: "images-of-example", key: "own", infrequentAfter: "90d", endpoint: "https://oss.example.com" },
  dns: { zone: "example.com", ttl: 300, private: false },
  alarms: { mail: ["ops@example.com"] },
  cdn: { hostname: "cdn.example.com", certificate: "12345678-cn-hangzhou" },
  tags: { team: "platform" },
  providerArguments: { profile: "ops" },
  nodes: { image: "aliyun_3_x64_20G_alibase_20250629.vhd", user: "root" },
  access: { from: "bastion", size: "ecs.e-c1m1.large" },
  entry: { kind: "alb", public: true, tls: "balancer" },
  certificate: { from: "alicloud", id: "12345678-cn-hangzhou" },
} satisfies Partial<AlicloudFile>;

/** For each field of the file another value than in {@link FULL}. */
const CHANGES: Readonly<Record<string, Partial<AlicloudFile>>> = {
  name: { name: "hz" },
  region: { region: "cn-shanghai" },
  zones: { zones: ["cn-hangzhou-h", "cn-hangzhou-i"] },
  "network.cidr": { network: { ...network, cidr: "10.30.0.0/16" } },
  "network.operators": { network: { ...network, operators: ["198.51.100.0/24"] } },
  "network.clients": { network: { ...network, clients: ["0.0.0.0/0"] } },
  "network.nat": { network: { ...network, nat: "per-zone" } },
  "network.flowLogs": { network: { ...network, flowLogs: false } },
  "nodes.count": { nodes: { ...FULL.nodes, count: 4 } },
  "nodes.size": { nodes: { ...FULL.nodes, size: "ecs.g7.xlarge" } },
  "nodes.sizes": { nodes: { ...FULL.nodes, sizes: { "node-2": "ecs.g7.2xlarge" } } },
  "nodes.image": { nodes: { ...FULL.nodes, image: "m-bp1234567890abcdefgh" } },
  "nodes.disk": { nodes: { ...FULL.nodes, disk: "200GiB" } },
  "nodes.protect": { nodes: { ...FULL.nodes, protect: false } },
  "access.from": { access: { from: "direct" } },
  "access.size": { access: { from: "bastion", size: "ecs.t6-c1m1.large" } },
  "entry.kind": { certificate: { from: "own-ca" }, entry: { kind: "clb" } },
  "entry.public": { entry: { ...FULL.entry, public: false } },
  "entry.tls": { certificate: { from: "own-ca" }, entry: { kind: "nlb", tls: "nodes" } },
  "certificate.from": { certificate: { from: "own-ca" }, entry: { kind: "nlb" } },
  "certificate.id": { certificate: { from: "alicloud", id: "87654321-cn-hangzhou" } },
  "bucket.name": { bucket: { ...FULL.bucket, name: "other-images" } },
  "bucket.key": { bucket: { ...FULL.bucket, key: "service" } },
  "bucket.keepVersions": { bucket: { ...FULL.bucket, keepVersions: "60d" } },
  "bucket.abandonUploadsAfter": { bucket: { ...FULL.bucket, abandonUploadsAfter: "3d" } },
  "bucket.infrequentAfter": { bucket: { ...FULL.bucket, infrequentAfter: "60d" } },
  "bucket.plannedSize": { bucket: { ...FULL.bucket, plannedSize: "4TiB" } },
  "bucket.accessLog": { bucket: { ...FULL.bucket, accessLog: false } },
  "bucket.endpoint": { bucket: { ...FULL.bucket, endpoint: "https://oss.example.com:8443" } },
  "dns.zone": {
    dns: { ...FULL.dns, zone: "registry.example.com" },
    certificate: { from: "own-ca" },
    entry: { kind: "nlb" },
  },
  "dns.ttl": { dns: { ...FULL.dns, ttl: 600 } },
  "dns.private": { dns: { ...FULL.dns, private: true } },
  "logs.audit": { logs: { audit: false } },
  "logs.keep": { logs: { keep: "180d" } },
  "alarms.mail": { alarms: { mail: [] } },
  "alarms.cpu": { alarms: { ...FULL.alarms, cpu: 70 } },
  "alarms.storage": { alarms: { ...FULL.alarms, storage: 70 } },
  "cdn.hostname": { cdn: { ...FULL.cdn, hostname: "far.example.com" } },
  "cdn.certificate": { cdn: { ...FULL.cdn, certificate: "87654321-cn-hangzhou" } },
  tags: { tags: { team: "registry" } },
  providerArguments: { providerArguments: { profile: "dev" } },
};

/** Fields that concern what runs on the machines, or that are refused with any value but one. */
const NOT_MADE = [
  "provider",
  // Who logs in.
  "nodes.user",
  // How nodes speak to the bucket.
  "bucket.forcePathStyle",
  "entry.from",
  // The certificate service tells of its certificates itself; another number of days is refused.
  "alarms.certificateDays",
];

describe("every field of the file has its effect", () => {
  const before = alicloudTemplate(FULL).json;

  test.each(Object.entries(CHANGES))("%s", (_, change) => {
    expect(alicloudTemplate({ ...FULL, ...change }).json).not.toBe(before);
  });

  test("and none is forgotten here", () => {
    const [site] = environmentSchema.parse(alicloud(FULL)).sites.filter((one) => isCloud(one));
    const fields = Object.entries(site ?? {}).flatMap(([name, value]) => fieldsOf(name, value));
    expect([...Object.keys(CHANGES), ...NOT_MADE].sort()).toEqual([...fields].sort());
  });
});

const OPEN = ["tags", "providerArguments", "nodes.sizes"];

function fieldsOf(path: string, value: unknown): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value) || OPEN.includes(path)) return [path];
  return Object.entries(value).flatMap(([name, inner]) => fieldsOf(`${path}.${name}`, inner));
}
