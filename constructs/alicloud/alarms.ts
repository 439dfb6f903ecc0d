import { CmsAlarm, type CmsAlarmConfig } from "@cdktf/provider-alicloud/lib/cms-alarm";
import { CmsAlarmContact } from "@cdktf/provider-alicloud/lib/cms-alarm-contact";
import { CmsAlarmContactGroup } from "@cdktf/provider-alicloud/lib/cms-alarm-contact-group";
import { CmsEventRule, type CmsEventRuleConfig } from "@cdktf/provider-alicloud/lib/cms-event-rule";
import { Construct } from "constructs";
import { type Alarm, type AlarmsProps as CommonProps, type Measure, planAlarms } from "../alarms.js";
import type { SiteHost } from "../hosts.js";
import { fitName } from "../named.js";
import { type Transform, transformed } from "../transform.js";
import type { BalancerMetrics } from "./balancer.js";

/** What tells CloudMonitor which balancer is meant. */
type WatchedBalancer = Pick<BalancerMetrics, "kind" | "id">;

/** Alarms of CloudMonitor. */
export interface AlarmsProps extends Omit<CommonProps, "nodes" | "certificateDays"> {
  readonly balancer: { readonly metrics: WatchedBalancer };
  readonly hosts: readonly SiteHost[];
  /** The bucket of images. @default - no alarm on it */
  readonly store?: { readonly bucket: string };
  /** Change what is made. @default - as it is */
  readonly transform?: {
    readonly alarm?: Transform<CmsAlarmConfig>;
    readonly event?: Transform<CmsEventRuleConfig>;
  };
}

/** A metric of CloudMonitor, and of what. */
interface Metric {
  readonly project: string;
  readonly metric: string;
  readonly of: Readonly<Record<string, string>>;
  readonly statistics: "Average" | "Value";
  /** Seconds between two values, where it is not what was planned. */
  readonly period?: number;
}

/** CloudMonitor takes 2 to 40 characters. */
const LONGEST_CONTACT_NAME = 40;
const LONGEST_GROUP_NAME = 128;
/** Mail, and a chat's robot where there is one; louder ways cost extra. Source: CloudMonitor, PutEventRuleTargets. */
const BY_MAIL = "4";

/**
 * Alarms on what CloudMonitor measures without an agent on a machine. It has no measure for two of the vocabulary: a
 * machine that fails is an event that ECS tells of, and of a certificate that ends the certificate service tells by
 * itself. Silence is no alarm: `alicloud_cms_alarm` has no argument for it.
 *
 * Everybody who is to be told gets a mail with a link first, and is told nothing until it was followed.
 * @example
 * new Alarms(this, "alarms", { name: "prod-hangzhou", mail: ["ops@example.com"], balancer, hosts: hosts.hosts });
 */
export class Alarms extends Construct {
  readonly resources: {
    readonly group: CmsAlarmContactGroup;
    /** By id of the alarm: cpu-node-1. */
    readonly alarms: ReadonlyMap<string, CmsAlarm>;
    /** By id of the alarm: failed-node-1. */
    readonly events: ReadonlyMap<string, CmsEventRule>;
  };

  constructor(
    scope: Construct,
    id: string,
    private readonly props: AlarmsProps,
  ) {
    super(scope, id);
    const { hosts, store, plannedSize, ...needs } = props;
    const group = this.createGroup();
    const planned = planAlarms({
      ...needs,
      nodes: hosts.map(({ name }) => name),
      ...(store === undefined || plannedSize === undefined ? {} : { plannedSize }),
    });
    const alarms = planned.flatMap((alarm) => {
      const metric = metricOf(alarm.measure, props);
      return metric === undefined ? [] : [[alarm.id, this.createAlarm(alarm, metric, group)] as const];
    });
    const events = planned.flatMap((alarm) => {
      const { measure, id: event } = alarm;
      return measure.of === "node-failed" ? [[event, this.createEvent(alarm, measure.node, group)] as const] : [];
    });
    this.resources = { group, alarms: new Map(alarms), events: new Map(events) };
  }

  private createGroup(): CmsAlarmContactGroup {
    const { name, mail = [] } = this.props;
    return new CmsAlarmContactGroup(this, "group", {
      alarmContactGroupName: fitName(`${name}-operators`, LONGEST_GROUP_NAME),
      describe: `Who is told of alarms of ${name}`,
      contacts: mail.map((address) => this.createContact(address).alarmContactName),
    });
  }

