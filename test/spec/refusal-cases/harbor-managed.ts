import type { EnvironmentFile } from "../../../spec/environment.js";
import { alicloud, aws, minio } from "../environments.js";
import { redis as given, database as givenDatabase, type HarborFile, harbor, release } from "../harbor-environments.js";
import type { RefusalCase } from "./refusal-case.js";

type ManagedDatabase = Omit<Extract<HarborFile["database"], { kind: "managed" }>, "kind">;

const engine = { engine: "harbor", storage: minio } as const;
const database = { kind: "managed" } as const;
const redis = { kind: "managed" } as const;
/** A trial: one node in one zone, and nothing else of the cloud's in it. */
const trial = { nodes: { count: 1 }, zones: ["eu-central-1a"] };
const tair = { ...redis, ca: "apsaradb-ca.pem" };

/** Harbor on AWS, with services like these. */
const onAws = (block: HarborFile, site: Parameters<typeof aws>[0] = {}): EnvironmentFile => ({
  ...aws(site, engine),
  harbor: { release, database: givenDatabase, redis: given, ...block },
});

/** Harbor on Alibaba Cloud, with services like these. */
const onAlicloud = (block: HarborFile): EnvironmentFile => ({
  ...alicloud({}, engine),
  harbor: { release, database: givenDatabase, redis: given, ...block },
});

const withDatabase = (changes: ManagedDatabase) => onAws({ database: { ...database, ...changes } });

/** What the site's cloud makes for Harbor. */
export const harborManaged: readonly RefusalCase[] = [
  {
    code: "harbor/managed-database-off-cloud",
    refused: harbor({ database, redis: given }),
    field: "harbor.database.kind",
    allowed: onAws({ database }),
  },
  {
    code: "harbor/managed-redis-off-cloud",
    refused: harbor({ redis, database: givenDatabase }),
    field: "harbor.redis.kind",
    allowed: onAws({ redis }),
  },
  {
    code: "harbor/managed-database-size",
    refused: onAlicloud({ database: { ...database, size: "db.t4g.medium" } }),
    field: "harbor.database.size",
    allowed: onAws({ database: { ...database, size: "db.t4g.medium" } }),
  },
  {
    code: "harbor/managed-redis-size",
    refused: onAws({ redis: { ...redis, size: "redis.shard.small.ce" } }),
    field: "harbor.redis.size",
    allowed: onAlicloud({ redis: { ...tair, size: "redis.shard.small.ce" } }),
  },
  {
    code: "harbor/managed-database-one-zone",
    refused: onAws({ database }, trial),
    field: "harbor.database.kind",
    allowed: onAws({ database }, { ...trial, zones: ["eu-central-1a", "eu-central-1b"] }),
  },
  {
    code: "harbor/managed-redis-one-zone",
    refused: onAws({ redis }, trial),
    field: "harbor.redis.kind",
    allowed: onAws({ redis }, { ...trial, zones: ["eu-central-1a", "eu-central-1b"] }),
  },
  {
    code: "harbor/managed-redis-sharded",
    refused: onAlicloud({ redis: { ...tair, size: "redis.logic.sharding.2g.2db.0rodb.4proxy.default" } }),
    field: "harbor.redis.size",
    allowed: onAlicloud({ redis: { ...tair, size: "redis.shard.mid.ce" } }),
  },
  {
    code: "harbor/managed-redis-without-ca",
    refused: onAlicloud({ redis }),
    field: "harbor.redis.ca",
    allowed: onAws({ redis }),
  },
  {
    code: "harbor/managed-database-storage",
    refused: withDatabase({ storage: "19GiB" }),
    field: "harbor.database.storage",
    allowed: withDatabase({ storage: "20GiB" }),
  },
  {
    code: "harbor/managed-database-storage-limit",
    refused: withDatabase({ storage: "60GiB", storageLimit: "50GiB" }),
    field: "harbor.database.storageLimit",
    allowed: withDatabase({ storage: "60GiB", storageLimit: "60GiB" }),
  },
  {
    code: "harbor/managed-bucket-on-aws",
    refused: { ...aws({}, { engine: "harbor" }), harbor: { release } },
    field: "registry.storage.kind",
    allowed: { ...alicloud({}, { engine: "harbor", storage: { kind: "managed" } }), harbor: { release } },
  },
];
