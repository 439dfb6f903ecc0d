import { SecurityGroupRule } from "@cdktf/provider-alicloud/lib/security-group-rule";
import { Lazy } from "cdktf";
import { Construct } from "constructs";
import type { Party, SiteGroups } from "../firewall.js";
import type { SiteNetwork } from "../network.js";

/** What may reach a service that stands in the network. */
export interface ServiceAccessProps {
  readonly network: SiteNetwork;
  /** TCP port of the service. */
  readonly port: number;
  /** What it is, for the reader of the console. */
  readonly purpose: string;
}

/** What a service lets in by its address while no group is named: nobody. */
export const NOBODY = ["127.0.0.1"] as const;

/**
 * Who may reach a service: on Alibaba Cloud it is in no security group itself, but has a list of groups that it lets in.
 * Members of a group also need the way out to it, which leads to the whole network, for the service may move.
 */
export class ServiceAccess extends Construct {
  private readonly letIn: string[] = [];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ServiceAccessProps,
  ) {
    super(scope, id);
  }

  allowFrom(groups: SiteGroups, party: Party): void {
    const { network, port, purpose } = this.props;
    const group = groups.group(party);
    this.letIn.push(group);
    new SecurityGroupRule(this, `of-${party}`, {
      securityGroupId: group,
      type: "egress",
      ipProtocol: "tcp",
      portRange: `${port}/${port}`,
      cidrIp: network.cidr,
      nicType: "intranet",
      policy: "accept",
      // Before the rule that refuses the rest.
      priority: 1,
      description: purpose,
    });
  }

  /** Ids of the groups that are let in, as they are when the stack is written. */
  get groups(): string[] {
    return Lazy.listValue({ produce: () => this.letIn }, { omitEmpty: true });
  }

  /** The same for a service that takes them as one text. */
  get groupList(): string {
    return Lazy.stringValue({ produce: () => (this.letIn.length === 0 ? undefined : this.letIn.join(",")) });
  }
}
