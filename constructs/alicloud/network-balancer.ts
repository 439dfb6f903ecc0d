import { EipAddress, type EipAddressConfig } from "@cdktf/provider-alicloud/lib/eip-address/index.js";
import { NlbListener, type NlbListenerConfig } from "@cdktf/provider-alicloud/lib/nlb-listener/index.js";
import { NlbLoadBalancer, type NlbLoadBalancerConfig } from "@cdktf/provider-alicloud/lib/nlb-load-balancer/index.js";
import { NlbServerGroup, type NlbServerGroupConfig } from "@cdktf/provider-alicloud/lib/nlb-server-group/index.js";
import { NlbServerGroupServerAttachment } from "@cdktf/provider-alicloud/lib/nlb-server-group-server-attachment/index.js";
import { Construct } from "constructs";
import { wholeSeconds } from "../../spec/duration.js";
import type { SiteHost } from "../hosts.js";
import { healthCheck, speechOf } from "../load-balancer.js";
import { fitName } from "../named.js";
import { type Transform, transformed } from "../transform.js";
import {
  type Balancer,
  type BalancerMetrics,
  type BalancerSite,
  drainSeconds,
  requireCertificate,
  requireTwoZones,
  silenceSeconds,
  TLS_POLICY,
} from "./balancer.js";
import { keepsClientAddresses } from "./balancer-sources.js";
import { LONGEST_NAME, PUBLIC_MEGABITS } from "./limits.js";

/** Changes to what an NLB is made of. */
export interface NetworkBalancerTransform {
  readonly balancer?: Transform<NlbLoadBalancerConfig>;
  readonly serverGroup?: Transform<NlbServerGroupConfig>;
  readonly listener?: Transform<NlbListenerConfig>;
  readonly address?: Transform<EipAddressConfig>;
}

/** A balancer of connections: NLB. */
export interface NetworkBalancerProps extends BalancerSite {
  /** @default - as it is */
  readonly transform?: NetworkBalancerTransform;
}

/** Seconds of silence that an NLB allows at most. */
const LONGEST_SILENCE = 900;

/**
 * An NLB in the public vSwitches. Public ones have an address of their own in each zone, which outlives the balancer; the
 * nodes see the clients' addresses unless the balancer ends TLS.
 */
export class NetworkBalancer extends Construct implements Balancer {
  readonly resources: {
    readonly balancer: NlbLoadBalancer;
    readonly serverGroup: NlbServerGroup;
    readonly listener: NlbListener;
    readonly publicAddresses: ReadonlyMap<string, EipAddress>;
  };
  readonly address: string;
  readonly addresses: ReadonlyMap<string, string>;
  readonly metrics: BalancerMetrics;
  private readonly port: number;

  constructor(scope: Construct, id: string, props: NetworkBalancerProps) {
    super(scope, id);
    requireTwoZones(props);
    this.port = props.port ?? 443;
    const publicAddresses = props.public === false ? new Map<string, EipAddress>() : this.createAddresses(props);
    const balancer = this.createBalancer(publicAddresses, props);
    const serverGroup = this.createServerGroup(props);
    const listener = this.createListener(balancer, serverGroup, props);
    this.resources = { balancer, serverGroup, listener, publicAddresses };
    this.address = balancer.dnsName;
    this.addresses = new Map([...publicAddresses].map(([zone, address]) => [zone, address.ipAddress]));
    this.metrics = { kind: "nlb", id: balancer.id, port: this.port, serverGroup: serverGroup.id };
  }

  addHost(host: SiteHost): void {
    new NlbServerGroupServerAttachment(this, host.name, {
      serverGroupId: this.resources.serverGroup.id,
      serverType: "Ecs",
      serverId: host.id,
      port: this.port,
      description: host.name,
    });
  }

