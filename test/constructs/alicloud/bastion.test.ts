import { expect, test } from "vitest";
import { Bastion, type BastionProps } from "../../../constructs/alicloud/bastion.js";
import { synthesized } from "../template.js";
import { groups, network } from "./parts.js";
import { schemaFaults } from "./schema-faults.js";
import { alicloudStack } from "./site.js";

function bastion(props: Partial<BastionProps> = {}) {
  const stack = alicloudStack();
  const made = new Bastion(stack, "bastion", {
    name: "prod-hangzhou",
    network,
    groups,
    zone: "cn-hangzhou-h",
    image: "aliyun_3_x64_20G_alibase_20250629.vhd",
    sshPublicKey: "ssh-ed25519 AAAA",
    ...props,
  });
  return { made, template: synthesized(stack) };
}

test("a bastion is a small machine in a public vSwitch that may be deleted at any time", () => {
  expect(bastion().template.resource("alicloud_instance", "bastion/instance")).toMatchObject({
    instance_type: "ecs.e-c1m1.large",
    vswitch_id: "vsw-public-cn-hangzhou-h",
    security_groups: ["sg-bastion"],
    system_disk_size: 20,
    system_disk_encrypted: true,
    http_tokens: "required",
    internet_max_bandwidth_out: 0,
    deletion_protection: false,
  });
});

test("a bastion keeps its address when it is remade", () => {
  const { made, template } = bastion();
  expect(template.resolved(made.address)).toBe(
    template.reference("alicloud_eip_address", "bastion/address", "ip_address"),
  );
  expect(template.resource("alicloud_eip_association", "bastion/binding").instance_id).toBe(
    template.reference("alicloud_instance", "bastion/instance", "id"),
  );
});

test("a bastion takes another size, and your changes", () => {
  const { template } = bastion({
    size: "ecs.t6-c1m1.large",
    transform: { instance: (config) => ({ ...config, systemDiskSize: 40 }) },
  });
  expect(template.resource("alicloud_instance", "bastion/instance")).toMatchObject({
    instance_type: "ecs.t6-c1m1.large",
    system_disk_size: 40,
  });
});

test("a bastion has no fault in the eyes of the provider", () => {
  expect(schemaFaults(bastion({ diskKey: { id: "key-1" }, tags: { team: "platform" } }).template.json)).toEqual([]);
});
