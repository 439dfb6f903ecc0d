import { TerraformStack, Testing } from "cdktf";
import { describe, expect, test } from "vitest";
import { SecurityGroups, type SecurityGroupsProps } from "../../../constructs/aws/security-groups.js";
import { planFirewall } from "../../../constructs/firewall.js";
import { synthesized } from "../template.js";

const NEEDS = {
  name: "prod",
  network: { id: "vpc-1", cidr: "10.20.0.0/16", subnet: () => "subnet-1" },
  ports: { https: 443, registry: 5000, metrics: 5001, status: 8081 },
  operators: ["203.0.113.0/24"],
  clients: ["198.51.100.0/24"],
  access: "bastion",
  metrics: "private",
} satisfies SecurityGroupsProps;

function groups(props: Partial<SecurityGroupsProps> = {}) {
  const stack = new TerraformStack(Testing.app(), "site");
  const made = new SecurityGroups(stack, "groups", { ...NEEDS, ...props });
  return { made, template: synthesized(stack) };
}

const INGRESS = "aws_vpc_security_group_ingress_rule";
const EGRESS = "aws_vpc_security_group_egress_rule";

describe("security groups", () => {
  test("are one for each part of the site, and hold no rule themselves", () => {
    const found = groups().template.resources("aws_security_group");
    expect(Object.keys(found)).toEqual(["groups/balancer", "groups/nodes", "groups/bastion"]);
    for (const group of Object.values(found)) {
      expect(group.vpc_id).toBe("vpc-1");
      expect(group).not.toHaveProperty("ingress");
      expect(group).not.toHaveProperty("egress");
    }
  });

  test("have a rule for each opening that is planned, in its direction", () => {
    const { template } = groups();
    const ids = (direction: "in" | "out") =>
      planFirewall(NEEDS)
        .filter((rule) => rule.direction === direction)
        .map(({ id }) => `groups/${id}`);
    expect(Object.keys(template.resources(INGRESS))).toEqual(ids("in"));
    expect(Object.keys(template.resources(EGRESS))).toEqual(ids("out"));
  });

  test("name a part of the site by its group, and people outside by their block", () => {
    const { template } = groups();
    expect(template.resource(INGRESS, "groups/nodes-https-from-balancer")).toMatchObject({
      security_group_id: template.reference("aws_security_group", "groups/nodes", "id"),
      referenced_security_group_id: template.reference("aws_security_group", "groups/balancer", "id"),
      ip_protocol: "tcp",
      from_port: 443,
      to_port: 443,
    });
    const clients = template.resource(INGRESS, "groups/balancer-clients-from-198.51.100.0-24");
    expect(clients).toMatchObject({ cidr_ipv4: "198.51.100.0/24" });
    expect(clients).not.toHaveProperty("referenced_security_group_id");
  });

  test("carry descriptions that EC2 takes", () => {
    const { template } = groups({ outbound: [6379] });
    for (const rule of [...Object.values(template.resources(INGRESS)), ...Object.values(template.resources(EGRESS))]) {
      // EC2, AuthorizeSecurityGroupIngress: up to 255 of these characters.
      expect(rule.description).toMatch(/^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/);
    }
  });

  test("have none for a bastion when operators come over a session", () => {
    const { made, template } = groups({ access: "session" });
    expect(Object.keys(template.resources("aws_security_group"))).toEqual(["groups/balancer", "groups/nodes"]);
    expect(() => made.group("bastion")).toThrow("this site has no bastion");
    expect(Object.values(template.resources(INGRESS)).map((rule) => rule.to_port)).not.toContain(22);
  });

  test("keep every rule when a block of clients is added before the others", () => {
    const before = groups().template.resources(INGRESS);
    expect(groups({ clients: ["192.0.2.0/24", ...NEEDS.clients] }).template.resources(INGRESS)).toMatchObject(before);
  });
});
