import { describe, expect, test } from "vitest";
import { Hosts, type HostsProps } from "../../../constructs/alicloud/hosts.js";
import { placeNodes, planSubnets } from "../../../spec/cloud/network-plan.js";
import { synthesized } from "../template.js";
import { groups, network, ZONES } from "./parts.js";
import { schemaFaults } from "./schema-faults.js";
import { alicloudStack } from "./site.js";

const IMAGE = "aliyun_3_x64_20G_alibase_20250629.vhd";
const SSH_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDeadbeef ops";

function places(count: number) {
  return placeNodes(planSubnets("10.20.0.0/16", ZONES), count);
}

const site: HostsProps = {
  name: "prod-hangzhou",
  network,
  groups,
  places: places(3),
  size: "ecs.c7.xlarge",
  sshPublicKey: SSH_KEY,
};

function hosts(props: Partial<HostsProps> = {}) {
  const stack = alicloudStack();
  const made = new Hosts(stack, "hosts", { ...site, image: IMAGE, ...props });
  return { made, template: synthesized(stack) };
}

describe("hosts on Alibaba Cloud", () => {
  test("stand at their planned places, spread over zones and physical machines", () => {
    const { template } = hosts();
    const spread = template.reference("alicloud_ecs_deployment_set", "hosts/deployment-set", "id");
    const instances = Object.entries(template.resources("alicloud_instance"));
    expect(instances.map(([path, one]) => [path, one.vswitch_id, one.private_ip, one.deployment_set_id])).toEqual([
      ["hosts/node-1", "vsw-private-cn-hangzhou-h", "10.20.0.11", spread],
      ["hosts/node-2", "vsw-private-cn-hangzhou-i", "10.20.16.12", spread],
      ["hosts/node-3", "vsw-private-cn-hangzhou-j", "10.20.32.13", spread],
    ]);
    expect(template.resource("alicloud_ecs_deployment_set", "hosts/deployment-set").strategy).toBe("Availability");
  });

  test("have an encrypted disk, metadata by token only, a key and no password, and no address outside", () => {
    const { template } = hosts({ diskGibibytes: 200 });
    const node = template.resource("alicloud_instance", "hosts/node-1");
    expect(node).toMatchObject({
      system_disk_encrypted: true,
      system_disk_category: "cloud_essd",
      system_disk_size: 200,
      http_endpoint: "enabled",
      http_tokens: "required",
      key_name: template.reference("alicloud_ecs_key_pair", "hosts/key-pair", "key_pair_name"),
      security_groups: ["sg-nodes"],
      internet_max_bandwidth_out: 0,
      deletion_protection: true,
      security_enhancement_strategy: "Active",
    });
    expect(Object.keys(node).filter((key) => /password|user_data|role|kms/.test(key))).toEqual([]);
    expect(template.resource("alicloud_ecs_key_pair", "hosts/key-pair").public_key).toBe(SSH_KEY);
    expect(template.resources("alicloud_eip_address")).toEqual({});
  });

  test("encrypt their disks with a key of the site where there is one", () => {
    const { template } = hosts({ diskKey: { id: "key-1" } });
    expect(template.resource("alicloud_instance", "hosts/node-2").system_disk_kms_key_id).toBe("key-1");
  });

  test("keep the image they were made from", () => {
    expect(hosts().template.resource("alicloud_instance", "hosts/node-1").lifecycle).toEqual({
      ignore_changes: ["image_id", "user_data", "security_enhancement_strategy"],
    });
  });

  test("ask the cloud for no image when one is named", () => {
    const { template } = hosts();
    expect(template.dataSources("alicloud_images")).toEqual({});
    expect(template.resource("alicloud_instance", "hosts/node-1").image_id).toBe(IMAGE);
  });

  test("get the newest Alibaba Cloud Linux 3 when none is named", () => {
    const stack = alicloudStack();
    new Hosts(stack, "hosts", site);
    const template = synthesized(stack);
    const [found = {}] = Object.values(template.dataSources("alicloud_images"));
    expect(found).toMatchObject({
      owners: "system",
      image_family: "acs:alibaba_cloud_linux_3_2104_lts_x64",
      most_recent: true,
    });
    expect(IMAGE).toMatch(new RegExp(String(found.name_regex)));
    expect(template.resource("alicloud_instance", "hosts/node-1").image_id).toBe(
      template.reference("alicloud_images", "hosts/image", "images[0].id"),
    );
    expect(schemaFaults(template.json)).toEqual([]);
  });

  test("get no agent of the cloud on an image of your own", () => {
    const { template } = hosts({ image: "m-bp1abcdefgh" });
    expect(template.resource("alicloud_instance", "hosts/node-1").security_enhancement_strategy).toBe("Deactive");
  });

  test("differ in size where one is to be resized, and in nothing else", () => {
    const before = hosts().template.resources("alicloud_instance");
    const after = hosts({ sizes: { "node-2": "ecs.c7.2xlarge" } }).template.resources("alicloud_instance");
    expect(after["hosts/node-2"]).toEqual({ ...before["hosts/node-2"], instance_type: "ecs.c7.2xlarge" });
    expect(after["hosts/node-3"]).toEqual(before["hosts/node-3"]);
  });

  test("stay as they are when a node is added", () => {
    const after = hosts({ places: places(4) }).template.resources("alicloud_instance");
    expect(after).toMatchObject(hosts().template.resources("alicloud_instance"));
    expect(Object.keys(after)).toContain("hosts/node-4");
  });

  test("have public addresses that outlive them where operators come straight to them", () => {
    const { made, template } = hosts({ publicAddresses: true });
    expect(template.resource("alicloud_eip_association", "hosts/node-1-binding")).toEqual({
      allocation_id: template.reference("alicloud_eip_address", "hosts/node-1-address", "id"),
      instance_id: template.reference("alicloud_instance", "hosts/node-1", "id"),
      instance_type: "EcsInstance",
    });
    expect(template.resolved(made.host("node-1").publicAddress)).toBe(
      template.reference("alicloud_eip_address", "hosts/node-1-address", "ip_address"),
    );
  });

  test("are told by name, and who is missing is said", () => {
    const { made, template } = hosts();
    expect(template.resolved(made.host("node-2"))).toEqual({
      name: "node-2",
      id: template.reference("alicloud_instance", "hosts/node-2", "id"),
      privateAddress: "10.20.16.12",
    });
    expect(() => made.host("node-9")).toThrow("there is no machine node-9; one of node-1, node-2, node-3");
  });

  test("can be made without a deployment set, without protection, and as you like", () => {
    const { template } = hosts({
      spread: false,
      protect: false,
      transform: { instance: (config) => ({ ...config, systemDiskPerformanceLevel: "PL2" }) },
    });
    const node = template.resource("alicloud_instance", "hosts/node-1");
    expect(node).toMatchObject({ deletion_protection: false, system_disk_performance_level: "PL2" });
    expect(Object.keys(node)).not.toContain("deployment_set_id");
    expect(template.resources("alicloud_ecs_deployment_set")).toEqual({});
  });

  test("have no fault in the eyes of the provider", () => {
    const { template } = hosts({ publicAddresses: true, diskKey: { id: "key-1" }, tags: { team: "platform" } });
    expect(schemaFaults(template.json)).toEqual([]);
  });
});
