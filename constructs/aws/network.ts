import {
  DefaultSecurityGroup,
  type DefaultSecurityGroupConfig,
} from "@cdktf/provider-aws/lib/default-security-group/index.js";
import { Eip, type EipConfig } from "@cdktf/provider-aws/lib/eip/index.js";
import { InternetGateway, type InternetGatewayConfig } from "@cdktf/provider-aws/lib/internet-gateway/index.js";
import { NatGateway, type NatGatewayConfig } from "@cdktf/provider-aws/lib/nat-gateway/index.js";
import { Route, type RouteConfig } from "@cdktf/provider-aws/lib/route/index.js";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table/index.js";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association/index.js";
import { Subnet, type SubnetConfig } from "@cdktf/provider-aws/lib/subnet/index.js";
import { Vpc, type VpcConfig } from "@cdktf/provider-aws/lib/vpc/index.js";
import { VpcEndpoint, type VpcEndpointConfig } from "@cdktf/provider-aws/lib/vpc-endpoint/index.js";
import { Construct } from "constructs";
import { planSubnets, type ZoneSubnets } from "../../spec/cloud/network-plan.js";
import { type NetworkProps as CommonProps, planNat, type SiteNetwork, type SubnetKind } from "../network.js";
import { type Transform, transformed } from "../transform.js";
import { Account } from "./account.js";
import { storagePolicy } from "./storage-policy.js";

/** A VPC with a private and a public subnet in each zone, and a way to S3 that does not leave it. */
export interface NetworkProps extends CommonProps {
  /**
   * Names of the buckets that machines may write to over the private way to S3. Reading is allowed from everywhere, for
   * packages and layers of other registries lie in buckets of others.
   * @default - all buckets of the account
   */
  readonly buckets?: readonly string[];
  /** Change what is made. @default - as it is */
  readonly transform?: NetworkTransform;
}

/** What of a network can be changed before it is made. */
export interface NetworkTransform {
  readonly vpc?: Transform<VpcConfig>;
  readonly defaultGroup?: Transform<DefaultSecurityGroupConfig>;
  readonly subnet?: Transform<SubnetConfig>;
  readonly gateway?: Transform<InternetGatewayConfig>;
  readonly natAddress?: Transform<EipConfig>;
  readonly nat?: Transform<NatGatewayConfig>;
  readonly storageEndpoint?: Transform<VpcEndpointConfig>;
}

/** What a network is made of. */
export interface NetworkResources {
  readonly vpc: Vpc;
  readonly defaultGroup: DefaultSecurityGroup;
  readonly gateway: InternetGateway;
  /** By zone. */
  readonly subnets: Readonly<Record<SubnetKind, ReadonlyMap<string, Subnet>>>;
  /** By zone; those of zones without a gateway of their own are missing. */
  readonly nats: ReadonlyMap<string, NatGateway>;
  /** By zone. */
  readonly privateRoutes: ReadonlyMap<string, RouteTable>;
  readonly publicRoutes: RouteTable;
  readonly storageEndpoint: VpcEndpoint;
}

const EVERYWHERE = "0.0.0.0/0";

/**
 * The network of a site. Machines stand in private subnets; what has a public address, in public ones. A NAT gateway
 * costs about 35 USD a month and 0.05 USD a GB; images go to S3 through a gateway endpoint, which costs nothing.
 *
 * @example
 * const network = new Network(stack, "network", {
 *   name: "prod-frankfurt",
 *   cidr: "10.20.0.0/16",
 *   zones: ["eu-central-1a", "eu-central-1b", "eu-central-1c"],
 *   nat: "per-zone",
 * });
 * network.subnet("private", "eu-central-1a");
 */
