import { describe, expect, test } from "vitest";
import { Network, type NetworkProps } from "../../../constructs/alicloud/network.js";
import { synthesized } from "../template.js";
import { ZONES } from "./parts.js";
import { schemaFaults } from "./schema-faults.js";
import { alicloudStack } from "./site.js";

function network(props: Partial<NetworkProps> = {}) {
  const stack = alicloudStack();
  const made = new Network(stack, "network", { name: "prod-hangzhou", cidr: "10.20.0.0/16", zones: ZONES, ...props });
  return { made, template: synthesized(stack) };
}

function routesOf(template: ReturnType<typeof network>["template"], zone: string): unknown {
  return template.resource("alicloud_route_table_attachment", `network/private-${zone}-routes`).route_table_id;
}

describe("a network on Alibaba Cloud", () => {
  test("has a private and a public vSwitch in each zone", () => {
    const subnets = network().template.resources("alicloud_vswitch");
    expect(Object.keys(subnets).sort()).toEqual(
      ["private", "public"].flatMap((kind) => ZONES.map((zone) => `network/${kind}-${zone}`)),
    );
    expect(subnets["network/private-cn-hangzhou-i"]).toMatchObject({
      cidr_block: "10.20.16.0/20",
      zone_id: "cn-hangzhou-i",
      vswitch_name: "prod-hangzhou-private-cn-hangzhou-i",
    });
    expect(subnets["network/public-cn-hangzhou-i"]).toMatchObject({ cidr_block: "10.20.144.0/20" });
  });

  test("tells ids and blocks of its vSwitches", () => {
    const { made, template } = network();
    expect(template.resolved(made.subnet("public", "cn-hangzhou-j"))).toBe(
      template.reference("alicloud_vswitch", "network/public-cn-hangzhou-j", "id"),
    );
    expect(made.blocks("public")).toEqual(["10.20.128.0/20", "10.20.144.0/20", "10.20.160.0/20"]);
  });

  test("says which zones it has when it is asked for another", () => {
    expect(() => network().made.subnet("private", "cn-hangzhou-b")).toThrow(
      "the network has no zone cn-hangzhou-b; one of its zones: cn-hangzhou-h, cn-hangzhou-i, cn-hangzhou-j",
    );
  });

  test("changes nothing that is there when a zone is appended", () => {
    const before = network({ zones: ZONES.slice(0, 2) }).template;
    const after = network().template;
    for (const type of ["alicloud_vpc", "alicloud_vswitch", "alicloud_nat_gateway", "alicloud_snat_entry"]) {
      expect(after.resources(type)).toMatchObject(before.resources(type));
    }
  });

  test("leads all private vSwitches, and no public one, through one NAT gateway in the first zone", () => {
    const { template } = network();
    expect(Object.keys(template.resources("alicloud_nat_gateway"))).toEqual(["network/nat-cn-hangzhou-h"]);
    const routes = template.reference("alicloud_route_table", "network/nat-cn-hangzhou-h-routes", "id");
    expect(template.resource("alicloud_vpc_route_entry", "network/nat-cn-hangzhou-h-route")).toMatchObject({
      route_table_id: routes,
      destination_cidr_block: "0.0.0.0/0",
      nexthop_type: "NatGateway",
      nexthop_id: template.reference("alicloud_nat_gateway", "network/nat-cn-hangzhou-h", "id"),
    });
    const attachments = template.resources("alicloud_route_table_attachment");
    expect(Object.values(attachments).map((one) => [one.vswitch_id, one.route_table_id])).toEqual(
      ZONES.map((zone) => [template.reference("alicloud_vswitch", `network/private-${zone}`, "id"), routes]),
    );
  });

  test("translates the addresses of each private vSwitch once its gateway has its own", () => {
    const { template } = network();
    const address = template.reference("alicloud_eip_address", "network/nat-cn-hangzhou-h-address", "ip_address");
    const [binding] = Object.keys(template.resources("alicloud_eip_association"));
    expect(binding).toBe("network/nat-cn-hangzhou-h-binding");
    for (const zone of ZONES) {
      expect(template.resource("alicloud_snat_entry", `network/private-${zone}-nat`)).toMatchObject({
        source_vswitch_id: template.reference("alicloud_vswitch", `network/private-${zone}`, "id"),
        snat_ip: address,
        depends_on: [expect.stringMatching(/^alicloud_eip_association\./)],
      });
    }
  });

  test("keeps gateway and address of the first zone when each zone gets one", () => {
    const one = network().template;
    const { template } = network({ nat: "per-zone" });
    expect(template.resources("alicloud_nat_gateway")).toMatchObject(one.resources("alicloud_nat_gateway"));
    expect(template.resources("alicloud_eip_address")).toMatchObject(one.resources("alicloud_eip_address"));
    for (const zone of ZONES) {
      expect(routesOf(template, zone)).toBe(
        template.reference("alicloud_route_table", `network/nat-${zone}-routes`, "id"),
      );
    }
  });

  test("makes no gateway when nodes have public addresses of their own", () => {
    const { template } = network({ nat: "none" });
    expect(template.addresses.filter((address) => /nat|eip|route/.test(address))).toEqual([]);
  });

  test("puts tags on all that takes them, and lets its parts be changed", () => {
    const { template } = network({
      tags: { team: "platform" },
      transform: { vpc: (config) => ({ ...config, description: "ours" }) },
    });
    expect(template.resource("alicloud_vpc", "network/vpc")).toMatchObject({ description: "ours" });
    for (const type of ["alicloud_vpc", "alicloud_vswitch", "alicloud_nat_gateway", "alicloud_eip_address"]) {
      for (const made of Object.values(template.resources(type))) expect(made.tags).toEqual({ team: "platform" });
    }
  });

  test.each(["one", "per-zone", "none"] as const)("has no fault in the eyes of the provider with nat: %s", (nat) => {
    expect(schemaFaults(network({ nat }).template.json)).toEqual([]);
  });
});
