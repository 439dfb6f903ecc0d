import { AlbListener, type AlbListenerConfig } from "@cdktf/provider-alicloud/lib/alb-listener/index.js";
import { AlbLoadBalancer, type AlbLoadBalancerConfig } from "@cdktf/provider-alicloud/lib/alb-load-balancer/index.js";
import { AlbLoadBalancerSecurityGroupAttachment } from "@cdktf/provider-alicloud/lib/alb-load-balancer-security-group-attachment/index.js";
import {
  AlbServerGroup,
  type AlbServerGroupConfig,
  type AlbServerGroupServers,
} from "@cdktf/provider-alicloud/lib/alb-server-group/index.js";
import { Construct } from "constructs";
import { wholeSeconds } from "../../spec/duration.js";
import type { SiteHost } from "../hosts.js";
import { healthCheck } from "../load-balancer.js";
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
import { LONGEST_NAME } from "./limits.js";

/** Changes to what an ALB is made of. */
export interface ApplicationBalancerTransform {
  readonly balancer?: Transform<AlbLoadBalancerConfig>;
  readonly serverGroup?: Transform<AlbServerGroupConfig>;
  readonly listener?: Transform<AlbListenerConfig>;
}

/** A balancer of requests: ALB. */
export interface ApplicationBalancerProps extends BalancerSite {
  /** @default - as it is */
  readonly transform?: ApplicationBalancerTransform;
}

/** Seconds that an ALB waits for an answer, and for the next request, at most. */
const LONGEST_SILENCE = 600;

/** An ALB in the public vSwitches. It ends TLS and begins it anew to the nodes, who learn the client from a header. */
export class ApplicationBalancer extends Construct implements Balancer {
  readonly resources: {
    readonly balancer: AlbLoadBalancer;
    readonly serverGroup: AlbServerGroup;
    readonly listener: AlbListener;
  };
  readonly address: string;
  /** None: its addresses come and go with its load. */
  readonly addresses: ReadonlyMap<string, string> = new Map();
  readonly metrics: BalancerMetrics;
  private readonly port: number;
  private readonly servers: AlbServerGroupServers[] = [];

  constructor(scope: Construct, id: string, props: ApplicationBalancerProps) {
    super(scope, id);
    requireTwoZones(props);
    this.port = props.port ?? 443;
    const balancer = this.createBalancer(props);
    const serverGroup = this.createServerGroup(props);
    const listener = this.createListener(balancer, serverGroup, props);
    this.resources = { balancer, serverGroup, listener };
    this.address = balancer.dnsName;
    this.metrics = { kind: "alb", id: balancer.id, port: this.port, serverGroup: serverGroup.id };
  }

  /** The provider has no resource that joins one machine to a group of an ALB: the group lists all of them. */
  addHost(host: SiteHost): void {
    this.servers.push({ serverId: host.id, serverType: "Ecs", port: this.port, weight: 100, description: host.name });
    this.resources.serverGroup.putServers(this.servers);
  }

  private createBalancer(props: ApplicationBalancerProps): AlbLoadBalancer {
    const { name, network, groups, zones, tags = {}, transform } = props;
    const config: AlbLoadBalancerConfig = {
      loadBalancerName: fitName(`${name}-entry`, LONGEST_NAME),
      loadBalancerEdition: "Standard",
      loadBalancerBillingConfig: { payType: "PayAsYouGo" },
      addressType: props.public === false ? "Intranet" : "Internet",
      vpcId: network.id,
      zoneMappings: zones.map((zoneId) => ({ zoneId, vswitchId: network.subnet("public", zoneId) })),
      deletionProtectionEnabled: props.protect ?? true,
      tags,
    };
    const balancer = new AlbLoadBalancer(this, "balancer", transformed(config, transform?.balancer));
    new AlbLoadBalancerSecurityGroupAttachment(this, "security-group", {
      loadBalancerId: balancer.id,
      securityGroupId: groups.group("balancer"),
    });
    return balancer;
  }

  private createServerGroup(props: ApplicationBalancerProps): AlbServerGroup {
    const { name, network, statusPort, drain = "60s", tags = {}, transform } = props;
    const health = healthCheck(statusPort);
    const config: AlbServerGroupConfig = {
      serverGroupName: fitName(`${name}-nodes`, LONGEST_NAME),
      serverGroupType: "Instance",
      vpcId: network.id,
      protocol: "HTTPS",
      connectionDrainConfig: {
        connectionDrainEnabled: true,
        connectionDrainTimeout: drainSeconds(wholeSeconds(drain)),
      },
      healthCheckConfig: {
        healthCheckEnabled: true,
        healthCheckProtocol: "HTTP",
        healthCheckConnectPort: health.port,
        healthCheckPath: health.path,
        healthCheckMethod: "GET",
        healthCheckCodes: ["http_2xx"],
        healthCheckInterval: health.intervalSeconds,
        healthCheckTimeout: health.timeoutSeconds,
        healthyThreshold: health.healthyAfter,
        unhealthyThreshold: health.unhealthyAfter,
      },
      stickySessionConfig: { stickySessionEnabled: false },
      tags,
    };
    return new AlbServerGroup(this, "nodes", transformed(config, transform?.serverGroup));
  }

  private createListener(
    balancer: AlbLoadBalancer,
    serverGroup: AlbServerGroup,
    props: ApplicationBalancerProps,
  ): AlbListener {
    const silence = silenceSeconds(props, LONGEST_SILENCE);
    const config: AlbListenerConfig = {
      loadBalancerId: balancer.id,
      listenerPort: this.port,
      listenerProtocol: "HTTPS",
      listenerDescription: fitName(`${props.name}-entry`, LONGEST_NAME),
      certificates: [{ certificateId: requireCertificate(props) }],
      securityPolicyId: TLS_POLICY,
      http2Enabled: true,
      // Layers are compressed already.
      gzipEnabled: false,
      requestTimeout: silence,
      idleTimeout: silence,
      xForwardedForConfig: { xForwardedForEnabled: true, xForwardedForProtoEnabled: true },
      defaultActions: [
        {
          type: "ForwardGroup",
          forwardGroupConfig: { serverGroupTuples: [{ serverGroupId: serverGroup.id }] },
        },
      ],
      tags: props.tags ?? {},
    };
    return new AlbListener(this, "listener", transformed(config, props.transform?.listener));
  }
}
