import { DbInstance, type DbInstanceConfig } from "@cdktf/provider-aws/lib/db-instance/index.js";
import { DbParameterGroup, type DbParameterGroupConfig } from "@cdktf/provider-aws/lib/db-parameter-group/index.js";
import { DbSubnetGroup } from "@cdktf/provider-aws/lib/db-subnet-group/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js";
import { Construct } from "constructs";
import { onTheHour, QUIET_HOURS, zonePair } from "../data-service.js";
import {
  type DatabasePlan,
  POSTGRESQL_PORT,
  planDatabase,
  type SiteDatabase,
  SLOW_STATEMENT_MILLISECONDS,
  type DatabaseProps as Vocabulary,
} from "../database.js";
import type { Party, SiteGroups } from "../firewall.js";
import { fitName } from "../named.js";
import { type Transform, transformed } from "../transform.js";
import { Account } from "./account.js";
import type { Identity, Rights } from "./identity.js";
import { roleOf } from "./policy.js";
import { ServiceGroup } from "./service-group.js";

/** A PostgreSQL of Amazon RDS. */
export interface DatabaseProps extends Vocabulary {
  /** Connections that it takes. @default - one for each 9.5 MB of memory */
  readonly maxConnections?: number;
  /** Change what is made. @default - as it is */
  readonly transform?: {
    readonly instance?: Transform<DbInstanceConfig>;
    readonly parameters?: Transform<DbParameterGroupConfig>;
  };
}

/** What a {@link Database} is made of. */
export interface DatabaseResources {
  readonly instance: DbInstance;
  readonly parameters: DbParameterGroup;
  readonly subnets: DbSubnetGroup;
  readonly group: ServiceGroup;
}

/** The longest name of an instance. */
const LONGEST_NAME = 63;
/** The longest name of a role. */
const LONGEST_ROLE_NAME = 64;
/** The master user, as RDS calls it when nobody says otherwise. */
const ADMINISTRATOR = "postgres";
const MONITORING_SECONDS = 60;

/**
 * PostgreSQL on Amazon RDS with a standby in another zone. RDS itself makes the password of its administrator and keeps
 * it in Secrets Manager: neither Terraform nor its state ever sees it, and who may read it is said by {@link grantPassword}.
 *
 * The administrator is the only role that RDS makes, and it has a new password each week, which a program that reads its
 * password when it starts would not survive. So the owner, with a password that stays, is made in the data base itself:
 *
 * ```
 * create role harbor login password '…';
 * grant harbor to current_user;
 * alter database registry owner to harbor;
 * ```
 *
 * Clients check the server against RDS's own CAs, which AWS publishes as global-bundle.pem.
 *
 * Two db.t4g.medium in two zones with 50 GiB cost about 120 USD a month; more than three nodes, or many jobs, want more
 * memory, for RDS takes a connection for each 9.5 MB of it.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html
 * @example
 * const database = new Database(this, "database", { name: "prod", network, zones, key, size: "db.t4g.medium" });
 * database.allowFrom(groups, "nodes");
 * database.grantPassword(identity);
 */
export class Database extends Construct implements SiteDatabase {
  readonly address: string;
  readonly port = POSTGRESQL_PORT;
  readonly database: string;
  readonly owner: string;
  /** Role that makes others. */
  readonly administrator = ADMINISTRATOR;
  /** ARN of the secret of Secrets Manager that holds the administrator's password: `{"username": …, "password": …}`. */
  readonly secret: string;
  /** Change what is inside where no prop does. */
  readonly resources: DatabaseResources;
  private readonly props: DatabaseProps;

  /** @throws Problem of {@link planDatabase}, and `data-service/one-zone` */
  constructor(scope: Construct, id: string, props: DatabaseProps) {
    super(scope, id);
    this.props = props;
    const plan = planDatabase(props);
    const subnets = this.createSubnets();
    const parameters = this.createParameters(plan);
    const group = this.createGroup();
    const instance = this.createInstance(plan, { subnets, parameters, group });
    this.resources = { instance, parameters, subnets, group };
    this.address = instance.address;
    this.database = plan.database;
    this.owner = plan.owner;
    this.secret = instance.masterUserSecret.get(0).secretArn;
  }

  /** Lets a part of the site connect: nodes, and nobody else as a rule. */
  allowFrom(groups: SiteGroups, party: Party = "nodes"): void {
    this.resources.group.allowFrom(groups, party);
  }

  /** Lets machines with this identity read the password of the administrator. */
  grantPassword(identity: Identity): void {
    const { key } = this.props;
    const { region, dnsSuffix } = Account.of(this);
    const read: Rights = {
      actions: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
      resources: [this.secret],
    };
    const decrypt = (keyArn: string): Rights => ({
      actions: ["kms:Decrypt"],
      resources: [keyArn],
      when: { StringEquals: { "kms:ViaService": `secretsmanager.${region}.${dnsSuffix}` } },
    });
    identity.allow("database-password", key === "service" ? [read] : [read, decrypt(key.id)]);
  }

