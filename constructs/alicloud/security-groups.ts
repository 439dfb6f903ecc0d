import { SecurityGroup, type SecurityGroupConfig } from "@cdktf/provider-alicloud/lib/security-group/index.js";
import {
  SecurityGroupRule,
  type SecurityGroupRuleConfig,
} from "@cdktf/provider-alicloud/lib/security-group-rule/index.js";
import { Construct } from "constructs";
import { Problem } from "../../spec/problem.js";
import {
  type FirewallProps as CommonFirewallProps,
  type FirewallRule,
  type Party,
  planFirewall,
  type SiteGroups,
} from "../firewall.js";
import type { BalancerKind } from "../load-balancer.js";
import { fitName } from "../named.js";
import type { SiteNetwork } from "../network.js";
import { type Transform, transformed } from "../transform.js";
import { type BalancerSources, balancerSources } from "./balancer-sources.js";
import { LONGEST_NAME } from "./limits.js";

/** Security groups of a site on Alibaba Cloud. */
export interface SecurityGroupsProps extends CommonFirewallProps {
  readonly network: SiteNetwork;
  /** Kind of the balancer: it decides from which addresses requests reach the nodes. @default "nlb" */
  readonly balancer?: BalancerKind;
  /** Who ends TLS: it decides the same. @default "nodes" */
  readonly tls?: "nodes" | "balancer";
  /** Blocks of the vSwitches that the balancer stands in. @default - the whole network */
  readonly balancerBlocks?: readonly string[];
  /** Changes to what is made. @default - as it is */
  readonly transform?: {
    readonly group?: Transform<SecurityGroupConfig>;
    readonly rule?: Transform<SecurityGroupRuleConfig>;
  };
}

/** What {@link SecurityGroups} are made of; rules by their id. */
export interface SecurityGroupsResources {
  readonly groups: ReadonlyMap<Party, SecurityGroup>;
  readonly rules: ReadonlyMap<string, SecurityGroupRule>;
}

/** Name servers of every VPC. A group that closes what goes out closes them, too. */
const NAME_SERVERS = ["100.100.2.136/32", "100.100.2.138/32"] as const;
const DNS = 53;
/** 1 goes first. Of two rules with the same priority the one that refuses wins, so what is opened goes before. */
const OPENED = 1;
const CLOSED = 100;
const EVERYWHERE = "0.0.0.0/0";

/**
 * Who may talk to whom, and nothing else: members of a group do not reach each other by being in it, and what goes out is
 * closed but for what is listed. A basic security group leaves everything open that goes out, and a balancer lets
 * everybody in as long as its group refuses nobody; so each group ends with a rule that refuses the rest.
 * @example
 * const groups = new SecurityGroups(this, "security-groups", {
 *   name: "prod-hangzhou",
 *   network,
 *   balancerBlocks: network.blocks("public"),
 *   ports: { https: 443, registry: 5000, metrics: 5001, status: 8081 },
 *   operators: ["203.0.113.0/24"],
 *   clients: ["0.0.0.0/0"],
 *   access: "bastion",
 *   metrics: "loopback",
 * });
 */
export class SecurityGroups extends Construct implements SiteGroups {
  readonly resources: SecurityGroupsResources;
  private readonly groups: ReadonlyMap<Party, SecurityGroup>;

  constructor(scope: Construct, id: string, props: SecurityGroupsProps) {
    super(scope, id);
    this.groups = new Map(partiesOf(props).map((party) => [party, this.createGroup(party, props)]));
    const rules = new Map<string, SecurityGroupRule>();
    for (const rule of this.openings(props)) rules.set(rule.id, this.createRule(rule, props));
    for (const rule of this.ends()) rules.set(rule.id, this.createRule(rule, props));
    this.resources = { groups: this.groups, rules };
  }

  /** @throws Problem `security-group/absent`, for a classic balancer or a bastion that is not there */
  group(of: Party): string {
    const group = this.groups.get(of);
    if (group !== undefined) return group.id;
    throw new Problem({
      code: "security-group/absent",
      says: `there is no security group for the ${of}`,
      instead:
        of === "balancer"
          ? "a classic balancer takes a list of clients, no group; ask for the group behind kind nlb or alb only"
          : 'set access: "bastion", or do without a bastion',
    });
  }

