import { SecurityGroup, type SecurityGroupConfig } from "@cdktf/provider-aws/lib/security-group/index.js";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule/index.js";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule/index.js";
import { Construct } from "constructs";
import { type FirewallProps, type FirewallRule, type Party, planFirewall, type SiteGroups } from "../firewall.js";
import type { SiteNetwork } from "../network.js";
import { type Transform, transformed } from "../transform.js";

/** The security groups of a site: one for the nodes, one for the balancer, one for the bastion if there is one. */
export interface SecurityGroupsProps extends FirewallProps {
  readonly network: SiteNetwork;
  /** Change what is made. @default - as it is */
  readonly transform?: { readonly group?: Transform<SecurityGroupConfig> };
}

/** What security groups are made of. */
export interface SecurityGroupsResources {
  readonly groups: ReadonlyMap<Party, SecurityGroup>;
  /** By id of the rule: nodes-https-from-balancer. */
  readonly rules: ReadonlyMap<string, VpcSecurityGroupIngressRule | VpcSecurityGroupEgressRule>;
}

const MEMBERS: Readonly<Record<Party, string>> = {
  nodes: "Nodes of the registry",
  balancer: "Balancer before the nodes",
  bastion: "Bastion of operators",
};

/**
 * Everything between the parts of a site is closed but for what the registry needs. Each opening is a rule of its own
 * and names its peer by group, so that a node that comes or goes changes no rule.
 *
 * @example
 * const groups = new SecurityGroups(stack, "groups", {
 *   name: "prod-frankfurt",
 *   network,
 *   ports: { https: 443, registry: 5000, status: 8080, metrics: 9090 },
 *   operators: ["203.0.113.0/24"],
 *   clients: ["0.0.0.0/0"],
 *   access: "bastion",
 *   metrics: "private",
 * });
 * groups.group("nodes");
 */
export class SecurityGroups extends Construct implements SiteGroups {
  readonly resources: SecurityGroupsResources;

  constructor(scope: Construct, id: string, props: SecurityGroupsProps) {
    super(scope, id);
    const plan = planFirewall(props);
    const parties = new Set(plan.map(({ of }) => of));
    const groups = new Map([...parties].map((party) => [party, this.createGroup(party, props)] as const));
    const rules = new Map<string, VpcSecurityGroupIngressRule | VpcSecurityGroupEgressRule>();
    this.resources = { groups, rules };
    for (const rule of plan) rules.set(rule.id, this.open(rule, props));
  }

  /** Id of a party's group. @throws RangeError for a bastion where there is none */
  group(of: Party): string {
    const group = this.resources.groups.get(of);
    if (group === undefined) throw new RangeError(`this site has no ${of}, so no group for it`);
    return group.id;
  }

  private createGroup(party: Party, { name, network, tags, transform }: SecurityGroupsProps): SecurityGroup {
    const config: SecurityGroupConfig = {
      name: `${name}-${party}`,
      // AWS makes a group anew for another description: this text must not change.
      description: MEMBERS[party],
      vpcId: network.id,
      tags: { ...tags, Name: `${name}-${party}` },
    };
    return new SecurityGroup(this, party, transformed(config, transform?.group));
  }

  private open(rule: FirewallRule, { tags }: SecurityGroupsProps) {
    const { id, of, direction, protocol, port, peer, purpose } = rule;
    const config = {
      securityGroupId: this.group(of),
      description: purpose,
      ipProtocol: protocol,
      fromPort: port,
      toPort: port,
      ...("party" in peer ? { referencedSecurityGroupId: this.group(peer.party) } : { cidrIpv4: peer.block }),
      tags: { ...tags, Name: id },
    };
    return direction === "in"
      ? new VpcSecurityGroupIngressRule(this, id, config)
      : new VpcSecurityGroupEgressRule(this, id, config);
  }
}
