import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import { SnsTopic, type SnsTopicConfig } from "@cdktf/provider-aws/lib/sns-topic/index.js";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy/index.js";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription/index.js";
import { Construct } from "constructs";
import { type Alarm, planAlarms, type AlarmsProps as Vocabulary } from "../alarms.js";
import type { SiteKey } from "../encryption-key.js";
import { fitName } from "../named.js";
import { type Transform, transformed } from "../transform.js";
import { Account } from "./account.js";
import { measureConfig, type Watched } from "./alarm-metric.js";
import { allowService } from "./encryption-key.js";
import { policy } from "./policy.js";

/** Alarms of a site on AWS. The nodes are those of `hosts`. */
export interface AlarmsProps extends Omit<Vocabulary, "nodes">, Watched {
  /** Key that encrypts what is sent; it must let CloudWatch in. @default - not encrypted at rest */
  readonly key?: SiteKey;
  /** Change what is inside before it is made. @default - as it is */
  readonly transform?: {
    readonly topic?: Transform<SnsTopicConfig>;
    readonly alarm?: Transform<CloudwatchMetricAlarmConfig>;
  };
}

const LONGEST_TOPIC_NAME = 256;
const HOUR_IN_MINUTES = 60;

/**
 * Alarms in CloudWatch, and a topic of SNS that tells people by mail. Each of them has to confirm a first mail. About
 * 0.10 USD an alarm and month.
 * @example
 * new Alarms(this, "alarms", {
 *   name: "prod-frankfurt",
 *   balancer,
 *   hosts: hosts.hosts,
 *   store,
 *   plannedSize: "1TiB",
 *   mail: ["ops@example.com"],
 * });
 */
export class Alarms extends Construct {
  /** Change what is inside where no prop does; alarms by their id. */
  readonly resources: { readonly topic: SnsTopic; readonly alarms: ReadonlyMap<string, CloudwatchMetricAlarm> };

  /** @throws RangeError when there is a planned size without a bucket, or days for a certificate without one */
  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    allowService(props.key, "cloudwatch");
    const topic = this.createTopic(props);
    this.letInCloudwatch(topic);
    for (const address of props.mail ?? []) this.tell(address, topic);
    const planned = planAlarms({ ...props, nodes: props.hosts.map(({ name }) => name) });
    const alarms = new Map(planned.map((alarm) => [alarm.id, this.createAlarm(alarm, topic, props)] as const));
    this.resources = { topic, alarms };
  }

  private createTopic({ name, key, tags, transform }: AlarmsProps): SnsTopic {
    const config: SnsTopicConfig = {
      name: fitName(`${name}-alarms`, LONGEST_TOPIC_NAME),
      ...(key === undefined ? {} : { kmsMasterKeyId: key.id }),
      ...(tags === undefined ? {} : { tags }),
    };
    return new SnsTopic(this, "topic", transformed(config, transform?.topic));
  }

  private letInCloudwatch(topic: SnsTopic): void {
    new SnsTopicPolicy(this, "policy", {
      arn: topic.arn,
      policy: policy([
        {
          Sid: "Alarms",
          Effect: "Allow",
          Principal: { Service: "cloudwatch.amazonaws.com" },
          Action: "sns:Publish",
          Resource: topic.arn,
          Condition: { StringEquals: { "aws:SourceAccount": Account.of(this).id } },
        },
      ]),
    });
  }

  private tell(address: string, topic: SnsTopic): void {
    new SnsTopicSubscription(this, `mail-${address}`, { topicArn: topic.arn, protocol: "email", endpoint: address });
  }

  private createAlarm(alarm: Alarm, topic: SnsTopic, props: AlarmsProps): CloudwatchMetricAlarm {
    const config: CloudwatchMetricAlarmConfig = {
      alarmName: `${props.name}-${alarm.id}`,
      alarmDescription: alarm.says,
      comparisonOperator: alarm.beyond === "above" ? "GreaterThanOrEqualToThreshold" : "LessThanOrEqualToThreshold",
      threshold: alarm.threshold,
      evaluationPeriods: alarm.times,
      treatMissingData: onSilence(alarm),
      ...measureConfig(alarm, props),
      alarmActions: [topic.arn],
      okActions: [topic.arn],
      ...(props.tags === undefined ? {} : { tags: props.tags }),
    };
    return new CloudwatchMetricAlarm(this, alarm.id, transformed(config, props.transform?.alarm));
  }
}

/** What comes once a day comes late at times: an alarm then stays as it is, and does not come and go. */
function onSilence({ silenceIsAlarm, minutes }: Alarm): "breaching" | "ignore" | "notBreaching" {
  if (silenceIsAlarm) return "breaching";
  return minutes > HOUR_IN_MINUTES ? "ignore" : "notBreaching";
}
