import { EipAddress, type EipAddressConfig } from "@cdktf/provider-alicloud/lib/eip-address/index.js";
import { EipAssociation } from "@cdktf/provider-alicloud/lib/eip-association/index.js";
import { NatGateway, type NatGatewayConfig } from "@cdktf/provider-alicloud/lib/nat-gateway/index.js";
import { RouteTable } from "@cdktf/provider-alicloud/lib/route-table/index.js";
import { RouteTableAttachment } from "@cdktf/provider-alicloud/lib/route-table-attachment/index.js";
import { SnatEntry } from "@cdktf/provider-alicloud/lib/snat-entry/index.js";
import { Vpc, type VpcConfig } from "@cdktf/provider-alicloud/lib/vpc/index.js";
import { VpcRouteEntry } from "@cdktf/provider-alicloud/lib/vpc-route-entry/index.js";
import { Vswitch, type VswitchConfig } from "@cdktf/provider-alicloud/lib/vswitch/index.js";
import { Construct } from "constructs";
import { planSubnets, type ZoneSubnets } from "../../spec/cloud/network-plan.js";
import { Problem } from "../../spec/problem.js";
import { fitName } from "../named.js";
import type { NetworkProps as CommonNetworkProps, SiteNetwork, SubnetKind } from "../network.js";
import { planNat } from "../network.js";
import { type Transform, transformed } from "../transform.js";
import { LONGEST_NAME, PUBLIC_MEGABITS } from "./limits.js";

/** A VPC with a private and a public vSwitch in each zone. */
export interface NetworkProps extends CommonNetworkProps {
  /** Changes to what is made. @default - as it is */
  readonly transform?: {
    readonly vpc?: Transform<VpcConfig>;
    readonly subnet?: Transform<VswitchConfig>;
    readonly natGateway?: Transform<NatGatewayConfig>;
    readonly natAddress?: Transform<EipAddressConfig>;
  };
}

/** What a {@link Network} is made of; vSwitches and gateways by zone. */
export interface NetworkResources {
  readonly vpc: Vpc;
  readonly subnets: Readonly<Record<SubnetKind, ReadonlyMap<string, Vswitch>>>;
  readonly natGateways: ReadonlyMap<string, NatGateway>;
  readonly natAddresses: ReadonlyMap<string, EipAddress>;
}

/** A NAT gateway of a zone, and the ways through it. */
interface WayOut {
  readonly gateway: NatGateway;
  readonly address: EipAddress;
  readonly binding: EipAssociation;
  readonly routes: RouteTable;
}

/**
 * A network of a site on Alibaba Cloud: machines in private vSwitches reach the internet through enhanced NAT gateways,
 * balancer and bastion stand in public ones. OSS and the other services of the region are reached at their internal
 * endpoints in 100.64.0.0/10, which every VPC leads to: that needs neither a gateway nor a route.
 *
 * A NAT gateway and its address cost about as much as a small machine each.
 * @example
 * const network = new Network(this, "network", {
 *   name: "prod-hangzhou",
 *   cidr: "10.20.0.0/16",
 *   zones: ["cn-hangzhou-h", "cn-hangzhou-i", "cn-hangzhou-j"],
 * });
 */
