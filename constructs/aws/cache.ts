import {
  ElasticacheParameterGroup,
  type ElasticacheParameterGroupConfig,
} from "@cdktf/provider-aws/lib/elasticache-parameter-group/index.js";
import {
  ElasticacheReplicationGroup,
  type ElasticacheReplicationGroupConfig,
} from "@cdktf/provider-aws/lib/elasticache-replication-group/index.js";
import { ElasticacheSubnetGroup } from "@cdktf/provider-aws/lib/elasticache-subnet-group/index.js";
import { ElasticacheUser } from "@cdktf/provider-aws/lib/elasticache-user/index.js";
import { ElasticacheUserGroup } from "@cdktf/provider-aws/lib/elasticache-user-group/index.js";
import { Construct } from "constructs";
import { cacheBackupDays, REDIS_PORT, type SiteCache, type CacheProps as Vocabulary, WHEN_FULL } from "../cache.js";
import { onTheHour, QUIET_HOURS, zonePair } from "../data-service.js";
import type { Party, SiteGroups } from "../firewall.js";
import { fitName } from "../named.js";
import { type Transform, transformed } from "../transform.js";
import { ServiceGroup } from "./service-group.js";

/** A Redis of Amazon ElastiCache. */
export interface CacheProps extends Vocabulary {
  /**
   * Program: Valkey 7.2 is what Redis 7.2 was, with the same protocol, and costs a fifth less.
   * @default "valkey"
   */
  readonly engine?: "valkey" | "redis";
  /**
   * Id of a user group that you have made, with the password of its user.
   * @default - one is made, whose user lets nobody in until a password is set
   */
  readonly userGroup?: string;
  /** Change what is made. @default - as it is */
  readonly transform?: {
    readonly replicationGroup?: Transform<ElasticacheReplicationGroupConfig>;
    readonly parameters?: Transform<ElasticacheParameterGroupConfig>;
  };
}

/** What a {@link Cache} is made of. */
export interface CacheResources {
  readonly replicationGroup: ElasticacheReplicationGroup;
  readonly parameters: ElasticacheParameterGroup;
  readonly subnets: ElasticacheSubnetGroup;
  readonly group: ServiceGroup;
  /** Users that were made; none with a user group of your own. */
  readonly users: readonly ElasticacheUser[];
}

/** Who may log in. */
interface Users {
  readonly users: readonly ElasticacheUser[];
  /** Id of their group. */
  readonly userGroup: string;
  /** Id of the one that Harbor is. @default - the group is not ours */
  readonly userId?: string;
}

/** The longest ids of replication groups and of users. */
const LONGEST_ID = 40;
const USER = "harbor";
const VERSIONS = {
  valkey: { version: "7.2", family: "valkey7" },
  redis: { version: "7.1", family: "redis7" },
} as const;
const NOBODY = "off ~* -@all";
/** All that Harbor asks for; what would endanger the instance ElastiCache refuses to everybody. */
const HARBOR_UNTIL_IT_HAS_A_PASSWORD = "off ~* &* +@all";

/**
 * A Redis on Amazon ElastiCache, not a Redis Cluster, with a standby in another zone, encrypted on disk and on the way.
 *
 * ElastiCache makes no password, can take none from Secrets Manager, and whatever Terraform gives it as a token or a
 * password stays in the state. So the user `harbor` is made switched off, and whoever keeps the password gives it to the
 * service and switches the user on; Terraform leaves alone what was set. Before that, nobody gets in at all:
 *
 * ```
 * aws elasticache modify-user --cli-input-json file://user.json    # a file of yours, to be removed afterwards:
 * { "UserId": "<userId>", "AccessString": "on ~* &* +@all",
 *   "AuthenticationMode": { "Type": "password", "Passwords": ["<16 to 128 characters>"] } }
 * ```
 *
 * A user can have two passwords at once, so that one is replaced without a gap. A user group of your own does the same.
 * Two cache.t4g.small in two zones cost about 42 USD a month.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html
 * @example
 * const cache = new Cache(this, "cache", { name: "prod", network, zones, key, size: "cache.t4g.small" });
 * cache.allowFrom(groups, "nodes");
 */
export class Cache extends Construct implements SiteCache {
  readonly address: string;
  readonly port = REDIS_PORT;
  /** Name to log in with. A user group of your own may have another. */
  readonly user = USER;
  /** Id under which ElastiCache knows the user, to set its password. @default - the user group is your own */
  readonly userId?: string;
  /** Change what is inside where no prop does. */
  readonly resources: CacheResources;
  private readonly props: CacheProps;

  /** @throws Problem `cache/backup-days`, `data-service/one-zone` */
  constructor(scope: Construct, id: string, props: CacheProps) {
    super(scope, id);
    this.props = props;
    const backupDays = cacheBackupDays(props.backupDays);
    const subnets = this.createSubnets();
    const parameters = this.createParameters();
    const group = this.createGroup();
    const { users, userGroup, userId } = this.usersOf(props);
    const replicationGroup = this.createReplicationGroup({ subnets, parameters, group, userGroup, backupDays });
    this.resources = { replicationGroup, parameters, subnets, group, users };
    this.address = replicationGroup.primaryEndpointAddress;
    if (userId !== undefined) this.userId = userId;
  }