  private createAddresses({ name, zones, tags = {}, transform }: NetworkBalancerProps): Map<string, EipAddress> {
    const addresses = zones.map((zone): [string, EipAddress] => {
      const config: EipAddressConfig = {
        addressName: fitName(`${name}-entry-${zone}`, LONGEST_NAME),
        paymentType: "PayAsYouGo",
        internetChargeType: "PayByTraffic",
        bandwidth: PUBLIC_MEGABITS,
        tags,
      };
      return [zone, new EipAddress(this, `address-${zone}`, transformed(config, transform?.address))];
    });
    return new Map(addresses);
  }

  private createBalancer(
    publicAddresses: ReadonlyMap<string, EipAddress>,
    props: NetworkBalancerProps,
  ): NlbLoadBalancer {
    const { name, network, groups, zones, tags = {}, transform } = props;
    const config: NlbLoadBalancerConfig = {
      loadBalancerName: fitName(`${name}-entry`, LONGEST_NAME),
      addressType: props.public === false ? "Intranet" : "Internet",
      vpcId: network.id,
      zoneMappings: zones.map((zoneId) => {
        const address = publicAddresses.get(zoneId);
        return {
          zoneId,
          vswitchId: network.subnet("public", zoneId),
          ...(address === undefined ? {} : { allocationId: address.id }),
        };
      }),
      crossZoneEnabled: true,
      securityGroupIds: [groups.group("balancer")],
      deletionProtectionEnabled: props.protect ?? true,
      tags,
    };
    return new NlbLoadBalancer(this, "balancer", transformed(config, transform?.balancer));
  }

  private createServerGroup(props: NetworkBalancerProps): NlbServerGroup {
    const { name, network, statusPort, tls = "nodes", drain = "60s", tags = {}, transform } = props;
    const health = healthCheck(statusPort);
    const config: NlbServerGroupConfig = {
      serverGroupName: fitName(`${name}-nodes`, LONGEST_NAME),
      serverGroupType: "Instance",
      vpcId: network.id,
      protocol: PROTOCOLS[speechOf("nlb", tls).nodes],
      preserveClientIpEnabled: keepsClientAddresses("nlb", tls),
      connectionDrainEnabled: true,
      connectionDrainTimeout: drainSeconds(wholeSeconds(drain)),
      healthCheck: {
        healthCheckEnabled: true,
        healthCheckType: "HTTP",
        healthCheckConnectPort: health.port,
        healthCheckUrl: health.path,
        healthCheckHttpCode: ["http_2xx"],
        httpCheckMethod: "GET",
        healthCheckInterval: health.intervalSeconds,
        healthCheckConnectTimeout: health.timeoutSeconds,
        healthyThreshold: health.healthyAfter,
        unhealthyThreshold: health.unhealthyAfter,
      },
      tags,
    };
    return new NlbServerGroup(this, "nodes", transformed(config, transform?.serverGroup));
  }

  private createListener(
    balancer: NlbLoadBalancer,
    serverGroup: NlbServerGroup,
    props: NetworkBalancerProps,
  ): NlbListener {
    const { tls = "nodes", tags = {}, transform } = props;
    const config: NlbListenerConfig = {
      loadBalancerId: balancer.id,
      listenerPort: this.port,
      listenerProtocol: PROTOCOLS[speechOf("nlb", tls).clients],
      listenerDescription: fitName(`${props.name}-entry`, LONGEST_NAME),
      serverGroupId: serverGroup.id,
      idleTimeout: silenceSeconds(props, LONGEST_SILENCE),
      ...(tls === "balancer" ? { certificateIds: [requireCertificate(props)], securityPolicyId: TLS_POLICY } : {}),
      tags,
    };
    return new NlbListener(this, "listener", transformed(config, transform?.listener));
  }
}

/** TCPSSL on both sides: TLS is ended and begun anew, so that nothing crosses the network in the clear. */
const PROTOCOLS = { tcp: "TCP", tls: "TCPSSL", https: "TCPSSL" } as const;
