import { TerraformStack, Testing } from "cdktf";
import { describe, expect, test } from "vitest";
import { Hosts, type HostsProps } from "../../../constructs/aws/hosts.js";
import { placeNodes, planSubnets } from "../../../spec/cloud/network-plan.js";
import { Problem } from "../../../spec/problem.js";
import { synthesized } from "../template.js";

const ZONES = ["eu-central-1a", "eu-central-1b", "eu-central-1c"];
const SUBNETS = planSubnets("10.20.0.0/16", ZONES);

function hosts(props: Partial<HostsProps> = {}) {
  const stack = new TerraformStack(Testing.app(), "site");
  const made = new Hosts(stack, "hosts", {
    name: "prod",
    network: { id: "vpc-1", cidr: "10.20.0.0/16", subnet: (kind, zone) => `${kind}-${zone}` },
    groups: { group: (of) => `sg-${of}` },
    places: placeNodes(SUBNETS, 3),
    size: "c7i.xlarge",
    sshPublicKey: "ssh-ed25519 AAAA ops",
    ...props,
  });
  const template = synthesized(stack);
  return { made, template, node: (name: string) => template.resource("aws_instance", `hosts/${name}`) };
}

describe("hosts", () => {
  test("stand one in each zone, at the address that was planned, kept apart", () => {
    const { node, template } = hosts();
    expect(node("node-2")).toMatchObject({
      subnet_id: "private-eu-central-1b",
      private_ip: "10.20.16.12",
      vpc_security_group_ids: ["sg-nodes"],
      placement_group: template.reference("aws_placement_group", "hosts/placement-group", "name"),
    });
    expect(template.resource("aws_placement_group", "hosts/placement-group")).toMatchObject({ strategy: "spread" });
  });

  test("encrypt their disk, want tokens for metadata, and answer one hop only", () => {
    const { node } = hosts({ diskGibibytes: 200, diskKey: { id: "arn:aws:kms:eu-central-1:1:key/k" } });
    expect(node("node-1")).toMatchObject({
      root_block_device: {
        encrypted: true,
        kms_key_id: "arn:aws:kms:eu-central-1:1:key/k",
        volume_size: 200,
        volume_type: "gp3",
      },
      metadata_options: { http_tokens: "required", http_put_response_hop_limit: 1 },
    });
  });

  test("are protected unless that is lifted", () => {
    expect(hosts().node("node-1").disable_api_termination).toBe(true);
    expect(hosts({ protect: false }).node("node-1").disable_api_termination).toBe(false);
  });

  test("keep the image they were made from", () => {
    expect(hosts().node("node-1").lifecycle).toEqual({ ignore_changes: ["ami", "user_data"] });
  });

  test("have the image of Debian for the architecture of their own size", () => {
    const { node, template } = hosts({ sizes: { "node-2": "c7g.xlarge" } });
    expect(node("node-1").ami).toBe(template.reference("aws_ami", "hosts/debian-12-amd64", "id"));
    expect(node("node-2").ami).toBe(template.reference("aws_ami", "hosts/debian-12-arm64", "id"));
    expect(template.dataSources("aws_ami")["hosts/debian-12-arm64"]).toMatchObject({
      owners: ["136693071363"],
      filter: expect.arrayContaining([{ name: "architecture", values: ["arm64"] }]),
    });
  });

  test("ask nobody for an image when one is named", () => {
    const { node, template } = hosts({ image: "ami-0123" });
    expect(node("node-3").ami).toBe("ami-0123");
    expect(template.dataSources("aws_ami")).toEqual({});
  });

  test("do nothing at the first boot", () => {
    expect(hosts().node("node-1")).not.toHaveProperty("user_data");
  });

  test("install the agent of their architecture at the first boot when operators come over sessions", () => {
    const { node, template } = hosts({ sessions: true, identity: { profile: "prod-nodes" }, size: "m7g.large" });
    const region = template.reference("aws_region", "account/region", "name");
    const suffix = template.reference("aws_partition", "account/partition", "dns_suffix");
    expect(node("node-1").iam_instance_profile).toBe("prod-nodes");
    expect(node("node-1").user_data).toContain(
      `"https://s3.${region}.${suffix}/amazon-ssm-${region}/latest/debian_arm64/amazon-ssm-agent.deb"`,
    );
  });

  test("have public addresses that outlive them, and only when asked", () => {
    expect(hosts().template.resources("aws_eip")).toEqual({});
    const { made, node, template } = hosts({ publicAddresses: true });
    expect(template.resource("aws_eip_association", "hosts/node-1-address-of")).toMatchObject({
      instance_id: template.reference("aws_instance", "hosts/node-1", "id"),
      allocation_id: template.reference("aws_eip", "hosts/node-1-address", "allocation_id"),
    });
    expect(template.resolved(made.host("node-1").publicAddress)).toBe(
      template.reference("aws_eip", "hosts/node-1-address", "public_ip"),
    );
    // Said here, it would differ from what EC2 tells once the address is there, and make the machine anew.
    expect(node("node-1")).not.toHaveProperty("associate_public_ip_address");
  });

  test("change nothing of those that are there when one is added", () => {
    const before = hosts({ publicAddresses: true }).template;
    const after = hosts({ publicAddresses: true, places: placeNodes(SUBNETS, 4) }).template;
    expect(JSON.parse(after.json)).toMatchObject(JSON.parse(before.json));
    expect(after.addresses).toContain("aws_instance hosts/node-4");
  });

  test("are refused where a zone cannot keep them apart", () => {
    const crowd = () => hosts({ places: placeNodes(SUBNETS.slice(0, 1), 8) });
    expect(crowd).toThrow(Problem);
    expect(crowd).toThrow("8 nodes in eu-central-1a");
  });
});
