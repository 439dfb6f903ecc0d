import { Lb, type LbConfig } from "@cdktf/provider-aws/lib/lb/index.js";
import { LbListener, type LbListenerConfig } from "@cdktf/provider-aws/lib/lb-listener/index.js";
import { LbTargetGroup, type LbTargetGroupConfig } from "@cdktf/provider-aws/lib/lb-target-group/index.js";
import { LbTargetGroupAttachment } from "@cdktf/provider-aws/lib/lb-target-group-attachment/index.js";
import { Construct } from "constructs";
import { wholeSeconds } from "../../spec/duration.js";
import { Problem } from "../../spec/problem.js";
import type { SiteGroups } from "../firewall.js";
import type { SiteHost } from "../hosts.js";
import {
  type LoadBalancerProps as CommonProps,
  healthCheck,
  idleSeconds,
  type Speech,
  speechOf,
} from "../load-balancer.js";
import { fitName } from "../named.js";
import type { SiteNetwork } from "../network.js";
import { type Transform, transformed } from "../transform.js";
import type { AccessLog } from "./balancer-log.js";
import type { BalancerMetrics, WatchedBalancer } from "./balancer-metrics.js";
import type { NamedTarget } from "./dns-record.js";

/** A balancer of AWS: of connections (nlb) or of requests (alb). */
export interface LoadBalancerProps extends CommonProps {
  readonly kind: "nlb" | "alb";
  readonly network: SiteNetwork;
  readonly groups: SiteGroups;
  /** Zones it stands in, in order; an alb needs two. */
  readonly zones: readonly string[];
  /** ARN of a certificate of ACM. Needed where the balancer ends TLS. @default - the nodes show theirs */
  readonly certificate?: string;
  /**
   * Where requests are written down, see `balancerLog`; a network balancer knows only those whose TLS it ends.
   * @default - nowhere
   */
  readonly accessLog?: AccessLog;
  /** Change what is made. @default - as it is */
  readonly transform?: LoadBalancerTransform;
}

/** What of a balancer can be changed before it is made. */
export interface LoadBalancerTransform {
  readonly balancer?: Transform<LbConfig>;
  readonly targetGroup?: Transform<LbTargetGroupConfig>;
  readonly listener?: Transform<LbListenerConfig>;
}

/** What a balancer is made of. */
export interface LoadBalancerResources {
  readonly balancer: Lb;
  readonly targetGroup: LbTargetGroup;
  readonly listener: LbListener;
}

/** Names of balancers and target groups have at most so many characters. */
const LONGEST_NAME = 32;

/** TLS 1.2 and 1.3, and of 1.2 only ciphers with forward secrecy and authenticated encryption. */
const TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06";

/** The longest silence that a balancer bears, in seconds. Source: Elastic Load Balancing, idle timeouts. */
const LONGEST_SILENCE: Readonly<Record<Speech["clients"], number>> = { tcp: 6000, tls: 350, https: 4000 };

/** Seconds that a node may take to leave. Source: Elastic Load Balancing, deregistration delay. */
const LONGEST_DRAIN = 3600;

const PROTOCOLS = { tcp: "TCP", tls: "TLS", https: "HTTPS" } as const;

/**
 * The balancer before the nodes. A node that is drained gets no new client after ten seconds and keeps those it has
 * until its drain is over. An nlb costs about 20 USD a month, an alb 20 USD, both more with traffic.
 *
 * @example
 * const balancer = new LoadBalancer(stack, "balancer", {
 *   name: "prod-frankfurt",
 *   kind: "nlb",
 *   network,
 *   groups,
 *   zones: network.zones,
 *   statusPort: 8081,
 * });
 * for (const host of hosts.hosts) balancer.addHost(host);
 */
export class LoadBalancer extends Construct implements NamedTarget, WatchedBalancer {
  readonly resources: LoadBalancerResources;
  /** Its host name. */
  readonly address: string;
  /** Zone of that host name, which an alias needs. */
  readonly hostedZone: string;
  readonly metrics: BalancerMetrics;

  /**
   * @throws Problem without a certificate where TLS ends here, in too few zones, or when a push may be silent longer
   * than it waits
   */
  constructor(scope: Construct, id: string, props: LoadBalancerProps) {
    super(scope, id);
    const speech = speechOf(props.kind, props.tls ?? "nodes");
    const idle = idleSeconds(props.uploadTimeout ?? "300s");
    refuseUnfit(speech, idle, props);
    const balancer = this.createBalancer(idle, props);
    const targetGroup = this.createTargetGroup(speech, props);
    const listener = this.createListener({ balancer, targetGroup, speech, idle }, props);
    this.resources = { balancer, targetGroup, listener };
    this.address = balancer.dnsName;
    this.hostedZone = balancer.zoneId;
    this.metrics = {
      namespace: props.kind === "nlb" ? "AWS/NetworkELB" : "AWS/ApplicationELB",
      dimensions: { LoadBalancer: balancer.arnSuffix, TargetGroup: targetGroup.arnSuffix },
    };
  }

  /** Sends clients to a machine, once it passes the health check. */
  addHost(host: SiteHost): void {
    const { arn: targetGroupArn } = this.resources.targetGroup;
    new LbTargetGroupAttachment(this, host.name, { targetGroupArn, targetId: host.id });
  }