  private createContact(address: string): CmsAlarmContact {
    const { name } = this.props;
    return new CmsAlarmContact(this, `contact-${address}`, {
      alarmContactName: fitName(`${name}-${address.replace(/[^A-Za-z0-9]+/g, "-")}`, LONGEST_CONTACT_NAME),
      describe: `Is told of alarms of ${name}`,
      channelsMail: address,
      lang: "en",
      // The cloud does not tell the address until its owner has followed the link in the first mail.
      lifecycle: { ignoreChanges: ["channels_mail"] },
    });
  }

  private createAlarm(alarm: Alarm, metric: Metric, group: CmsAlarmContactGroup): CmsAlarm {
    const { name, tags, transform } = this.props;
    const config: CmsAlarmConfig = {
      name: `${name}-${alarm.id}`,
      project: metric.project,
      metric: metric.metric,
      metricDimensions: JSON.stringify([metric.of]),
      period: metric.period ?? alarm.minutes * 60,
      contactGroups: [group.alarmContactGroupName],
      escalationsCritical: {
        statistics: metric.statistics,
        comparisonOperator: alarm.beyond === "above" ? ">=" : "<=",
        threshold: String(alarm.threshold),
        times: alarm.times,
      },
      ...(tags === undefined ? {} : { tags }),
    };
    return new CmsAlarm(this, alarm.id, transformed(config, transform?.alarm));
  }

  /**
   * What breaks in the cloud below a machine: its host fails, or its system hangs. Source: ECS, system events of the type
   * Exception and the level CRITICAL. The filter is a search for a word; without it every machine of the account is meant.
   */
  private createEvent(alarm: Alarm, node: string, group: CmsAlarmContactGroup): CmsEventRule {
    const { name, transform } = this.props;
    const config: CmsEventRuleConfig = {
      ruleName: `${name}-${alarm.id}`,
      description: alarm.says,
      eventPattern: {
        product: "ecs",
        eventTypeList: ["Exception"],
        levelList: ["CRITICAL"],
        sqlFilter: this.machineOf(node),
      },
      contactParameters: [{ contactParametersId: "1", contactGroupName: group.alarmContactGroupName, level: BY_MAIL }],
    };
    return new CmsEventRule(this, alarm.id, transformed(config, transform?.event));
  }

  private machineOf(node: string): string {
    return this.props.hosts.find(({ name }) => name === node)?.id ?? "";
  }
}

/** Undefined for what CloudMonitor does not measure. */
function metricOf(measure: Measure, { balancer, hosts, store }: AlarmsProps): Metric | undefined {
  switch (measure.of) {
    case "unhealthy-nodes":
      return balancerMetric(balancer.metrics, "unhealthy");
    case "no-healthy-node":
      return balancerMetric(balancer.metrics, "healthy");
    case "node-cpu": {
      const id = hosts.find(({ name }) => name === measure.node)?.id ?? "";
      return { project: "acs_ecs_dashboard", metric: "CPUUtilization", of: { instanceId: id }, statistics: "Average" };
    }
    case "bucket-bytes":
      return store && bucketMetric(store.bucket);
    case "node-failed":
    case "certificate-days":
      return undefined;
  }
}

/** OSS counts a bucket every hour. */
function bucketMetric(bucket: string): Metric {
  return {
    project: "acs_oss_dashboard",
    metric: "MeteringStorageUtilization",
    of: { BucketName: bucket },
    statistics: "Value",
    period: 3600,
  };
}

/** Names of the metrics, with a letter missing where CloudMonitor's own lack one. */
const BALANCER_METRICS = {
  nlb: {
    project: "acs_nlb",
    healthy: "ListenerHeathyServerCount",
    unhealthy: "ListenerUnhealthyServerCount",
    id: "instanceId",
    statistics: "Average",
  },
  clb: {
    project: "acs_slb_dashboard",
    healthy: "HeathyServerCount",
    unhealthy: "UnhealthyServerCount",
    id: "instanceId",
    statistics: "Average",
  },
  alb: {
    project: "acs_alb",
    healthy: "LoadBalancerHealthyHostCount",
    unhealthy: "LoadBalancerUnHealthyHostCount",
    id: "loadBalancerId",
    statistics: "Value",
  },
} as const;

function balancerMetric({ kind, id: balancer }: WatchedBalancer, state: "healthy" | "unhealthy"): Metric {
  const { project, id, statistics, [state]: metric } = BALANCER_METRICS[kind];
  return { project, metric, of: { [id]: balancer }, statistics };
}
