import { SlbAcl, type SlbAclConfig } from "@cdktf/provider-alicloud/lib/slb-acl/index.js";
import { SlbAclEntryAttachment } from "@cdktf/provider-alicloud/lib/slb-acl-entry-attachment/index.js";
import { SlbListener, type SlbListenerConfig } from "@cdktf/provider-alicloud/lib/slb-listener/index.js";
import { SlbLoadBalancer, type SlbLoadBalancerConfig } from "@cdktf/provider-alicloud/lib/slb-load-balancer/index.js";
import { SlbServerGroup, type SlbServerGroupConfig } from "@cdktf/provider-alicloud/lib/slb-server-group/index.js";
import { SlbServerGroupServerAttachment } from "@cdktf/provider-alicloud/lib/slb-server-group-server-attachment/index.js";
import { Construct } from "constructs";
import { Problem } from "../../spec/problem.js";
import type { SiteHost } from "../hosts.js";
import { healthCheck } from "../load-balancer.js";
import { fitName } from "../named.js";
import { type Transform, transformed } from "../transform.js";
import { type Balancer, type BalancerMetrics, type BalancerSite, silenceSeconds } from "./balancer.js";

/** Changes to what a CLB is made of. */
export interface ClassicBalancerTransform {
  readonly balancer?: Transform<SlbLoadBalancerConfig>;
  readonly serverGroup?: Transform<SlbServerGroupConfig>;
  readonly listener?: Transform<SlbListenerConfig>;
  readonly clients?: Transform<SlbAclConfig>;
}

/** A classic balancer of connections: CLB. */
export interface ClassicBalancerProps extends BalancerSite {
  /** Blocks that may connect: it belongs to no security group and has a list of its own. @default - everybody */
  readonly clients?: readonly string[];
  /** @default - as it is */
  readonly transform?: ClassicBalancerTransform;
}

/** Seconds of silence that a CLB allows at most. */
const LONGEST_SILENCE = 900;
/** Most characters of a CLB's name. */
const LONGEST_CLASSIC_NAME = 80;
const EVERYBODY = "0.0.0.0/0";
/** Where the one address of a CLB is: in no zone that one could name. */
const SOMEWHERE = "region";

/**
 * A CLB that passes connections to the nodes. It has one address, which lasts, stands in two zones of the cloud's choice,
 * and is paid for by use. A node that leaves loses its connections at once: a CLB does not drain those of TCP.
 */
export class ClassicBalancer extends Construct implements Balancer {
  readonly resources: {
    readonly balancer: SlbLoadBalancer;
    readonly serverGroup: SlbServerGroup;
    readonly listener: SlbListener;
    readonly clients: SlbAcl | undefined;
  };
  readonly address: string;
  readonly addresses: ReadonlyMap<string, string>;
  readonly metrics: BalancerMetrics;
  private readonly port: number;

  /** @throws Problem `load-balancer/clb-cannot-encrypt` */
  constructor(scope: Construct, id: string, props: ClassicBalancerProps) {
    super(scope, id);
    if (props.tls === "balancer") refuseTls();
    this.port = props.port ?? 443;
    const balancer = this.createBalancer(props);
    const serverGroup = this.createServerGroup(balancer, props);
    const clients = this.createClients(props);
    const listener = this.createListener(balancer, serverGroup, clients, props);
    this.resources = { balancer, serverGroup, listener, clients };
    this.address = balancer.address;
    this.addresses = new Map([[SOMEWHERE, balancer.address]]);
    this.metrics = { kind: "clb", id: balancer.id, port: this.port, serverGroup: serverGroup.id };
  }

  addHost(host: SiteHost): void {
    new SlbServerGroupServerAttachment(this, host.name, {
      serverGroupId: this.resources.serverGroup.id,
      serverId: host.id,
      type: "ecs",
      port: this.port,
      weight: 100,
      description: host.name,
    });
  }

  private createBalancer(props: ClassicBalancerProps): SlbLoadBalancer {
    const { name, network, zones, tags = {}, transform } = props;
    const inside = props.public === false;
    const config: SlbLoadBalancerConfig = {
      loadBalancerName: fitName(`${name}-entry`, LONGEST_CLASSIC_NAME),
      addressType: inside ? "intranet" : "internet",
      ...(inside ? { vswitchId: network.subnet("public", zones[0] ?? "") } : { internetChargeType: "PayByTraffic" }),
      paymentType: "PayAsYouGo",
      instanceChargeType: "PayByCLCU",
      deleteProtection: (props.protect ?? true) ? "on" : "off",
      tags,
    };
    return new SlbLoadBalancer(this, "balancer", transformed(config, transform?.balancer));
  }

  private createServerGroup(balancer: SlbLoadBalancer, props: ClassicBalancerProps): SlbServerGroup {
    const { name, tags = {}, transform } = props;
    const config: SlbServerGroupConfig = {
      name: fitName(`${name}-nodes`, LONGEST_CLASSIC_NAME),
      loadBalancerId: balancer.id,
      tags,
    };
    return new SlbServerGroup(this, "nodes", transformed(config, transform?.serverGroup));
  }

  private createClients({ name, clients = [EVERYBODY], tags = {}, transform }: ClassicBalancerProps) {
    if (clients.includes(EVERYBODY)) return undefined;
    const config: SlbAclConfig = { name: fitName(`${name}-clients`, LONGEST_CLASSIC_NAME), ipVersion: "ipv4", tags };
    const acl = new SlbAcl(this, "clients", transformed(config, transform?.clients));
    for (const entry of clients) {
      new SlbAclEntryAttachment(this, `client-${entry.replace("/", "-")}`, {
        aclId: acl.id,
        entry,
        comment: "clients",
      });
    }
    return acl;
  }

  private createListener(
    balancer: SlbLoadBalancer,
    serverGroup: SlbServerGroup,
    clients: SlbAcl | undefined,
    props: ClassicBalancerProps,
  ): SlbListener {
    const health = healthCheck(props.statusPort);
    const config: SlbListenerConfig = {
      loadBalancerId: balancer.id,
      protocol: "tcp",
      frontendPort: this.port,
      serverGroupId: serverGroup.id,
      bandwidth: UNLIMITED,
      scheduler: "wrr",
      description: fitName(`${props.name}-entry`, LONGEST_CLASSIC_NAME),
      establishedTimeout: silenceSeconds(props, LONGEST_SILENCE),
      healthCheckType: health.protocol,
      healthCheckConnectPort: health.port,
      healthCheckUri: health.path,
      healthCheckMethod: "get",
      healthCheckHttpCode: "http_2xx",
      healthCheckInterval: health.intervalSeconds,
      healthCheckTimeout: health.timeoutSeconds,
      healthyThreshold: health.healthyAfter,
      unhealthyThreshold: health.unhealthyAfter,
      ...(clients === undefined ? { aclStatus: "off" } : { aclStatus: "on", aclType: "white", aclIds: [clients.id] }),
    };
    return new SlbListener(this, "listener", transformed(config, props.transform?.listener));
  }
}

/** Megabits per second, as a CLB says that there is no limit. */
const UNLIMITED = -1;

function refuseTls(): never {
  throw new Problem({
    code: "load-balancer/clb-cannot-encrypt",
    says: "kind: clb with tls: balancer",
    instead: "kind: nlb or alb, which speak TLS to the nodes; or tls: nodes",
    field: "sites[].entry.tls",
    source: "Alibaba Cloud, HTTPS listeners of CLB: they speak plain HTTP to the servers behind them",
  });
}
