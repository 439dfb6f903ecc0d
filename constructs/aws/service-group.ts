import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group/index.js";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule/index.js";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule/index.js";
import { Construct } from "constructs";
import type { Party, SiteGroups } from "../firewall.js";
import type { NamedProps } from "../named.js";
import type { SiteNetwork } from "../network.js";

/** The security group of a service that stands in the network. */
export interface ServiceGroupProps extends NamedProps {
  readonly network: SiteNetwork;
  /** What it guards, for the reader of the console; AWS makes a group anew for another text. */
  readonly description: string;
  /** TCP port of the service. */
  readonly port: number;
}

/** A group that lets nobody in until {@link allowFrom} is called, and nothing out. */
export class ServiceGroup extends Construct {
  readonly id: string;
  readonly group: SecurityGroup;
  private readonly props: ServiceGroupProps;

  constructor(scope: Construct, id: string, props: ServiceGroupProps) {
    super(scope, id);
    const { name, network, description, tags } = props;
    this.props = props;
    this.group = new SecurityGroup(this, "group", {
      name,
      description,
      vpcId: network.id,
      tags: { ...tags, Name: name },
    });
    this.id = this.group.id;
  }

  /** Opens the way of a part of the site to the service, at both ends. */
  allowFrom(groups: SiteGroups, party: Party): void {
    const { port, description, tags } = this.props;
    const other = groups.group(party);
    const way = { ipProtocol: "tcp", fromPort: port, toPort: port };
    const tagged = (id: string) => ({ tags: { ...tags, Name: id } });
    new VpcSecurityGroupIngressRule(this, `from-${party}`, {
      ...way,
      ...tagged(`${this.node.id}-from-${party}`),
      securityGroupId: this.id,
      referencedSecurityGroupId: other,
      description: `${party} of the registry`,
    });
    new VpcSecurityGroupEgressRule(this, `of-${party}`, {
      ...way,
      ...tagged(`${party}-to-${this.node.id}`),
      securityGroupId: other,
      referencedSecurityGroupId: this.id,
      description,
    });
  }
}