  /** Lets a part of the site connect: nodes, and nobody else as a rule. */
  allowFrom(groups: SiteGroups, party: Party = "nodes"): void {
    this.resources.group.allowFrom(groups, party);
  }

  private get engine(): "valkey" | "redis" {
    return this.props.engine ?? "valkey";
  }

  private get tagged() {
    const { tags } = this.props;
    return tags === undefined ? {} : { tags };
  }

  private createSubnets(): ElasticacheSubnetGroup {
    const { name, network, zones } = this.props;
    const { primary, standby } = zonePair(zones);
    return new ElasticacheSubnetGroup(this, "subnets", {
      name: `${name}-cache`,
      description: "Where the cache stands",
      subnetIds: [primary, standby].map((zone) => network.subnet("private", zone)),
      ...this.tagged,
    });
  }

  private createParameters(): ElasticacheParameterGroup {
    const { name, transform } = this.props;
    const { family } = VERSIONS[this.engine];
    const config: ElasticacheParameterGroupConfig = {
      // Another family makes the group anew, beside the old one.
      name: `${name}-${family}`,
      family,
      description: "Nothing is thrown away when the memory is full",
      parameter: [{ name: "maxmemory-policy", value: WHEN_FULL }],
      lifecycle: { createBeforeDestroy: true },
      ...this.tagged,
    };
    return new ElasticacheParameterGroup(this, "parameters", transformed(config, transform?.parameters));
  }

  private createGroup(): ServiceGroup {
    const { name, network } = this.props;
    return new ServiceGroup(this, "group", {
      name: `${name}-cache`,
      network,
      description: "Cache of the registry",
      port: REDIS_PORT,
      ...this.tagged,
    });
  }

  private usersOf({ name, userGroup }: CacheProps): Users {
    if (userGroup !== undefined) return { users: [], userGroup };
    // Each group of users has a default one, which would let in everybody who asks.
    const nobody = this.createUser("default", { userName: "default", accessString: NOBODY });
    const harbor = this.createUser(USER, { userName: USER, accessString: HARBOR_UNTIL_IT_HAS_A_PASSWORD });
    const { userGroupId } = new ElasticacheUserGroup(this, "users", {
      userGroupId: fitName(`${name}-cache`, LONGEST_ID),
      engine: this.engine,
      userIds: [nobody.userId, harbor.userId],
      ...this.tagged,
    });
    return { users: [nobody, harbor], userGroup: userGroupId, userId: harbor.userId };
  }

  private createUser(id: string, user: { readonly userName: string; readonly accessString: string }): ElasticacheUser {
    return new ElasticacheUser(this, `user-${id}`, {
      ...user,
      userId: fitName(`${this.props.name}-${id}`, LONGEST_ID),
      engine: this.engine,
      authenticationMode: { type: "no-password-required" },
      // The password comes from elsewhere, and with it the right to use it.
      ...(id === USER
        ? {
            lifecycle: { ignoreChanges: ["access_string", "authentication_mode", "no_password_required", "passwords"] },
          }
        : {}),
      ...this.tagged,
    });
  }

  private createReplicationGroup(parts: {
    readonly subnets: ElasticacheSubnetGroup;
    readonly parameters: ElasticacheParameterGroup;
    readonly group: ServiceGroup;
    readonly userGroup: string;
    readonly backupDays: number;
  }): ElasticacheReplicationGroup {
    const { name, zones, size, key, protect = true, transform } = this.props;
    const { primary, standby } = zonePair(zones);
    const { backup, maintenance } = QUIET_HOURS;
    const replicationGroupId = fitName(`${name}-cache`, LONGEST_ID);
    const config: ElasticacheReplicationGroupConfig = {
      replicationGroupId,
      description: `Cache of ${name}`,
      engine: this.engine,
      engineVersion: VERSIONS[this.engine].version,
      nodeType: size,
      port: REDIS_PORT,
      clusterMode: "disabled",
      numCacheClusters: 2,
      preferredCacheClusterAzs: [primary, standby],
      automaticFailoverEnabled: true,
      multiAzEnabled: true,
      subnetGroupName: parts.subnets.name,
      securityGroupIds: [parts.group.id],
      parameterGroupName: parts.parameters.name,
      userGroupIds: [parts.userGroup],
      transitEncryptionEnabled: true,
      transitEncryptionMode: "required",
      atRestEncryptionEnabled: "true",
      ...(key === "service" ? {} : { kmsKeyId: key.id }),
      autoMinorVersionUpgrade: "true",
      snapshotRetentionLimit: parts.backupDays,
      snapshotWindow: `${onTheHour(backup.from)}-${onTheHour(backup.to)}`,
      maintenanceWindow: `sun:${onTheHour(maintenance.from)}-sun:${onTheHour(maintenance.to)}`,
      ...(protect ? { finalSnapshotIdentifier: `${replicationGroupId}-final` } : {}),
      lifecycle: { preventDestroy: protect },
      ...this.tagged,
    };
    return new ElasticacheReplicationGroup(this, "cache", transformed(config, transform?.replicationGroup));
  }
}