  private createSubnets(): DbSubnetGroup {
    const { name, network, zones, tags } = this.props;
    const { primary, standby } = zonePair(zones);
    return new DbSubnetGroup(this, "subnets", {
      name: `${name}-database`,
      description: "Where the data base stands",
      subnetIds: [primary, standby].map((zone) => network.subnet("private", zone)),
      ...(tags === undefined ? {} : { tags }),
    });
  }

  private createParameters({ version }: DatabasePlan): DbParameterGroup {
    const { name, maxConnections, tags, transform } = this.props;
    const config: DbParameterGroupConfig = {
      // Another family makes the group anew, and an instance lets go of the old one only when it has the new one.
      namePrefix: `${name}-postgres${version}-`,
      family: `postgres${version}`,
      description: "TLS for everybody, slow statements in the log",
      parameter: [
        { name: "rds.force_ssl", value: "1" },
        { name: "log_statement", value: "ddl" },
        { name: "log_min_duration_statement", value: SLOW_STATEMENT_MILLISECONDS },
        // RDS takes it at the next start only, of which a new instance has one.
        ...(maxConnections === undefined
          ? []
          : [{ name: "max_connections", value: `${maxConnections}`, applyMethod: "pending-reboot" }]),
      ],
      lifecycle: { createBeforeDestroy: true },
      ...(tags === undefined ? {} : { tags }),
    };
    return new DbParameterGroup(this, "parameters", transformed(config, transform?.parameters));
  }

  private createGroup(): ServiceGroup {
    const { name, network, tags } = this.props;
    return new ServiceGroup(this, "group", {
      name: `${name}-database`,
      network,
      description: "Data base of the registry",
      port: POSTGRESQL_PORT,
      ...(tags === undefined ? {} : { tags }),
    });
  }

  private createInstance(
    plan: DatabasePlan,
    { subnets, parameters, group }: Omit<DatabaseResources, "instance">,
  ): DbInstance {
    const { name, size, protect = true, tags, transform } = this.props;
    const identifier = fitName(`${name}-database`, LONGEST_NAME);
    const config: DbInstanceConfig = {
      identifier,
      engine: "postgres",
      engineVersion: String(plan.version),
      instanceClass: size,
      port: POSTGRESQL_PORT,
      dbName: plan.database,
      username: ADMINISTRATOR,
      manageMasterUserPassword: true,
      storageType: "gp3",
      allocatedStorage: plan.storageGibibytes,
      ...(plan.storageLimitGibibytes > plan.storageGibibytes
        ? { maxAllocatedStorage: plan.storageLimitGibibytes }
        : {}),
      storageEncrypted: true,
      ...this.keys(),
      multiAz: true,
      publiclyAccessible: false,
      dbSubnetGroupName: subnets.name,
      vpcSecurityGroupIds: [group.id],
      parameterGroupName: parameters.name,
      autoMinorVersionUpgrade: true,
      ...windows(),
      backupRetentionPeriod: plan.backupDays,
      copyTagsToSnapshot: true,
      ...this.watched(),
      // Roles that are given `rds_iam` log in with their rights in IAM; the owner keeps its password.
      iamDatabaseAuthenticationEnabled: true,
      deletionProtection: protect,
      deleteAutomatedBackups: !protect,
      ...(protect
        ? { skipFinalSnapshot: false, finalSnapshotIdentifier: `${identifier}-final` }
        : { skipFinalSnapshot: true }),
      lifecycle: { preventDestroy: protect },
      ...(tags === undefined ? {} : { tags }),
    };
    return new DbInstance(this, "instance", transformed(config, transform?.instance));
  }

  /** One key for disks, backups, the password and the statistics of statements. */
  private keys(): Pick<DbInstanceConfig, "kmsKeyId" | "masterUserSecretKmsKeyId" | "performanceInsightsKmsKeyId"> {
    const { key } = this.props;
    if (key === "service") return {};
    return { kmsKeyId: key.id, masterUserSecretKmsKeyId: key.id, performanceInsightsKmsKeyId: key.id };
  }

  /** Its log, its machine and its statements can be looked at in the console. */
  private watched(): Partial<DbInstanceConfig> {
    const { name, tags } = this.props;
    const { partition } = Account.of(this);
    const role = new IamRole(this, "monitoring", {
      name: fitName(`${name}-database-monitoring`, LONGEST_ROLE_NAME),
      description: "RDS writes down how the machine of the data base is",
      assumeRolePolicy: roleOf("monitoring.rds.amazonaws.com"),
      ...(tags === undefined ? {} : { tags }),
    });
    const right = new IamRolePolicyAttachment(this, "monitoring-right", {
      role: role.name,
      policyArn: `arn:${partition}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole`,
    });
    return {
      enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
      monitoringInterval: MONITORING_SECONDS,
      monitoringRoleArn: role.arn,
      performanceInsightsEnabled: true,
      dependsOn: [right],
    };
  }
}

/** When RDS may make backups and mend itself. */
function windows(): Pick<DbInstanceConfig, "backupWindow" | "maintenanceWindow"> {
  const { backup, maintenance } = QUIET_HOURS;
  const hours = ({ from, to }: { from: number; to: number }) => [onTheHour(from), onTheHour(to)] as const;
  const [begin, end] = hours(maintenance);
  return { backupWindow: hours(backup).join("-"), maintenanceWindow: `sun:${begin}-sun:${end}` };
}
