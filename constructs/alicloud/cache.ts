import { KvstoreInstance, type KvstoreInstanceConfig } from "@cdktf/provider-alicloud/lib/kvstore-instance";
import { Construct } from "constructs";
import { isSharded } from "../../spec/cloud/services.js";
import { Problem } from "../../spec/problem.js";
import { type CacheProps as CommonProps, REDIS_PORT, type SiteCache, WHEN_FULL } from "../cache.js";
import { EVERY_DAY, onTheHour, QUIET_HOURS, zonePair } from "../data-service.js";
import type { Party, SiteGroups } from "../firewall.js";
import { fitName } from "../named.js";
import { type Transform, transformed } from "../transform.js";
import { encryptedArguments, type ServicePassword } from "./encrypted-password.js";
import { LONGEST_NAME } from "./limits.js";
import { NOBODY, ServiceAccess } from "./service-access.js";

/** A Redis of Tair (Redis OSS-compatible). */
export interface CacheProps extends Omit<CommonProps, "key" | "backupDays"> {
  /** Class with a primary and a standby, and without shards: redis.shard.small.ce */
  readonly size: string;
  /** Password of the instance, 8 to 32 characters of at least three kinds; the service makes none by itself. */
  readonly password: ServicePassword;
  /** Change what is made. @default - as it is */
  readonly transform?: { readonly instance?: Transform<KvstoreInstanceConfig> };
}

/** What a {@link Cache} is made of. */
export interface CacheResources {
  readonly instance: KvstoreInstance;
  readonly access: ServiceAccess;
}

/** Newest version of Redis that the service has open source. */
const VERSION = "7.0";

/**
 * Redis 7 on Tair (Redis OSS-compatible), with a standby in another zone, TLS and a password.
 *
 * The password comes encrypted by KMS, see {@link ServicePassword}: that is why this is the resource for the open-source
 * edition. The one for Tair's own editions takes a password only in the clear, which would stay in the state. With
 * `"elsewhere"` nobody gets in until a password is set in the console. This edition has no key for its disks.
 *
 * Copies are made each day and kept for the seven days that the service gives.
 * @see https://www.alibabacloud.com/help/en/redis/user-guide/enable-tls-encryption
 * @example
 * const cache = new Cache(this, "cache", {
 *   name: "prod",
 *   network,
 *   zones,
 *   size: "redis.shard.small.ce",
 *   password: { kmsCiphertext: "…" },
 * });
 * cache.allowFrom(groups, "nodes");
 */
export class Cache extends Construct implements SiteCache {
  readonly address: string;
  readonly port = REDIS_PORT;
  readonly resources: CacheResources;
  private readonly props: CacheProps;

  /** @throws Problem `cache/sharded`, `data-service/one-zone` */
  constructor(scope: Construct, id: string, props: CacheProps) {
    super(scope, id);
    this.props = props;
    refuseShards(props.size);
    const access = new ServiceAccess(this, "access", {
      network: props.network,
      port: REDIS_PORT,
      purpose: "cache of the registry",
    });
    const instance = this.createInstance(access);
    this.resources = { instance, access };
    this.address = instance.connectionDomain;
  }

  /** Lets a part of the site connect: nodes, and nobody else as a rule. */
  allowFrom(groups: SiteGroups, party: Party = "nodes"): void {
    this.resources.access.allowFrom(groups, party);
  }

  private createInstance(access: ServiceAccess): KvstoreInstance {
    const { name, network, zones, size, password, protect = true, tags, transform } = this.props;
    const { primary, standby } = zonePair(zones);
    const { backup, maintenance } = QUIET_HOURS;
    const config: KvstoreInstanceConfig = {
      dbInstanceName: fitName(`${name}-cache`, LONGEST_NAME),
      instanceType: "Redis",
      engineVersion: VERSION,
      instanceClass: size,
      paymentType: "PostPaid",
      zoneId: primary,
      secondaryZoneId: standby,
      vswitchId: network.subnet("private", primary),
      vpcAuthMode: "Open",
      ...(password === "elsewhere" ? {} : encryptedArguments(password)),
      sslEnable: "Enable",
      securityIps: [...NOBODY],
      securityGroupId: access.groupList,
      config: { "maxmemory-policy": WHEN_FULL },
      backupPeriod: [...EVERY_DAY],
      backupTime: `${onTheHour(backup.from)}Z-${onTheHour(backup.to)}Z`,
      maintainStartTime: `${onTheHour(maintenance.from)}Z`,
      maintainEndTime: `${onTheHour(maintenance.to)}Z`,
      instanceReleaseProtection: protect,
      // Primary and standby change places when one fails; to change them back would cut every connection.
      lifecycle: { ignoreChanges: ["zone_id", "secondary_zone_id"] },
      ...(tags === undefined ? {} : { tags }),
    };
    return new KvstoreInstance(this, "instance", transformed(config, transform?.instance));
  }
}

function refuseShards(size: string): void {
  if (!isSharded(size)) return;
  throw new Problem({
    code: "cache/sharded",
    says: `${size} spreads its data over shards, as a Redis Cluster does, and Harbor uses several data bases of one Redis`,
    instead: "a class with a primary and a standby: redis.shard.small.ce",
    source: "goharbor/harbor#8620",
  });
}
