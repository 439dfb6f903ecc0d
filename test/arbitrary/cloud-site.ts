import fc from "fast-check";
import type { EnvironmentFile } from "../../spec/environment.js";
import type { Setting } from "./storage.js";
import { hostileText, names } from "./text.js";

type SiteFile = EnvironmentFile["sites"][number];
type AlicloudFile = Extract<SiteFile, { provider: "alicloud" }>;
type AwsFile = Extract<SiteFile, { provider: "aws" }>;

const ARN = "arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012";

/** A cloud's network that can be built. */
export const cloudBlocks: fc.Arbitrary<string> = fc.constantFrom("10.20.0.0/16", "192.168.4.0/22", "172.20.7.0/24");

/** Sites on Alibaba Cloud with so many nodes. */
export function alicloudSites({ nodes: count }: Setting): fc.Arbitrary<AlicloudFile> {
  const zones = fc.constantFrom<string[]>(
    ["cn-hangzhou-h", "cn-hangzhou-i"],
    ["cn-hangzhou-h", "cn-hangzhou-i", "cn-hangzhou-j"],
  );
  const tls = fc.constantFrom<Pick<AlicloudFile, "entry" | "certificate">>(
    {},
    { entry: { kind: "clb", public: false } },
    { entry: { kind: "nlb" }, certificate: { from: "own-ca", validity: "90d" } },
    { entry: { kind: "alb", tls: "balancer" }, certificate: { from: "alicloud", id: "1234-cn-hangzhou" } },
  );
  const site = fc.record(
    {
      name: names,
      provider: fc.constant("alicloud" as const),
      region: fc.constant("cn-hangzhou"),
      zones,
      network: networks(),
      nodes: nodes(count, ["ecs.c7.xlarge", "ecs.g8i.2xlarge"]),
      access: fc.constantFrom({ from: "bastion" as const }, { from: "direct" as const }, { from: "private" as const }),
      bucket: buckets(),
      tags: tags(),
    },
    { requiredKeys: ["name", "provider", "region", "zones", "network", "nodes"] },
  );
  return fc.tuple(site, tls).map(([one, more]) => ({ ...one, ...more }));
}

/** Sites on AWS with so many nodes. */
export function awsSites({ nodes: count }: Setting): fc.Arbitrary<AwsFile> {
  const zones = fc.constantFrom<string[]>(
    ["eu-central-1a", "eu-central-1b"],
    ["eu-central-1a", "eu-central-1b", "eu-central-1c"],
  );
  const tls = fc.constantFrom<Pick<AwsFile, "entry" | "certificate">>(
    {},
    { entry: { kind: "nlb", public: false } },
    { entry: { kind: "nlb", tls: "balancer" }, certificate: { from: "acm", arn: ARN } },
    { entry: { kind: "alb", tls: "balancer" }, certificate: { from: "acm", arn: ARN } },
  );
  const site = fc.record(
    {
      name: names,
      provider: fc.constant("aws" as const),
      region: fc.constant("eu-central-1"),
      zones,
      network: networks(),
      nodes: nodes(count, ["c7i.xlarge", "m7i-flex.large"]),
      access: fc.constantFrom({ from: "bastion" as const }, { from: "session" as const }, { from: "direct" as const }),
      bucket: buckets(),
      tags: tags(),
    },
    { requiredKeys: ["name", "provider", "region", "zones", "network", "nodes"] },
  );
  return fc.tuple(site, tls).map(([one, more]) => ({ ...one, ...more }));
}

function networks() {
  return fc.record(
    {
      cidr: cloudBlocks,
      operators: fc.constant<string[]>(["203.0.113.0/24"]),
      clients: fc.constantFrom<string[]>(["0.0.0.0/0"], ["203.0.113.0/24", "198.51.100.7/32"]),
      nat: fc.constantFrom("one" as const, "per-zone" as const),
      flowLogs: fc.boolean(),
    },
    { requiredKeys: ["operators", "clients"] },
  );
}

function nodes(count: number, sizes: readonly [string, string]) {
  return fc.record(
    {
      count: fc.constant(count),
      size: fc.constant(sizes[0]),
      sizes: fc.constant({ "node-1": sizes[1] }),
      disk: fc.constantFrom("40GiB", "200GiB"),
      protect: fc.boolean(),
    },
    { requiredKeys: ["count"] },
  );
}

function buckets() {
  return fc.record(
    {
      name: fc.constant("images-of-example"),
      key: fc.constantFrom("own", "service"),
      keepVersions: fc.constantFrom("7d", "90d"),
      infrequentAfter: fc.constant("60d"),
      plannedSize: fc.constantFrom("500GiB", "4TiB"),
      accessLog: fc.boolean(),
    },
    { requiredKeys: [] },
  );
}

function tags() {
  return fc.dictionary(fc.constantFrom("team", "cost-centre"), hostileText());
}