export class Network extends Construct implements SiteNetwork {
  readonly resources: NetworkResources;
  readonly id: string;
  readonly cidr: string;
  readonly zones: readonly string[];
  private readonly plan: readonly ZoneSubnets[];

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    this.cidr = props.cidr;
    this.zones = props.zones;
    this.plan = planSubnets(props.cidr, props.zones);
    const vpc = this.createVpc(props);
    this.id = vpc.id;
    const subnets = {
      private: this.createSubnets("private", props),
      public: this.createSubnets("public", props),
    };
    const waysOut = this.createWaysOut(subnets, props);
    const gateways = [...waysOut];
    this.resources = {
      vpc,
      subnets,
      natGateways: new Map(gateways.map(([zone, { gateway }]) => [zone, gateway])),
      natAddresses: new Map(gateways.map(([zone, { address }]) => [zone, address])),
    };
  }

  /** @throws Problem `network/unknown-zone` */
  subnet(kind: SubnetKind, zone: string): string {
    const subnet = this.resources.subnets[kind].get(zone);
    if (subnet !== undefined) return subnet.id;
    throw new Problem({
      code: "network/unknown-zone",
      says: `the network has no zone ${zone}`,
      instead: `one of its zones: ${this.zones.join(", ")}`,
      field: "sites[].zones",
    });
  }

  /** Blocks of the private or the public vSwitches, in the order of the zones. */
  blocks(kind: SubnetKind): string[] {
    return this.plan.map((zone) => zone[kind]);
  }

  private createVpc({ name, cidr, tags = {}, transform }: NetworkProps): Vpc {
    const config: VpcConfig = {
      vpcName: fitName(`${name}-network`, LONGEST_NAME),
      description: `Network of ${name}`,
      cidrBlock: cidr,
      tags,
    };
    return new Vpc(this, "vpc", transformed(config, transform?.vpc));
  }

  private createSubnets(kind: SubnetKind, { name, tags = {}, transform }: NetworkProps): Map<string, Vswitch> {
    const subnets = this.plan.map(({ zone, [kind]: cidrBlock }): [string, Vswitch] => {
      const config: VswitchConfig = {
        vpcId: this.id,
        vswitchName: fitName(`${name}-${kind}-${zone}`, LONGEST_NAME),
        description: kind === "private" ? "Nodes" : "Balancer, NAT gateway, bastion",
        zoneId: zone,
        cidrBlock,
        tags,
      };
      return [zone, new Vswitch(this, `${kind}-${zone}`, transformed(config, transform?.subnet))];
    });
    return new Map(subnets);
  }

  /** A gateway in each zone of the plan; every private vSwitch is led through its own. */
  private createWaysOut(subnets: NetworkResources["subnets"], props: NetworkProps): Map<string, WayOut> {
    const plan = planNat(props.zones, props.nat ?? "one");
    const waysOut = new Map(plan.gateways.map((zone) => [zone, this.createWayOut(zone, subnets, props)]));
    for (const [zone, subnet] of subnets.private) {
      const wayOut = waysOut.get(plan.through(zone) ?? "");
      if (wayOut !== undefined) this.leadThrough(wayOut, zone, subnet, props);
    }
    return waysOut;
  }

  private createWayOut(zone: string, subnets: NetworkResources["subnets"], props: NetworkProps): WayOut {
    const { name, tags = {}, transform } = props;
    const gatewayName = fitName(`${name}-nat-${zone}`, LONGEST_NAME);
    const gatewayConfig: NatGatewayConfig = {
      vpcId: this.id,
      // This place is for life: the provider makes a gateway anew when its vSwitch changes.
      vswitchId: subnets.public.get(zone)?.id ?? "",
      natGatewayName: gatewayName,
      natType: "Enhanced",
      networkType: "internet",
      paymentType: "PayAsYouGo",
      internetChargeType: "PayByLcu",
      tags,
    };
    const gateway = new NatGateway(this, `nat-${zone}`, transformed(gatewayConfig, transform?.natGateway));
    const addressConfig: EipAddressConfig = {
      addressName: gatewayName,
      paymentType: "PayAsYouGo",
      internetChargeType: "PayByTraffic",
      bandwidth: PUBLIC_MEGABITS,
      tags,
    };
    const address = new EipAddress(this, `nat-${zone}-address`, transformed(addressConfig, transform?.natAddress));
    const binding = new EipAssociation(this, `nat-${zone}-binding`, {
      allocationId: address.id,
      instanceId: gateway.id,
      instanceType: "Nat",
    });
    // A table of its own: the first gateway of a VPC puts itself into the VPC's table, a second one could not.
    const routes = new RouteTable(this, `nat-${zone}-routes`, {
      vpcId: this.id,
      routeTableName: gatewayName,
      associateType: "VSwitch",
      tags,
    });
    new VpcRouteEntry(this, `nat-${zone}-route`, {
      routeTableId: routes.id,
      destinationCidrBlock: "0.0.0.0/0",
      nexthopType: "NatGateway",
      nexthopId: gateway.id,
      routeEntryName: gatewayName,
    });
    return { gateway, address, binding, routes };
  }

  private leadThrough(way: WayOut, zone: string, subnet: Vswitch, { name }: NetworkProps): void {
    new RouteTableAttachment(this, `private-${zone}-routes`, {
      routeTableId: way.routes.id,
      vswitchId: subnet.id,
    });
    new SnatEntry(this, `private-${zone}-nat`, {
      snatEntryName: fitName(`${name}-private-${zone}`, LONGEST_NAME),
      snatTableId: way.gateway.snatTableIds,
      snatIp: way.address.ipAddress,
      sourceVswitchId: subnet.id,
      // An address can be named in an entry only once it belongs to the gateway.
      dependsOn: [way.binding],
    });
  }
}
