import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { OssBucketVersioningA } from "@cdktf/provider-alicloud/lib/oss-bucket-versioning";
import { AlicloudProvider } from "@cdktf/provider-alicloud/lib/provider";
import { Vpc } from "@cdktf/provider-alicloud/lib/vpc/index.js";
import { App, TerraformStack, Testing } from "cdktf";
import { describe, expect, test } from "vitest";
import { DATA_SOURCES, RESOURCES } from "../../providers/alicloud/names.js";
import { readKept, writeKept } from "../../providers/alicloud/schema.js";

const require = createRequire(import.meta.url);
const text = readFileSync(require.resolve("@cdktf/provider-alicloud/schema.json"), "utf8");

function stackWithVersions(): TerraformStack {
  const stack = new TerraformStack(new App(), "site");
  new AlicloudProvider(stack, "alicloud", { region: "cn-hangzhou" });
  const vpc = new Vpc(stack, "network", { cidrBlock: "10.20.0.0/16" });
  new OssBucketVersioningA(stack, "versions", { bucket: vpc.routerId, status: "Enabled" });
  return stack;
}

describe("the classes of the Alibaba Cloud provider", () => {
  test("become the provider's own names, and refer to each other", () => {
    expect(JSON.parse(Testing.synth(stackWithVersions())).resource).toEqual({
      alicloud_vpc: { network: { cidr_block: "10.20.0.0/16" } },
      alicloud_oss_bucket_versioning: { versions: { bucket: `\${alicloud_vpc.network.router_id}`, status: "Enabled" } },
    });
  });

  test("ask for the version of the schema or a newer one of the same generation", () => {
    const [major, minor] = readKept(text).version.split(".");
    expect(JSON.parse(Testing.synth(stackWithVersions())).terraform.required_providers).toEqual({
      alicloud: { source: "aliyun/alicloud", version: `~> ${major}.${minor}` },
    });
  });

  test("carry the version of the schema", () => {
    expect(require("@cdktf/provider-alicloud/package.json").version).toBe(readKept(text).version);
  });
});

describe("the schema of the package", () => {
  test("holds each resource and data source that is named, and no other", () => {
    expect(Object.keys(readKept(text).resources)).toEqual(RESOURCES);
    expect(Object.keys(readKept(text).dataSources)).toEqual(DATA_SOURCES);
  });

  test("is written as it is read", () => {
    expect(writeKept(readKept(text))).toBe(text);
  });

  test("has a line for each resource", () => {
    const lines = text.split("\n").filter((line) => line.startsWith('"alicloud_'));
    expect(lines).toHaveLength(RESOURCES.length + DATA_SOURCES.length);
  });

  test("has no resource that the provider gives up", () => {
    const types = Object.entries({ ...readKept(text).resources, ...readKept(text).dataSources });
    expect(types.filter(([, type]) => type.block.deprecated).map(([name]) => name)).toEqual([]);
  });
});