  private createGroup(party: Party, { name, network, tags = {}, transform }: SecurityGroupsProps): SecurityGroup {
    const config: SecurityGroupConfig = {
      vpcId: network.id,
      securityGroupName: fitName(`${name}-${party}`, LONGEST_NAME),
      description: `${party} of ${name}`,
      securityGroupType: "normal",
      innerAccessPolicy: "Drop",
      tags,
    };
    return new SecurityGroup(this, party, transformed(config, transform?.group));
  }

  private createRule({ id, ...rule }: IdentifiedRule, { transform }: SecurityGroupsProps): SecurityGroupRule {
    const config: SecurityGroupRuleConfig = { nicType: "intranet", policy: "accept", priority: OPENED, ...rule };
    return new SecurityGroupRule(this, id, transformed(config, transform?.rule));
  }

  private openings(props: SecurityGroupsProps): IdentifiedRule[] {
    const { network, balancer = "nlb", tls = "nodes", balancerBlocks = [network.cidr], clients, ports } = props;
    const sources = balancerSources({ kind: balancer, tls, blocks: balancerBlocks, clients });
    const planned = planFirewall(props)
      .filter((rule) => this.groups.has(rule.of))
      .flatMap((rule) => withoutBalancer(rule, rule.port === ports.https ? "requests" : "health", sources));
    return [...planned, ...this.nameServerOpenings()].map((rule) => ({
      id: rule.id,
      securityGroupId: this.group(rule.of),
      type: rule.direction === "in" ? "ingress" : "egress",
      ipProtocol: rule.protocol,
      portRange: `${rule.port}/${rule.port}`,
      description: rule.purpose,
      ...("party" in rule.peer ? { sourceSecurityGroupId: this.group(rule.peer.party) } : { cidrIp: rule.peer.block }),
    }));
  }

  private nameServerOpenings(): FirewallRule[] {
    return this.machines().flatMap((of) =>
      NAME_SERVERS.flatMap((block) =>
        (["udp", "tcp"] as const).map(
          (protocol): FirewallRule => ({
            id: `${of}-names-${protocol}-to-${named(block)}`,
            of,
            direction: "out",
            protocol,
            port: DNS,
            peer: { block },
            purpose: "name servers of the network",
          }),
        ),
      ),
    );
  }

  /** The last rule of each group: refuse what no other lets through. */
  private ends(): IdentifiedRule[] {
    const end = (of: Party, type: "ingress" | "egress", description: string): IdentifiedRule => ({
      id: `${of}-nothing-else-${type === "ingress" ? "in" : "out"}`,
      securityGroupId: this.group(of),
      type,
      ipProtocol: "all",
      portRange: "-1/-1",
      cidrIp: EVERYWHERE,
      policy: "drop",
      priority: CLOSED,
      description,
    });
    return [
      ...this.machines().map((of) => end(of, "egress", "nothing else goes out")),
      ...(this.groups.has("balancer") ? [end("balancer", "ingress", "nobody else comes in")] : []),
    ];
  }

  /** Parties that are machines: a balancer's answers are not limited by its group. */
  private machines(): Party[] {
    return [...this.groups.keys()].filter((party) => party !== "balancer");
  }
}

interface IdentifiedRule extends SecurityGroupRuleConfig {
  readonly id: string;
}

function partiesOf({ access, balancer }: SecurityGroupsProps): Party[] {
  return [
    "nodes",
    ...(balancer === "clb" ? [] : (["balancer"] as const)),
    ...(access === "bastion" ? (["bastion"] as const) : []),
  ];
}

/**
 * Balancers of Alibaba Cloud are no members of the group that guards their port, so that nodes cannot name it as a
 * source: they name the addresses that the balancer, or its clients, come from.
 */
function withoutBalancer(rule: FirewallRule, traffic: keyof BalancerSources, sources: BalancerSources): FirewallRule[] {
  if (rule.of === "balancer" && rule.direction === "out") return [];
  if (!("party" in rule.peer) || rule.peer.party !== "balancer") return [rule];
  return sources[traffic].map((block) => ({ ...rule, id: `${rule.id}-${named(block)}`, peer: { block } }));
}

function named(block: string): string {
  return block.replace("/", "-");
}
