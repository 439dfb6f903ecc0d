import type { Environment } from "../environment.js";
import type { ManagedDatabase, ManagedRedis } from "../harbor/services.js";
import { harborOf } from "../harbor/software.js";
import type { SiteDatabase, SiteRedis } from "../inventory.js";
import type { SiteOutputs } from "./outputs.js";
import type { CloudSite } from "./sites.js";

/** Services of Harbor that may be the cloud's. */
export type DataService = "database" | "redis";

type Cloud = CloudSite["provider"];

/** What a cloud calls the classes of a service. */
export interface ServiceSizes {
  readonly pattern: RegExp;
  /** A class that does for three nodes and some hundred people. */
  readonly usual: string;
}

/** Classes by service and cloud. */
export const SERVICE_SIZES: Readonly<Record<DataService, Readonly<Record<Cloud, ServiceSizes>>>> = {
  database: {
    alicloud: { pattern: /^(pg|postgres)(\.[a-z0-9]+)+$/, usual: "pg.n2.2c.2m" },
    aws: { pattern: /^db\.[a-z0-9-]+\.[a-z0-9-]+$/, usual: "db.t4g.medium" },
  },
  redis: {
    alicloud: { pattern: /^(redis|tair)(\.[a-z0-9]+)+$/, usual: "redis.shard.small.ce" },
    aws: { pattern: /^cache\.[a-z0-9-]+\.[a-z0-9-]+$/, usual: "cache.t4g.small" },
  },
};

/** The class of a service: the file's, or the usual one of its cloud. */
export function serviceSize(
  service: DataService,
  { provider }: Pick<CloudSite, "provider">,
  { size }: { readonly size?: string | undefined },
): string {
  return size ?? SERVICE_SIZES[service][provider].usual;
}

/** Words in names of Tair's classes whose data is spread over shards, with or without a proxy before them. */
const SHARDED = /\.(logic|sharding|shardingproxy|proxy)\.|\.with\.proxy\./;

/** Whether a class of Tair is a Redis Cluster, which has one data base where Harbor needs several. */
export function isSharded(size: string): boolean {
  return SHARDED.test(size);
}

/** What of Harbor's services an environment leaves to the cloud. */
export interface ManagedServices {
  readonly database?: ManagedDatabase;
  readonly redis?: ManagedRedis;
}

/** The services that the cloud of a site makes for Harbor; none with another engine. */
export function managedServices(environment: Pick<Environment, "registry" | "harbor">): ManagedServices {
  if (environment.registry.engine !== "harbor") return {};
  const { database, redis } = harborOf(environment);
  return {
    ...(database.kind === "managed" ? { database } : {}),
    ...(redis.kind === "managed" ? { redis } : {}),
  };
}

/** Names that Harbor finds in every PostgreSQL that a cloud makes for it. */
export const MANAGED_DATABASE = { name: "registry", user: "harbor" } as const;
/** ElastiCache asks for a name as well; Tair for the password of the instance alone. */
export const MANAGED_REDIS_USER = "harbor";

const PORTS: Readonly<Record<DataService, number>> = { database: 5432, redis: 6379 };

/** The site's PostgreSQL as Harbor is told of it; until it is made a name stands for its address. */
export function siteDatabase(site: CloudSite, outputs: SiteOutputs | undefined): SiteDatabase {
  return { ...addressOf("database", site, outputs?.database), ...MANAGED_DATABASE };
}

/** The site's Redis as Harbor is told of it; until it is made a name stands for its address. */
export function siteRedis(site: CloudSite, outputs: SiteOutputs | undefined): SiteRedis {
  const address = addressOf("redis", site, outputs?.cache);
  return site.provider === "aws" ? { ...address, user: MANAGED_REDIS_USER } : address;
}

/** What ends in "invalid" is nobody's, now and ever (RFC 6761). */
function addressOf(
  service: DataService,
  site: CloudSite,
  told: { readonly address: string; readonly port: number } | null | undefined,
): { readonly host: string; readonly port: number } {
  if (told === null || told === undefined) return { host: `${service}.${site.name}.invalid`, port: PORTS[service] };
  return { host: told.address, port: told.port };
}
