import type {
  CloudwatchMetricAlarmConfig,
  CloudwatchMetricAlarmMetricQuery,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import type { Alarm } from "../alarms.js";
import type { SiteHost } from "../hosts.js";
import type { WatchedBalancer } from "./balancer-metrics.js";

/** What alarms look at. */
export interface Watched {
  /** Balancer before the nodes. */
  readonly balancer: WatchedBalancer;
  /** Machines of the nodes. */
  readonly hosts: readonly SiteHost[];
  /** Bucket for images. @default - it is not the site's */
  readonly store?: { readonly bucket: string; readonly storageTypes: readonly string[] };
  /** ARN of the balancer's certificate. @default - the nodes show one */
  readonly certificate?: string;
}

/** A metric in CloudWatch. */
interface Metric {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Record<string, string>;
  readonly statistic: "Average" | "Maximum" | "Minimum";
}

/** The part of an alarm that says what is measured, in CloudWatch's words. */
export type MeasureConfig = Pick<
  CloudwatchMetricAlarmConfig,
  "namespace" | "metricName" | "dimensions" | "statistic" | "period" | "metricQuery"
>;

/**
 * The metric that an alarm looks at.
 * @throws RangeError when an alarm is about something that is not watched
 */
export function measureConfig({ measure, minutes }: Alarm, watched: Watched): MeasureConfig {
  const period = minutes * 60;
  switch (measure.of) {
    case "unhealthy-nodes":
      return { ...nodesBehind(watched.balancer, "UnHealthyHostCount"), period };
    case "no-healthy-node":
      return { ...nodesBehind(watched.balancer, "HealthyHostCount"), period };
    case "node-failed":
      return { ...machine(measure.node, watched, "StatusCheckFailed", "Maximum"), period };
    case "node-cpu":
      return { ...machine(measure.node, watched, "CPUUtilization", "Average"), period };
    case "bucket-bytes":
      return { metricQuery: bytesOfBucket(watched, period) };
    case "certificate-days":
      return { ...daysOfCertificate(watched), period };
  }
}

/** Each zone counts for itself; the highest count is the one that sees most of the nodes. */
function nodesBehind({ metrics }: WatchedBalancer, metricName: string): Metric {
  return { namespace: metrics.namespace, metricName, dimensions: { ...metrics.dimensions }, statistic: "Maximum" };
}

function machine(node: string, { hosts }: Watched, metricName: string, statistic: Metric["statistic"]): Metric {
  const host = hosts.find(({ name }) => name === node);
  if (host === undefined) throw new RangeError(`no host ${node} to watch`);
  return { namespace: "AWS/EC2", metricName, dimensions: { InstanceId: host.id }, statistic };
}

/** S3 counts each storage class by itself. */
function bytesOfBucket({ store }: Watched, period: number): CloudwatchMetricAlarmMetricQuery[] {
  if (store === undefined) throw new RangeError("no bucket to watch");
  const classes = store.storageTypes.map((storageType, index) => ({
    id: `class${index + 1}`,
    metric: {
      namespace: "AWS/S3",
      metricName: "BucketSizeBytes",
      dimensions: { BucketName: store.bucket, StorageType: storageType },
      stat: "Average",
      period,
    },
  }));
  // A plus sign would have no value as long as one class is empty, for then CloudWatch has none for that class.
  const expression = "SUM(METRICS())";
  return [{ id: "bytes", expression, label: "bytes in the bucket", returnData: true }, ...classes];
}

function daysOfCertificate({ certificate }: Watched): Metric {
  if (certificate === undefined) throw new RangeError("no certificate to watch");
  return {
    namespace: "AWS/CertificateManager",
    metricName: "DaysToExpiry",
    dimensions: { CertificateArn: certificate },
    statistic: "Minimum",
  };
}
