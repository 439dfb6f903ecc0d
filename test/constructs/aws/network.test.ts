import { TerraformStack, Testing } from "cdktf";
import { describe, expect, test } from "vitest";
import { Network, type NetworkProps } from "../../../constructs/aws/network.js";
import { documentIn, synthesized } from "../template.js";

const ZONES = ["eu-central-1a", "eu-central-1b", "eu-central-1c"];

function network(props: Partial<NetworkProps> = {}) {
  const stack = new TerraformStack(Testing.app(), "site");
  const made = new Network(stack, "network", { name: "prod", cidr: "10.20.0.0/16", zones: ZONES, ...props });
  return { made, template: synthesized(stack) };
}

function routeOf(template: ReturnType<typeof network>["template"], zone: string) {
  return template.resource("aws_route", `network/private-out-${zone}`);
}

describe("a network", () => {
  test("has a private and a public subnet in each zone, and gives no machine a public address by itself", () => {
    const subnets = network().template.resources("aws_subnet");
    expect(Object.keys(subnets).sort()).toEqual(
      ["private", "public"].flatMap((kind) => ZONES.map((zone) => `network/${kind}-${zone}`)),
    );
    expect(subnets["network/private-eu-central-1b"]).toMatchObject({
      cidr_block: "10.20.16.0/20",
      availability_zone: "eu-central-1b",
      map_public_ip_on_launch: false,
    });
    expect(subnets["network/public-eu-central-1b"]).toMatchObject({ cidr_block: "10.20.144.0/20" });
  });

  test("changes nothing that is there when a zone is appended", () => {
    const before = network({ zones: ZONES.slice(0, 2) }).template.resources("aws_subnet");
    expect(network().template.resources("aws_subnet")).toMatchObject(before);
  });

  test("empties the group that machines get when nobody names one", () => {
    const { template } = network();
    const group = template.resource("aws_default_security_group", "network/default-group");
    expect(group).toMatchObject({ vpc_id: template.reference("aws_vpc", "network/vpc", "id") });
    expect(Object.keys(group)).not.toContain("ingress");
    expect(Object.keys(group)).not.toContain("egress");
  });

  test("leads all private subnets through one NAT gateway in the first zone", () => {
    const { template } = network();
    expect(Object.keys(template.resources("aws_nat_gateway"))).toEqual(["network/nat-eu-central-1a"]);
    const nat = template.reference("aws_nat_gateway", "network/nat-eu-central-1a", "id");
    for (const zone of ZONES) {
      expect(routeOf(template, zone)).toMatchObject({ destination_cidr_block: "0.0.0.0/0", nat_gateway_id: nat });
    }
  });

  test("keeps gateway and address of the first zone when each zone gets one", () => {
    const { template } = network({ nat: "per-zone" });
    expect(template.resources("aws_nat_gateway")).toMatchObject(network().template.resources("aws_nat_gateway"));
    expect(template.resources("aws_eip")).toMatchObject(network().template.resources("aws_eip"));
    expect(routeOf(template, "eu-central-1c")).toMatchObject({
      nat_gateway_id: template.reference("aws_nat_gateway", "network/nat-eu-central-1c", "id"),
    });
  });

  test("without NAT leads private subnets straight to the internet", () => {
    const { template } = network({ nat: "none" });
    expect(template.resources("aws_nat_gateway")).toEqual({});
    expect(template.resources("aws_eip")).toEqual({});
    expect(routeOf(template, "eu-central-1a")).toMatchObject({
      gateway_id: template.reference("aws_internet_gateway", "network/gateway", "id"),
    });
  });

  test("reaches S3 from every subnet without leaving the network", () => {
    const { template } = network();
    const endpoint = template.resource("aws_vpc_endpoint", "network/storage-endpoint");
    expect(endpoint).toMatchObject({
      vpc_endpoint_type: "Gateway",
      service_name: `com.amazonaws.${template.reference("aws_region", "account/region", "name")}.s3`,
    });
    expect(endpoint.route_table_ids).toHaveLength(ZONES.length + 1);
  });

  test("lets machines write to the buckets that are named and no others, and read everywhere", () => {
    const { template } = network({ buckets: ["images"] });
    const { policy } = template.resource("aws_vpc_endpoint", "network/storage-endpoint");
    const partition = template.reference("aws_partition", "account/partition", "partition");
    expect(documentIn(policy)).toMatchObject({
      Statement: [
        { Action: "s3:*", Resource: [`arn:${partition}:s3:::images`, `arn:${partition}:s3:::images/*`] },
        { Action: "s3:GetObject", Resource: "*" },
      ],
    });
  });

  test("lets machines write to buckets of their own account when none is named", () => {
    const { template } = network();
    const { policy } = template.resource("aws_vpc_endpoint", "network/storage-endpoint");
    const account = template.reference("aws_caller_identity", "account/caller", "account_id");
    expect(documentIn(policy)).toMatchObject({
      Statement: [{ Condition: { StringEquals: { "aws:ResourceAccount": account } } }, { Action: "s3:GetObject" }],
    });
  });

  test("gives the id of a zone's subnet, and says so when there is no such zone", () => {
    const { made, template } = network();
    expect(template.resolved(made.subnet("public", "eu-central-1a"))).toBe(
      template.reference("aws_subnet", "network/public-eu-central-1a", "id"),
    );
    expect(() => made.subnet("public", "eu-central-1d")).toThrow("no zone eu-central-1d");
  });

  test("lets the user change what is inside", () => {
    const { template } = network({ transform: { vpc: (vpc) => ({ ...vpc, instanceTenancy: "dedicated" }) } });
    expect(template.resource("aws_vpc", "network/vpc")).toMatchObject({
      instance_tenancy: "dedicated",
      cidr_block: "10.20.0.0/16",
    });
  });
});
