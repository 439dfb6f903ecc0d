import { Vpc } from "@cdktf/provider-alicloud/lib/vpc/index.js";
import { Testing } from "cdktf";
import { expect, test } from "vitest";
import { schemaFaults } from "./schema-faults.js";
import { alicloudStack } from "./site.js";

function faultsOf(type: string, config: Readonly<Record<string, unknown>>): string[] {
  return schemaFaults(JSON.stringify({ resource: { [type]: { it: config } } }));
}

test("a resource that the provider likes has no fault", () => {
  const stack = alicloudStack();
  new Vpc(stack, "vpc", { cidrBlock: "10.20.0.0/16", lifecycle: { preventDestroy: true } });
  expect(schemaFaults(Testing.synth(stack))).toEqual([]);
});

test.each([
  ["an argument that is given up", "alicloud_vpc", { name: "a" }, ["alicloud_vpc it name: deprecated"]],
  ["an argument that is not there", "alicloud_vpc", { colour: "red" }, ["alicloud_vpc it colour: unknown"]],
  ["a value of the cloud", "alicloud_vpc", { status: "x" }, ["alicloud_vpc it status: only the cloud sets it"]],
  ["a resource that is not there", "alicloud_moon", {}, ["alicloud_moon it: the provider has none"]],
  ["a missing argument", "alicloud_route_table", {}, ["alicloud_route_table it vpc_id: missing"]],
  [
    "a block that is given up",
    "alicloud_slb_server_group",
    { load_balancer_id: "lb", servers: [{ port: 1, server_ids: [] }] },
    ["alicloud_slb_server_group it servers: deprecated"],
  ],
  [
    "an argument inside of blocks",
    "alicloud_nlb_server_group",
    { server_group_name: "a", vpc_id: "v", health_check: { health_check_sum: 1 } },
    ["alicloud_nlb_server_group it health_check health_check_sum: unknown"],
  ],
  [
    "a block too many",
    "alicloud_nlb_server_group",
    { server_group_name: "a", vpc_id: "v", health_check: [{}, {}] },
    ["alicloud_nlb_server_group it health_check: too many"],
  ],
] as const)("%s is found", (_, type, config, faults) => {
  expect(faultsOf(type, config)).toEqual(faults);
});

test("the provider block and data sources are looked at, too", () => {
  const json = JSON.stringify({
    provider: { alicloud: [{ region: "cn-hangzhou", alias: "a", fc: "x" }] },
    data: { alicloud_images: { it: { owners: "system", colour: "red" } } },
  });
  expect(schemaFaults(json)).toEqual(["alicloud_images it colour: unknown", "provider alicloud fc: deprecated"]);
});
