import { DbAccountPrivilege } from "@cdktf/provider-alicloud/lib/db-account-privilege";
import { DbBackupPolicy } from "@cdktf/provider-alicloud/lib/db-backup-policy";
import { DbDatabase } from "@cdktf/provider-alicloud/lib/db-database";
import { DbInstance, type DbInstanceConfig } from "@cdktf/provider-alicloud/lib/db-instance";
import { RdsAccount } from "@cdktf/provider-alicloud/lib/rds-account";
import { Construct } from "constructs";
import { EVERY_DAY, onTheHour, QUIET_HOURS, zonePair } from "../data-service.js";
import {
  type DatabaseProps as CommonProps,
  type DatabasePlan,
  POSTGRESQL_PORT,
  planDatabase,
  type SiteDatabase,
  SLOW_STATEMENT_MILLISECONDS,
} from "../database.js";
import type { Party, SiteGroups } from "../firewall.js";
import { fitName } from "../named.js";
import { type Transform, transformed } from "../transform.js";
import { encryptedArguments, type ServicePassword } from "./encrypted-password.js";
import { LONGEST_NAME } from "./limits.js";
import { NOBODY, ServiceAccess } from "./service-access.js";

/** A PostgreSQL of ApsaraDB RDS. */
export interface DatabaseProps extends CommonProps {
  /** Password of the owner, 8 to 32 characters; RDS makes none by itself. */
  readonly password: ServicePassword;
  /** Change what is made. @default - as it is */
  readonly transform?: { readonly instance?: Transform<DbInstanceConfig> };
}

/** What a {@link Database} is made of. */
export interface DatabaseResources {
  readonly instance: DbInstance;
  readonly database: DbDatabase;
  readonly backups: DbBackupPolicy;
  /** The owner. @default - it is made elsewhere */
  readonly account?: RdsAccount;
  readonly access: ServiceAccess;
}

/** Days that statements are kept: the audit of the software asks for half a year. */
const AUDIT_DAYS = 180;
const MONITORING_SECONDS = 60;
/** The disk grows when less than this is free, percent. */
const GROW_BELOW_PERCENT = 20;

/**
 * PostgreSQL on ApsaraDB RDS with a standby in another zone, on encrypted disks. It takes encrypted connections only: RDS
 * for PostgreSQL has no switch for that, its list of who may log in how does it (hostssl).
 *
 * RDS makes no password by itself, and one in Terraform's words would stay in the state. So it comes encrypted by KMS, see
 * {@link ServicePassword}. With `"elsewhere"` the owner is not made at all: make an account of type Normal with the name
 * of {@link owner} and give it the privilege DBOwner on the data base before Harbor starts. An ordinary account that owns
 * its data base is all that Harbor needs; nobody here is a superuser.
 *
 * With a key of KMS the account must have let RDS use it: the role AliyunRDSInstanceEncryptionDefaultRole, which the
 * console makes.
 * @see https://www.alibabacloud.com/help/en/rds/apsaradb-rds-for-postgresql/forcefully-enable-ssl-connections-on-the-client
 * @example
 * const database = new Database(this, "database", {
 *   name: "prod",
 *   network,
 *   zones,
 *   key: "service",
 *   size: "pg.n2.2c.2m",
 *   password: { kmsCiphertext: "…" },
 * });
 * database.allowFrom(groups, "nodes");
 */
export class Database extends Construct implements SiteDatabase {
  readonly address: string;
  readonly port = POSTGRESQL_PORT;
  readonly database: string;
  readonly owner: string;
  readonly resources: DatabaseResources;
  private readonly props: DatabaseProps;

  /** @throws Problem of {@link planDatabase}, and `data-service/one-zone` */
  constructor(scope: Construct, id: string, props: DatabaseProps) {
    super(scope, id);
    this.props = props;
    const plan = planDatabase(props);
    const access = new ServiceAccess(this, "access", {
      network: props.network,
      port: POSTGRESQL_PORT,
      purpose: "data base of the registry",
    });
    const instance = this.createInstance(plan, access);
    const database = new DbDatabase(this, "database", {
      instanceId: instance.id,
      dataBaseName: plan.database,
      // With all of its parts: for another one the data base would be made anew.
      characterSet: "UTF8,C,en_US.utf8",
    });
    const account = this.createOwner(plan, instance, database);
    this.resources = {
      instance,
      database,
      backups: this.createBackups(plan, instance),
      access,
      ...(account === undefined ? {} : { account }),
    };
    this.address = instance.connectionString;
    this.database = plan.database;
    this.owner = plan.owner;
  }