export class Network extends Construct implements SiteNetwork {
  readonly resources: NetworkResources;
  readonly id: string;
  readonly cidr: string;
  /** Zones, in order. */
  readonly zones: readonly string[];

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const vpc = this.createVpc(props);
    const gateway = this.createGateway(vpc, props);
    const plan = planSubnets(props.cidr, props.zones);
    const subnets = {
      private: this.createSubnets(vpc, "private", plan, props),
      public: this.createSubnets(vpc, "public", plan, props),
    };
    const nats = this.createNats(gateway, subnets.public, props);
    const publicRoutes = this.routePublic(vpc, gateway, subnets.public, props);
    const privateRoutes = this.routePrivate(vpc, gateway, nats, subnets.private, props);
    this.resources = {
      vpc,
      gateway,
      subnets,
      nats,
      publicRoutes,
      privateRoutes,
      defaultGroup: this.emptyDefaultGroup(vpc, props),
      storageEndpoint: this.createStorageEndpoint(vpc, [...privateRoutes.values(), publicRoutes], props),
    };
    this.id = vpc.id;
    this.cidr = props.cidr;
    this.zones = props.zones;
  }

  /** Id of a zone's subnet. @throws RangeError for a zone that the network does not have */
  subnet(kind: SubnetKind, zone: string): string {
    const subnet = this.resources.subnets[kind].get(zone);
    if (subnet === undefined) throw new RangeError(`the network has no zone ${zone}, only ${this.zones.join(", ")}`);
    return subnet.id;
  }

  private createVpc({ name, cidr, tags, transform }: NetworkProps): Vpc {
    const config: VpcConfig = {
      cidrBlock: cidr,
      // The names of S3 and of the balancer are answered by the VPC's own server.
      enableDnsSupport: true,
      enableDnsHostnames: true,
      tags: { ...tags, Name: name },
    };
    return new Vpc(this, "vpc", transformed(config, transform?.vpc));
  }

  /** Whatever is started without a group of its own gets this one: it opens nothing. */
  private emptyDefaultGroup(vpc: Vpc, { name, tags, transform }: NetworkProps): DefaultSecurityGroup {
    const config: DefaultSecurityGroupConfig = { vpcId: vpc.id, tags: { ...tags, Name: `${name}-default` } };
    return new DefaultSecurityGroup(this, "default-group", transformed(config, transform?.defaultGroup));
  }

  private createGateway(vpc: Vpc, { name, tags, transform }: NetworkProps): InternetGateway {
    const config: InternetGatewayConfig = { vpcId: vpc.id, tags: { ...tags, Name: name } };
    return new InternetGateway(this, "gateway", transformed(config, transform?.gateway));
  }

  private createSubnets(
    vpc: Vpc,
    kind: SubnetKind,
    plan: readonly ZoneSubnets[],
    { name, tags, transform }: NetworkProps,
  ): ReadonlyMap<string, Subnet> {
    return new Map(
      plan.map((subnets) => {
        const { zone } = subnets;
        const config: SubnetConfig = {
          vpcId: vpc.id,
          availabilityZone: zone,
          cidrBlock: subnets[kind],
          // Public addresses are given one by one, to what needs one and keeps it.
          mapPublicIpOnLaunch: false,
          tags: { ...tags, Name: `${name}-${kind}-${zone}` },
        };
        return [zone, new Subnet(this, `${kind}-${zone}`, transformed(config, transform?.subnet))] as const;
      }),
    );
  }

  private createNats(
    gateway: InternetGateway,
    publicSubnets: ReadonlyMap<string, Subnet>,
    { name, zones, nat = "one", tags, transform }: NetworkProps,
  ): ReadonlyMap<string, NatGateway> {
    return new Map(
      planNat(zones, nat).gateways.map((zone) => {
        const named = { ...tags, Name: `${name}-nat-${zone}` };
        const address: EipConfig = { domain: "vpc", tags: named, dependsOn: [gateway] };
        const { id: allocationId } = new Eip(this, `nat-address-${zone}`, transformed(address, transform?.natAddress));
        const subnetId = idIn(publicSubnets, zone);
        const config: NatGatewayConfig = { allocationId, subnetId, tags: named, dependsOn: [gateway] };
        return [zone, new NatGateway(this, `nat-${zone}`, transformed(config, transform?.nat))] as const;
      }),
    );
  }

  private routePublic(
    vpc: Vpc,
    gateway: InternetGateway,
    subnets: ReadonlyMap<string, Subnet>,
    { name, tags }: NetworkProps,
  ): RouteTable {
    const table = new RouteTable(this, "public-routes", { vpcId: vpc.id, tags: { ...tags, Name: `${name}-public` } });
    this.routeOut("public-out", { routeTableId: table.id, gatewayId: gateway.id });
    for (const [zone, { id: subnetId }] of subnets) {
      new RouteTableAssociation(this, `public-routes-${zone}`, { subnetId, routeTableId: table.id });
    }
    return table;
  }

  /** Each zone has a table of its own, so that going over to a gateway in each zone changes routes and no more. */
  private routePrivate(
    vpc: Vpc,
    gateway: InternetGateway,
    nats: ReadonlyMap<string, NatGateway>,
    subnets: ReadonlyMap<string, Subnet>,
    { name, zones, nat = "one", tags }: NetworkProps,
  ): ReadonlyMap<string, RouteTable> {
    const { through } = planNat(zones, nat);
    return new Map(
      [...subnets].map(([zone, { id: subnetId }]) => {
        const named = { ...tags, Name: `${name}-private-${zone}` };
        const table = new RouteTable(this, `private-routes-of-${zone}`, { vpcId: vpc.id, tags: named });
        const by = through(zone);
        const way = by === undefined ? { gatewayId: gateway.id } : { natGatewayId: idIn(nats, by) };
        this.routeOut(`private-out-${zone}`, { routeTableId: table.id, ...way });
        new RouteTableAssociation(this, `private-routes-${zone}`, { subnetId, routeTableId: table.id });
        return [zone, table] as const;
      }),
    );
  }

  private routeOut(id: string, way: RouteConfig): void {
    new Route(this, id, { ...way, destinationCidrBlock: EVERYWHERE });
  }

  /** Layers go to and from S3 without NAT gateway, and without its price for each gigabyte. */
  private createStorageEndpoint(
    vpc: Vpc,
    tables: readonly RouteTable[],
    { name, tags, buckets, transform }: NetworkProps,
  ): VpcEndpoint {
    const account = Account.of(this);
    const config: VpcEndpointConfig = {
      vpcId: vpc.id,
      serviceName: `com.amazonaws.${account.region}.s3`,
      vpcEndpointType: "Gateway",
      routeTableIds: tables.map((table) => table.id),
      policy: storagePolicy(account, buckets),
      tags: { ...tags, Name: `${name}-s3` },
    };
    return new VpcEndpoint(this, "storage-endpoint", transformed(config, transform?.storageEndpoint));
  }
}

function idIn(made: ReadonlyMap<string, { readonly id: string }>, zone: string): string {
  const one = made.get(zone);
  if (one === undefined) throw new RangeError(`nothing was made for zone ${zone}`);
  return one.id;
}