  private createBalancer(idle: number, props: LoadBalancerProps): Lb {
    const { name, kind, public: open = true, network, groups, zones, protect = true, accessLog, tags } = props;
    const config: LbConfig = {
      name: fitName(name, LONGEST_NAME),
      internal: !open,
      subnets: zones.map((zone) => network.subnet(open ? "public" : "private", zone)),
      // An nlb can never get a group later when it was made without.
      securityGroups: [groups.group("balancer")],
      enableDeletionProtection: protect,
      ...(accessLog === undefined ? {} : logTo(accessLog)),
      tags: { ...tags, Name: name },
      ...(kind === "nlb"
        ? // A zone whose node is away still answers, over the nodes of others.
          { loadBalancerType: "network", enableCrossZoneLoadBalancing: true }
        : { loadBalancerType: "application", idleTimeout: idle, dropInvalidHeaderFields: true }),
    };
    return new Lb(this, "balancer", transformed(config, props.transform?.balancer));
  }

  private createTargetGroup({ nodes }: Speech, props: LoadBalancerProps): LbTargetGroup {
    const { name, kind, network, port = 443, drain = "60s", tags, transform } = props;
    const config: LbTargetGroupConfig = {
      // Another protocol or port is another group, made before the old one goes: their names must differ.
      name: fitName(`${name}-${nodes}-${port}`, LONGEST_NAME),
      vpcId: network.id,
      targetType: "instance",
      port,
      protocol: PROTOCOLS[nodes],
      healthCheck: checkOf(props.statusPort),
      deregistrationDelay: String(Math.min(wholeSeconds(drain), LONGEST_DRAIN)),
      ...(kind === "nlb" ? keepConnections(wholeSeconds(drain)) : { loadBalancingAlgorithmType: FEWEST_REQUESTS }),
      tags: { ...tags, Name: name },
      lifecycle: { createBeforeDestroy: true },
    };
    return new LbTargetGroup(this, "nodes", transformed(config, transform?.targetGroup));
  }

  private createListener({ balancer, targetGroup, speech, idle }: Parts, props: LoadBalancerProps): LbListener {
    const { port = 443, certificate, tags, transform } = props;
    const config: LbListenerConfig = {
      loadBalancerArn: balancer.arn,
      port,
      protocol: PROTOCOLS[speech.clients],
      defaultAction: [{ type: "forward", targetGroupArn: targetGroup.arn }],
      ...(speech.clients === "tcp" ? { tcpIdleTimeoutSeconds: idle } : {}),
      ...(certificate === undefined || speech.clients === "tcp"
        ? {}
        : { certificateArn: certificate, sslPolicy: TLS_POLICY }),
      tags: { ...tags, Name: props.name },
    };
    return new LbListener(this, "listener", transformed(config, transform?.listener));
  }
}

/** What a listener joins. */
interface Parts {
  readonly balancer: Lb;
  readonly targetGroup: LbTargetGroup;
  readonly speech: Speech;
  /** Seconds that a connection may be silent. */
  readonly idle: number;
}

/** Pushes and pulls take from milliseconds to minutes: taking turns would pile long ones up on one node. */
const FEWEST_REQUESTS = "least_outstanding_requests";

function logTo({ bucket, prefix, after }: AccessLog): Partial<LbConfig> {
  return {
    accessLogs: { bucket, enabled: true, ...(prefix === undefined ? {} : { prefix }) },
    ...(after === undefined ? {} : { dependsOn: [after] }),
  };
}

function checkOf(statusPort: number): NonNullable<LbTargetGroupConfig["healthCheck"]> {
  const check = healthCheck(statusPort);
  return {
    enabled: true,
    protocol: "HTTP",
    port: String(check.port),
    path: check.path,
    matcher: String(check.status),
    interval: check.intervalSeconds,
    timeout: check.timeoutSeconds,
    healthyThreshold: check.healthyAfter,
    unhealthyThreshold: check.unhealthyAfter,
  };
}

/**
 * How connections end when a node leaves. A drained node fails its health check on purpose: by default an nlb would then
 * cut every connection at once, with the uploads in them.
 */
function keepConnections(drainSeconds: number): Partial<LbTargetGroupConfig> {
  return {
    // Fronts limit and log by the address of the client. Security groups let in what comes over the balancer still.
    preserveClientIp: "true",
    connectionTermination: true,
    targetHealthState: [{ enableUnhealthyConnectionTermination: false, unhealthyDrainingInterval: drainSeconds }],
  };
}

function refuseUnfit(speech: Speech, idle: number, { kind, certificate, zones }: LoadBalancerProps): void {
  if (speech.clients !== "tcp" && certificate === undefined) {
    throw new Problem({
      code: "entry/balancer-without-certificate",
      says: `an ${kind} that ends TLS without a certificate`,
      instead: "certificate: the ARN of a certificate of ACM; or kind: nlb with tls: nodes",
      field: "sites[].entry.tls",
    });
  }
  if (kind === "alb" && zones.length < 2) {
    throw new Problem({
      code: "entry/alb-needs-two-zones",
      says: `an alb in ${zones.join(", ") || "no zone"} alone`,
      instead: "two zones or more, or kind: nlb",
      field: "sites[].zones",
      source: "Elastic Load Balancing: an Application Load Balancer stands in two zones at least",
    });
  }
  const longest = LONGEST_SILENCE[speech.clients];
  if (idle <= longest) return;
  throw new Problem({
    code: "entry/balancer-too-impatient",
    says: `a push may be silent for ${idle} s, and this ${kind} ends a silent connection after ${longest} s at the latest`,
    instead: `uploadTimeout: ${longest - idleSeconds("1s") + 1}s or less${speech.clients === "tls" ? ", or tls: nodes" : ""}`,
    field: "front.uploadTimeout",
    source: "Elastic Load Balancing: idle timeout, 6000 s for TCP, 350 s for TLS, 4000 s for an alb",
  });
}