  /** Lets a part of the site connect: nodes, and nobody else as a rule. */
  allowFrom(groups: SiteGroups, party: Party = "nodes"): void {
    this.resources.access.allowFrom(groups, party);
  }

  private createInstance(plan: DatabasePlan, access: ServiceAccess): DbInstance {
    const { name, size, key, protect = true, tags, transform } = this.props;
    const { maintenance } = QUIET_HOURS;
    const config: DbInstanceConfig = {
      instanceName: fitName(`${name}-database`, LONGEST_NAME),
      engine: "PostgreSQL",
      engineVersion: `${plan.version}.0`,
      category: "HighAvailability",
      instanceType: size,
      instanceChargeType: "Postpaid",
      ...this.place(),
      port: String(POSTGRESQL_PORT),
      ...disk(plan),
      encryptionKey: key === "service" ? "ServiceKey" : key.id,
      securityIps: [...NOBODY],
      securityGroupIds: access.groups,
      sslAction: "Open",
      caType: "aliyun",
      pgHbaConf: [
        { type: "hostssl", database: "all", user: "all", address: "0.0.0.0/0", method: "md5", priorityId: 0 },
      ],
      parameters: [
        { name: "log_connections", value: "on" },
        { name: "log_disconnections", value: "on" },
        { name: "log_min_duration_statement", value: SLOW_STATEMENT_MILLISECONDS },
      ],
      sqlCollectorStatus: "Enabled",
      sqlCollectorConfigValue: AUDIT_DAYS,
      monitoringPeriod: MONITORING_SECONDS,
      autoUpgradeMinorVersion: "Auto",
      maintainTime: `${onTheHour(maintenance.from)}Z-${onTheHour(maintenance.to)}Z`,
      deletionProtection: protect,
      // Primary and standby change places when one fails; the provider would make the instance anew, without its data.
      lifecycle: { ignoreChanges: ["zone_id", "zone_id_slave_a", "vswitch_id"] },
      ...(tags === undefined ? {} : { tags }),
    };
    return new DbInstance(this, "instance", transformed(config, transform?.instance));
  }

  private place(): Pick<DbInstanceConfig, "zoneId" | "zoneIdSlaveA" | "vswitchId"> {
    const { network, zones } = this.props;
    const { primary, standby } = zonePair(zones);
    return {
      zoneId: primary,
      zoneIdSlaveA: standby,
      vswitchId: [primary, standby].map((zone) => network.subnet("private", zone)).join(","),
    };
  }

  private createOwner({ owner }: DatabasePlan, instance: DbInstance, database: DbDatabase): RdsAccount | undefined {
    const { password } = this.props;
    if (password === "elsewhere") return undefined;
    const account = new RdsAccount(this, "owner", {
      dbInstanceId: instance.id,
      accountName: owner,
      accountType: "Normal",
      ...encryptedArguments(password),
    });
    new DbAccountPrivilege(this, "ownership", {
      instanceId: instance.id,
      accountName: account.accountName,
      privilege: "DBOwner",
      dbNames: [database.dataBaseName],
    });
    return account;
  }

  /** A copy each day, and the log of what changed since, so that every second can be come back to. */
  private createBackups({ backupDays }: DatabasePlan, instance: DbInstance): DbBackupPolicy {
    const { protect = true } = this.props;
    const { backup } = QUIET_HOURS;
    return new DbBackupPolicy(this, "backups", {
      instanceId: instance.id,
      preferredBackupPeriod: [...EVERY_DAY],
      preferredBackupTime: `${onTheHour(backup.from)}Z-${onTheHour(backup.to)}Z`,
      backupRetentionPeriod: backupDays,
      enableBackupLog: true,
      logBackupRetentionPeriod: backupDays,
      // RDS spells it so: the last copy outlives an instance that was deleted.
      releasedKeepPolicy: protect ? "Lastest" : "None",
    });
  }
}

function disk({ storageGibibytes, storageLimitGibibytes }: DatabasePlan): Partial<DbInstanceConfig> & {
  readonly instanceStorage: number;
} {
  return {
    dbInstanceStorageType: "cloud_essd",
    instanceStorage: storageGibibytes,
    ...(storageLimitGibibytes > storageGibibytes
      ? {
          storageAutoScale: "Enable",
          storageThreshold: GROW_BELOW_PERCENT,
          storageUpperBound: storageLimitGibibytes,
        }
      : {}),
  };
}
