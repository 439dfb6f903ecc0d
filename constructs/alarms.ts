import { bytes } from "../spec/size.js";
import type { NamedProps } from "./named.js";

/** What the cloud calls somebody for. */
export interface AlarmNeeds {
  /** Names of the nodes. */
  readonly nodes: readonly string[];
  /** Percent of a node's processors over ten minutes. @default 85 */
  readonly cpu?: number;
  /** Percent of the planned size of the bucket. @default 85 */
  readonly storage?: number;
  /** What the bucket is planned for: 1TiB. @default - no alarm on the bucket, it is not the site's */
  readonly plannedSize?: string;
  /** Days before the end of a certificate of the cloud. @default - no alarm, the nodes show a certificate */
  readonly certificateDays?: number;
}

/** Alarms of a site, and who is told. */
export interface AlarmsProps extends NamedProps, AlarmNeeds {
  /** Mail addresses. @default - nobody is told, the alarms can be looked at */
  readonly mail?: readonly string[];
}

/** What an alarm looks at; each cloud has its own metric for it. */
export type Measure =
  | { readonly of: "unhealthy-nodes" }
  | { readonly of: "no-healthy-node" }
  | { readonly of: "node-failed"; readonly node: string }
  | { readonly of: "node-cpu"; readonly node: string }
  | { readonly of: "bucket-bytes" }
  | { readonly of: "certificate-days" };

/** One alarm. */
export interface Alarm {
  /** Unique within a site and stable: cpu-node-1. */
  readonly id: string;
  readonly measure: Measure;
  /** The alarm is raised when the measure is at this value or beyond. */
  readonly threshold: number;
  readonly beyond: "above" | "below";
  /** Minutes that one value stands for. */
  readonly minutes: number;
  /** Values in a row until it is raised. */
  readonly times: number;
  /** Whether no value at all is an alarm too. */
  readonly silenceIsAlarm: boolean;
  /** What has happened, and what to do first. */
  readonly says: string;
}

/**
 * The alarms of a site. The fill of a node's disk is not among them: no cloud sees into a disk without an agent on the
 * machine, and nodes run none. Watch it with Prometheus.
 */
export function planAlarms(needs: AlarmNeeds): Alarm[] {
  const { nodes, cpu = 85, storage = 85, plannedSize, certificateDays } = needs;
  return [
    UNHEALTHY_NODES,
    NO_HEALTHY_NODE,
    ...nodes.flatMap((node) => [nodeFailed(node), nodeBusy(node, cpu)]),
    ...(plannedSize === undefined ? [] : [bucketFills(plannedSize, storage)]),
    ...(certificateDays === undefined ? [] : [certificateEnds(certificateDays)]),
  ];
}

const DAY_IN_MINUTES = 1440;

const UNHEALTHY_NODES: Alarm = {
  id: "unhealthy-nodes",
  measure: { of: "unhealthy-nodes" },
  threshold: 1,
  beyond: "above",
  minutes: 1,
  // Longer than a node is away in an `up`.
  times: 5,
  silenceIsAlarm: false,
  says: "a node fails the health checks of the balancer; look with harborwright status",
};

const NO_HEALTHY_NODE: Alarm = {
  id: "no-healthy-node",
  measure: { of: "no-healthy-node" },
  threshold: 0,
  beyond: "below",
  minutes: 1,
  times: 1,
  silenceIsAlarm: true,
  says: "no node passes the health checks of the balancer: the registry is down",
};

function nodeFailed(node: string): Alarm {
  return {
    id: `failed-${node}`,
    measure: { of: "node-failed", node },
    threshold: 1,
    beyond: "above",
    minutes: 1,
    times: 2,
    silenceIsAlarm: false,
    says: `the machine of ${node} fails the cloud's own checks; replace it if it does not come back`,
  };
}

function nodeBusy(node: string, percent: number): Alarm {
  return {
    id: `cpu-${node}`,
    measure: { of: "node-cpu", node },
    threshold: percent,
    beyond: "above",
    minutes: 5,
    times: 2,
    silenceIsAlarm: false,
    says: `the processors of ${node} have been busy for ten minutes; a larger size may be due`,
  };
}

function bucketFills(plannedSize: string, percent: number): Alarm {
  return {
    id: "bucket-size",
    measure: { of: "bucket-bytes" },
    threshold: Math.floor((bytes(plannedSize) * percent) / 100),
    beyond: "above",
    // Both clouds count a bucket once a day.
    minutes: DAY_IN_MINUTES,
    times: 1,
    silenceIsAlarm: false,
    says: `the bucket holds ${percent} % of the ${plannedSize} it was planned for`,
  };
}

function certificateEnds(days: number): Alarm {
  return {
    id: "certificate-days",
    measure: { of: "certificate-days" },
    threshold: days,
    beyond: "below",
    minutes: DAY_IN_MINUTES,
    times: 1,
    silenceIsAlarm: false,
    says: `the certificate of the balancer ends in ${days} days or sooner; its renewal must have failed`,
  };
}
