import { TerraformStack, Testing } from "cdktf";
import { describe, expect, test } from "vitest";
import { Bastion, type BastionProps } from "../../../constructs/aws/bastion.js";
import { synthesized } from "../template.js";

function bastion(props: Partial<BastionProps> = {}) {
  const stack = new TerraformStack(Testing.app(), "site");
  const made = new Bastion(stack, "bastion", {
    name: "prod",
    network: { id: "vpc-1", cidr: "10.20.0.0/16", subnet: (kind, zone) => `${kind}-${zone}` },
    groups: { group: (of) => `sg-${of}` },
    zone: "eu-central-1a",
    sshPublicKey: "ssh-ed25519 AAAA ops",
    ...props,
  });
  const template = synthesized(stack);
  return { made, template, machine: template.resource("aws_instance", "bastion/machine") };
}

describe("a bastion", () => {
  test("stands in a public subnet, in a group of its own, with a key pair of operators", () => {
    const { machine, template } = bastion();
    expect(machine).toMatchObject({
      subnet_id: "public-eu-central-1a",
      vpc_security_group_ids: ["sg-bastion"],
      key_name: template.reference("aws_key_pair", "bastion/key-pair", "key_name"),
    });
    expect(template.resource("aws_key_pair", "bastion/key-pair")).toMatchObject({ public_key: "ssh-ed25519 AAAA ops" });
  });

  test("has no rights in the cloud, an encrypted disk, and metadata for who holds a token", () => {
    const { machine } = bastion({ diskKey: { id: "arn:aws:kms:eu-central-1:1:key/k" } });
    expect(machine).not.toHaveProperty("iam_instance_profile");
    expect(machine).toMatchObject({
      root_block_device: { encrypted: true, kms_key_id: "arn:aws:kms:eu-central-1:1:key/k" },
      metadata_options: { http_tokens: "required" },
    });
  });

  test("keeps its address when it is made anew", () => {
    const { made, template } = bastion();
    expect(template.resource("aws_eip", "bastion/address")).not.toHaveProperty("instance");
    expect(template.resolved(made.address)).toBe(template.reference("aws_eip", "bastion/address", "public_ip"));
  });

  test("gets an image for the architecture of its size", () => {
    const { machine, template } = bastion({ size: "t4g.nano" });
    expect(machine.ami).toBe(template.reference("aws_ami", "bastion/debian-12-arm64", "id"));
  });
});
