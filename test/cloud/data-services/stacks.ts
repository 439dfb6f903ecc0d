import { AlicloudProvider } from "@cdktf/provider-alicloud/lib/provider";
import { App, TerraformOutput, TerraformStack, Testing } from "cdktf";
import { Cache as AlicloudCache } from "../../../constructs/alicloud/cache.js";
import { Database as AlicloudDatabase } from "../../../constructs/alicloud/database.js";
import { Network as AlicloudNetwork } from "../../../constructs/alicloud/network.js";
import { SecurityGroups as AlicloudGroups } from "../../../constructs/alicloud/security-groups.js";

const NAME = "small";
const CIDR = "10.20.0.0/22";
const GROUPS = {
  name: NAME,
  ports: { https: 443, registry: 5000, metrics: 5001, status: 8081 },
  operators: [],
  clients: ["203.0.113.0/24"],
  metrics: "loopback",
} as const;

/** What differs from one stack to the next. */
export interface DataServices {
  /** Refuse to delete what was made. */
  readonly protect: boolean;
}

/**
 * A data base and a cache on Alibaba Cloud, in a network of their own, as Terraform's JSON has them, with passwords that
 * KMS has encrypted. Nothing is asked of the cloud before they are made.
 */
export function onAlicloud({ protect }: DataServices): string {
  const stack = new TerraformStack(new App(), NAME);
  new AlicloudProvider(stack, "alicloud", {
    region: "cn-hangzhou",
    accountType: "Domestic",
    accountId: "1234567890123456",
    skipRegionValidation: true,
  });
  const zones = ["cn-hangzhou-h", "cn-hangzhou-i"];
  const network = new AlicloudNetwork(stack, "network", { name: NAME, cidr: CIDR, zones, nat: "none" });
  const groups = new AlicloudGroups(stack, "groups", { ...GROUPS, network, access: "private" });
  const common = { name: NAME, network, zones, protect };
  const password = { kmsCiphertext: "Y2lwaGVydGV4dA==", context: { for: NAME } };
  const database = new AlicloudDatabase(stack, "database", {
    ...common,
    key: "service",
    size: "pg.n2.2c.2m",
    password,
  });
  const cache = new AlicloudCache(stack, "cache", { ...common, size: "redis.shard.small.ce", password });
  database.allowFrom(groups);
  cache.allowFrom(groups);
  new TerraformOutput(stack, "database-of-site", { value: { address: database.address, port: database.port } });
  new TerraformOutput(stack, "cache-of-site", { value: { address: cache.address } });
  return Testing.synth(stack);
}
