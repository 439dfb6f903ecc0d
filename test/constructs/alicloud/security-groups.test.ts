import { describe, expect, test } from "vitest";
import { SecurityGroups, type SecurityGroupsProps } from "../../../constructs/alicloud/security-groups.js";
import { type Arguments, synthesized, type Template } from "../template.js";
import { network } from "./parts.js";
import { schemaFaults } from "./schema-faults.js";
import { alicloudStack } from "./site.js";

const PUBLIC = ["10.20.128.0/20", "10.20.144.0/20"];

const site: SecurityGroupsProps = {
  name: "prod-hangzhou",
  network,
  ports: { https: 443, registry: 5000, metrics: 5001, status: 8081 },
  operators: ["203.0.113.0/24"],
  clients: ["198.51.100.0/24", "192.0.2.0/24"],
  access: "bastion",
  metrics: "loopback",
};

function groups(props: Partial<SecurityGroupsProps> = {}) {
  const stack = alicloudStack();
  const made = new SecurityGroups(stack, "groups", { ...site, balancerBlocks: PUBLIC, ...props });
  return { made, template: synthesized(stack) };
}

/** What is let in, a line each: port, from whom. */
function letIn(template: Template, party: string): string[] {
  return linesOf(template, party, "ingress", "accept");
}

function linesOf(template: Template, party: string, type: string, policy: string): string[] {
  const names = new Map(
    ["nodes", "balancer", "bastion"]
      .filter((of) => template.addresses.includes(`alicloud_security_group groups/${of}`))
      .map((of) => [template.reference("alicloud_security_group", `groups/${of}`, "id"), of]),
  );
  const peer = (rule: Arguments) => rule.cidr_ip ?? names.get(String(rule.source_security_group_id));
  return Object.values(template.resources("alicloud_security_group_rule"))
    .filter((rule) => names.get(String(rule.security_group_id)) === party && rule.type === type)
    .filter((rule) => rule.policy === policy)
    .map((rule) => `${rule.port_range} ${rule.ip_protocol} ${peer(rule)}`);
}

describe("security groups on Alibaba Cloud", () => {
  test("let nobody reach another by being in the same group", () => {
    for (const group of Object.values(groups().template.resources("alicloud_security_group"))) {
      expect(group).toMatchObject({ inner_access_policy: "Drop", security_group_type: "normal", vpc_id: "vpc-1" });
    }
  });

  test("let clients reach a balancer's port, and refuse everybody else: without a refusal all would come in", () => {
    const { template } = groups();
    expect(letIn(template, "balancer")).toEqual(["443/443 tcp 198.51.100.0/24", "443/443 tcp 192.0.2.0/24"]);
    expect(linesOf(template, "balancer", "ingress", "drop")).toEqual(["-1/-1 all 0.0.0.0/0"]);
  });

  test("let nodes see the clients of an NLB that passes connections through, and its own health checks", () => {
    expect(letIn(groups().template, "nodes")).toEqual([
      "443/443 tcp 198.51.100.0/24",
      "443/443 tcp 192.0.2.0/24",
      ...PUBLIC.map((block) => `8081/8081 tcp ${block}`),
      "22/22 tcp bastion",
      "5000/5000 tcp nodes",
      "8081/8081 tcp nodes",
    ]);
  });

  test.each([
    ["nlb", "balancer", PUBLIC, PUBLIC],
    ["alb", "balancer", PUBLIC, PUBLIC],
    ["clb", "nodes", ["198.51.100.0/24", "192.0.2.0/24", "100.64.0.0/10"], ["100.64.0.0/10"]],
  ] as const)("let %s with TLS at the %s come to the nodes from its own addresses", (balancer, tls, https, status) => {
    const { template } = groups({ balancer, tls });
    const lines = letIn(template, "nodes").filter((line) => line.startsWith("443/") || line.startsWith("8081/"));
    expect(lines).toEqual([
      ...https.map((block) => `443/443 tcp ${block}`),
      ...status.map((block) => `8081/8081 tcp ${block}`),
      "8081/8081 tcp nodes",
    ]);
  });

  test("take the whole network for the balancer's addresses when nobody names its vSwitches", () => {
    const stack = alicloudStack();
    new SecurityGroups(stack, "groups", { ...site, tls: "balancer" });
    expect(letIn(synthesized(stack), "nodes")).toContain("443/443 tcp 10.20.0.0/16");
  });

  test("let out what is listed, name servers among it, and nothing else", () => {
    const { template } = groups();
    expect(linesOf(template, "nodes", "egress", "accept")).toEqual([
      "5000/5000 tcp nodes",
      "8081/8081 tcp nodes",
      "80/80 tcp 0.0.0.0/0",
      "443/443 tcp 0.0.0.0/0",
      "123/123 udp 0.0.0.0/0",
      ...["100.100.2.136/32", "100.100.2.138/32"].flatMap((server) => [`53/53 udp ${server}`, `53/53 tcp ${server}`]),
    ]);
    for (const party of ["nodes", "bastion"]) {
      expect(linesOf(template, party, "egress", "drop")).toEqual(["-1/-1 all 0.0.0.0/0"]);
    }
  });

  test("refuse last: what is opened goes before", () => {
    for (const rule of Object.values(groups().template.resources("alicloud_security_group_rule"))) {
      expect(rule.priority).toBe(rule.policy === "drop" ? 100 : 1);
    }
  });

  test("keep each rule's place when another client comes before it", () => {
    const more = groups({ clients: ["192.0.2.0/24", "10.9.0.0/16", "198.51.100.0/24"] }).template;
    expect(more.resources("alicloud_security_group_rule")).toMatchObject(
      groups().template.resources("alicloud_security_group_rule"),
    );
  });

  test("are made for those who are there, and name the others' absence", () => {
    const { made, template } = groups({ access: "private", balancer: "clb" });
    expect(Object.keys(template.resources("alicloud_security_group"))).toEqual(["groups/nodes"]);
    expect(() => made.group("balancer")).toThrow("there is no security group for the balancer; a classic balancer");
    expect(() => made.group("bastion")).toThrow("there is no security group for the bastion");
  });

  test.each([
    ["nlb", "bastion"],
    ["clb", "private"],
    ["alb", "direct"],
  ] as const)("have no fault in the eyes of the provider before %s, with access %s", (balancer, access) => {
    expect(schemaFaults(groups({ balancer, access, metrics: "private" }).template.json)).toEqual([]);
  });
});
