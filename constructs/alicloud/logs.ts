import { LogProject, type LogProjectConfig } from "@cdktf/provider-alicloud/lib/log-project";
import { LogStore, type LogStoreConfig } from "@cdktf/provider-alicloud/lib/log-store";
import { SlsIndex } from "@cdktf/provider-alicloud/lib/sls-index";
import { VpcFlowLog, type VpcFlowLogConfig } from "@cdktf/provider-alicloud/lib/vpc-flow-log";
import { Construct } from "constructs";
import type { LogsProps as CommonProps, LogPurpose } from "../logs.js";
import { fitName } from "../named.js";
import type { SiteNetwork } from "../network.js";
import { type Transform, transformed } from "../transform.js";

/** A project of Simple Log Service. */
export interface LogsProps extends CommonProps {
  /** Its name: 3 to 63 of a-z, 0-9 and "-", unique among all customers. @default - `name` */
  readonly project?: string;
  /** Change what is made. @default - as it is */
  readonly transform?: {
    readonly project?: Transform<LogProjectConfig>;
    readonly store?: Transform<LogStoreConfig>;
    readonly flows?: Transform<VpcFlowLogConfig>;
  };
}

const LONGEST_PROJECT_NAME = 63;
const LONGEST_FLOW_LOG_NAME = 128;
const KEEP_DAYS = 90;
/** Simple Log Service takes 3650 for "for ever". */
const LONGEST_KEEP_DAYS = 3649;
/** Where one word ends and the next begins in a line of a log. */
const BETWEEN_WORDS = [...", '\";=()[]{}?@&<>/:\n\t\r"];

/**
 * Where services of Alibaba Cloud write what happens: each kind of log in a store of its own, encrypted, and kept as long
 * as asked. Paid by what is written, and by what is kept.
 * @example
 * const logs = new Logs(this, "logs", { name: "prod-hangzhou", project: "prod-hangzhou-example-com", keepDays: 180 });
 * logs.logFlows(network);
 */
export class Logs extends Construct {
  /** Name of the project; whoever uses it waits for the project. */
  readonly project: string;
  readonly resources: { readonly project: LogProject; readonly stores: ReadonlyMap<LogPurpose, LogStore> };
  private readonly stores = new Map<LogPurpose, LogStore>();

  constructor(
    scope: Construct,
    id: string,
    private readonly props: LogsProps,
  ) {
    super(scope, id);
    const { name, project = name, tags, transform } = props;
    const config: LogProjectConfig = {
      projectName: fitName(project, LONGEST_PROJECT_NAME),
      description: `Logs of ${name}`,
      ...(tags === undefined ? {} : { tags }),
    };
    const made = new LogProject(this, "project", transformed(config, transform?.project));
    this.project = made.projectName;
    this.resources = { project: made, stores: this.stores };
  }

  /**
   * Writes down which connections a network's machines made, and which were refused. Once for each {@link Logs}. An
   * account that has never had flow logs must allow them in the console of VPC first (AliyunVPCLogArchiveRole).
   */
  logFlows(network: SiteNetwork): VpcFlowLog {
    const { name, tags, transform } = this.props;
    const store = this.createStore("flows");
    this.makeSearchable("flows", store);
    const config: VpcFlowLogConfig = {
      flowLogName: fitName(`${name}-flows`, LONGEST_FLOW_LOG_NAME),
      description: `Connections in ${name}`,
      resourceType: "VPC",
      resourceId: network.id,
      trafficType: "All",
      trafficPath: ["all"],
      // Minutes. One minute costs several times as much, and nobody looks that soon.
      aggregationInterval: "10",
      projectName: this.project,
      logStoreName: store.logstoreName,
      ...(tags === undefined ? {} : { tags }),
    };
    return new VpcFlowLog(this, "flow-log", transformed(config, transform?.flows));
  }

  private createStore(purpose: LogPurpose): LogStore {
    const { keepDays = KEEP_DAYS, transform } = this.props;
    const config: LogStoreConfig = {
      projectName: this.project,
      logstoreName: purpose,
      retentionPeriod: Math.min(keepDays, LONGEST_KEEP_DAYS),
      shardCount: 2,
      autoSplit: true,
      maxSplitShardCount: 16,
      // With a key of the service: one of the account would need a role that the whole service may take.
      encryptConf: { enable: true, encryptType: "default" },
    };
    const store = new LogStore(this, purpose, transformed(config, transform?.store));
    this.stores.set(purpose, store);
    return store;
  }

  private makeSearchable(purpose: LogPurpose, store: LogStore): void {
    new SlsIndex(this, `${purpose}-index`, {
      projectName: this.project,
      logstoreName: store.logstoreName,
      line: { caseSensitive: false, chn: false, token: BETWEEN_WORDS },
    });
  }
}
