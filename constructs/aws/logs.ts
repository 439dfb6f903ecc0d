import {
  CloudwatchLogGroup,
  type CloudwatchLogGroupConfig,
} from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import { FlowLog, type FlowLogConfig } from "@cdktf/provider-aws/lib/flow-log/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { Construct } from "constructs";
import type { SiteKey } from "../encryption-key.js";
import type { LogPurpose, LogsProps as Vocabulary } from "../logs.js";
import { fitName } from "../named.js";
import type { SiteNetwork } from "../network.js";
import { type Transform, transformed } from "../transform.js";
import { Account } from "./account.js";
import { allowService } from "./encryption-key.js";
import { policy, roleOf } from "./policy.js";
import { retentionDays } from "./retention.js";

export interface LogsProps extends Vocabulary {
  /** Key that encrypts them. @default - CloudWatch's own */
  readonly key?: SiteKey;
  /** Change what is inside before it is made. @default - as it is */
  readonly transform?: {
    readonly group?: Transform<CloudwatchLogGroupConfig>;
    readonly flows?: Transform<FlowLogConfig>;
  };
}

/** What a service of AWS needs to write to a log group. */
export interface LogWriter {
  /** ARN of the group. */
  readonly groupArn: string;
  /** ARN of the role with which it writes. */
  readonly roleArn: string;
  /** The right to write, which must be there first. */
  readonly right: IamRolePolicy;
}

/** A service that writes logs, and what it needs for that. */
interface Writing {
  readonly service: string;
  readonly actions: readonly string[];
  /** Whether it says for which account it works when it takes on its role, so that the role can insist on this one. */
  readonly saysAccount: boolean;
}

const WRITINGS = {
  flows: {
    service: "vpc-flow-logs.amazonaws.com",
    actions: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogGroups", "logs:DescribeLogStreams"],
    saysAccount: true,
  },
  // @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html
  audit: {
    service: "cloudtrail.amazonaws.com",
    actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
    saysAccount: false,
  },
} as const satisfies Readonly<Partial<Record<LogPurpose, Writing>>>;

/** The longest name of a role. */
const LONGEST_ROLE_NAME = 64;
const KEEP_DAYS = 90;

/**
 * Log groups in CloudWatch, one for each purpose, encrypted and kept as long as asked. About 0.60 USD for each GB that
 * is written.
 * @example
 * const logs = new Logs(this, "logs", { name: "prod-frankfurt", keepDays: 180, key });
 * logs.logFlows(network);
 */
export class Logs extends Construct {
  /** Change what is inside where no prop does; by purpose. */
  readonly resources: { readonly groups: ReadonlyMap<LogPurpose, CloudwatchLogGroup> };
  private readonly groups = new Map<LogPurpose, CloudwatchLogGroup>();

  constructor(
    scope: Construct,
    id: string,
    private readonly props: LogsProps,
  ) {
    super(scope, id);
    this.resources = { groups: this.groups };
    allowService(props.key, "logs");
  }

  /** Writes down which connections a network's machines made, and which were refused. Once for each {@link Logs}. */
  logFlows(network: SiteNetwork): FlowLog {
    const { name, tags, transform } = this.props;
    const writer = this.writer("flows");
    const config: FlowLogConfig = {
      vpcId: network.id,
      trafficType: "ALL",
      logDestinationType: "cloud-watch-logs",
      logDestination: writer.groupArn,
      iamRoleArn: writer.roleArn,
      // Ten minutes: one minute costs several times as much, and nobody looks that soon.
      maxAggregationInterval: 600,
      dependsOn: [writer.right],
      tags: { ...tags, Name: name },
    };
    return new FlowLog(this, "flow-log", transformed(config, transform?.flows));
  }

  /** A log group and a role by which a service of AWS writes to it, and to nothing else. Once for each purpose. */
  writer(purpose: keyof typeof WRITINGS): LogWriter {
    const { service, actions, saysAccount } = WRITINGS[purpose];
    const group = this.createGroup(purpose);
    const role = new IamRole(this, `${purpose}-writer`, {
      name: fitName(`${this.props.name}-${purpose}`, LONGEST_ROLE_NAME),
      description: `Writes logs: ${purpose}`,
      assumeRolePolicy: roleOf(service, saysAccount ? Account.of(this).id : undefined),
      ...(this.props.tags === undefined ? {} : { tags: this.props.tags }),
    });
    const right = new IamRolePolicy(this, `${purpose}-right`, {
      name: "write",
      role: role.id,
      policy: policy([{ Sid: "Write", Effect: "Allow", Action: actions, Resource: `${group.arn}:*` }]),
    });
    return { groupArn: group.arn, roleArn: role.arn, right };
  }

  private createGroup(purpose: LogPurpose): CloudwatchLogGroup {
    const { name, keepDays = KEEP_DAYS, key, tags, transform } = this.props;
    const config: CloudwatchLogGroupConfig = {
      name: `/harborwright/${name}/${purpose}`,
      retentionInDays: retentionDays(keepDays),
      ...(key === undefined ? {} : { kmsKeyId: key.id }),
      ...(tags === undefined ? {} : { tags }),
    };
    const group = new CloudwatchLogGroup(this, purpose, transformed(config, transform?.group));
    this.groups.set(purpose, group);
    return group;
  }
}
