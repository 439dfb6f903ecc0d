import * as z from "zod";
import { durationSchema } from "../duration.js";
import { addressSchema, hostPortSchema, lineSchema, nameSchema, portSchema } from "../names.js";
import { sizeSchema } from "../size.js";

/** A name that stands unquoted in env files, URLs and YAML, where some words are no texts. */
const plainName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_-]{0,62}$/, {
    error: "a name begins with a letter and holds up to 63 of A-Z, a-z, 0-9, '_' and '-'",
    abort: true,
  })
  .refine((name) => !/^(true|false|yes|no|on|off|null|y|n)$/i.test(name), {
    error: "Harbor's YAML takes this word for a truth or for nothing: another name is needed",
  });

const caFile = lineSchema
  .optional()
  .meta({ description: "Path of the PEM file with its CA, beside the environment file. Absent: a public CA." });

const carriers = z.array(nameSchema).optional();

const ownDatabase = z
  .strictObject({
    kind: z.literal("own"),
    nodes: carriers.meta({ description: "Names of the three nodes that carry it. Absent: the first three." }),
    maxConnections: z
      .int()
      .min(50)
      .max(10_000)
      .default(400)
      .meta({ description: "Connections that PostgreSQL accepts (max_connections)." }),
    memory: z
      .string()
      .regex(/^[1-9][0-9]{0,5}(MiB|GiB)$/, { error: "a size in MiB or GiB: 512MiB, 2GiB" })
      .default("2GiB")
      .meta({ description: "Most memory of PostgreSQL on each node; a quarter of it are shared buffers." }),
  })
  .meta({ description: "PostgreSQL on the nodes, with Patroni: the death of its primary is survived." });

const givenDatabase = z
  .strictObject({
    kind: z.literal("given"),
    host: addressSchema.meta({ description: "Where it answers: the primary, whichever machine that is." }),
    port: portSchema.default(5432).meta({ description: "Its port." }),
    name: plainName.default("registry").meta({ description: "Name of the data base. It must exist and be empty." }),
    user: plainName
      .default("harbor")
      .meta({ description: "Role that owns the data base. Its password is the secret harbor/database-password." }),
    sslMode: z.enum(["verify-full", "verify-ca", "require", "disable"]).default("verify-full").meta({
      description:
        "How TLS is checked: CA and name, CA alone, not at all (require encrypts for whoever answers), or no TLS.",
    }),
    ca: caFile,
  })
  .meta({ description: "A PostgreSQL that exists already, version 12 or newer." });

const serviceSize = lineSchema.optional();

const managedDatabase = z
  .strictObject({
    kind: z.literal("managed"),
    size: serviceSize.meta({
      description: "Class of the instance, as the cloud names it. Absent: pg.n2.2c.2m, db.t4g.medium.",
    }),
    version: z.int().min(13).max(17).default(16).meta({ description: "Major version of PostgreSQL." }),
    storage: sizeSchema.default("50GiB").meta({ description: "Its disk to begin with, in whole GiB." }),
    storageLimit: sizeSchema
      .optional()
      .meta({ description: "Up to which the disk grows by itself. Absent: four times storage." }),
    maxConnections: z.int().min(50).max(5000).default(400).meta({
      description:
        "Connections that it accepts. AWS is told so; on Alibaba Cloud the size decides, and this tells what it has.",
    }),
    backupDays: z
      .int()
      .min(7)
      .max(35)
      .default(14)
      .meta({ description: "Days back to each second of which the cloud can restore it." }),
    ca: lineSchema.optional().meta({
      description:
        "Path of the PEM file with the cloud's CA for data bases, beside the environment file: TLS is then checked like verify-full. Absent: it is encrypted for whoever answers.",
    }),
  })
  .meta({ description: "The PostgreSQL of the site's cloud, in two zones; made, protected and kept with the bucket." });

/** Where Harbor keeps what is not a layer: projects, users, artifacts, schedules, job logs. */
export const databaseSchema = z.discriminatedUnion("kind", [ownDatabase, managedDatabase, givenDatabase]);

const databaseNumber = z.int().min(0).max(15);

const redisDatabases = z.strictObject({
  registry: databaseNumber.default(1).meta({ description: "The registry's descriptors of blobs." }),
  jobs: databaseNumber.default(2).meta({ description: "Queue and schedules of jobs." }),
  trivy: databaseNumber.default(5).meta({ description: "Trivy's queue and reports." }),
  harbor: databaseNumber
    .optional()
    .meta({ description: "Harbor's own cache of settings and sizes of uploads. Absent: with the sessions, in 0." }),
  cacheLayer: databaseNumber
    .optional()
    .meta({ description: "The cache of harbor.cache. Absent: where Harbor's own cache is." }),
});

const ownRedis = z
  .strictObject({
    kind: z.literal("own"),
    nodes: carriers.meta({ description: "Names of the three nodes that carry it. Absent: the first three." }),
    memory: z
      .string()
      .regex(/^[1-9][0-9]{0,5}(MiB|GiB)$/, { error: "a size in MiB or GiB: 512MiB, 2GiB" })
      .default("512MiB")
      .meta({ description: "Most memory for what Redis keeps (maxmemory)." }),
  })
  .meta({ description: "Redis on the nodes, with Sentinel: the death of its primary is survived." });

const givenRedis = z
  .strictObject({
    kind: z.literal("given"),
    addresses: z
      .array(hostPortSchema)
      .min(1)
      .meta({ description: "The Redis server, or all Sentinels when sentinelMaster is given; host:port." }),
    sentinelMaster: z
      .string()
      .regex(/^[A-Za-z0-9._-]{1,64}$/, { error: "a name of letters, digits, '.', '_' and '-'" })
      .optional()
      .meta({ description: "Name of the master that the Sentinels watch. The Sentinels ask for no password." }),
    user: plainName.optional().meta({ description: "ACL user; the password is the secret harbor/redis-password." }),
    password: z
      .boolean()
      .default(true)
      .meta({ description: "Whether Redis asks for the secret harbor/redis-password." }),
    tls: z.boolean().default(false).meta({ description: "Speak TLS to Redis." }),
    ca: caFile,
    databases: redisDatabases
      .prefault({})
      .meta({ description: "Numbers of the data bases. Sessions are always in 0." }),
    idleTimeout: durationSchema.default("30s").meta({ description: "When an idle connection is closed." }),
  })
  .meta({ description: "A Redis that exists already: one address, or Sentinels. No Redis Cluster." });

const managedRedis = z
  .strictObject({
    kind: z.literal("managed"),
    size: serviceSize.meta({
      description: "Class of the instance, as the cloud names it. Absent: redis.shard.small.ce, cache.t4g.small.",
    }),
    ca: lineSchema.optional().meta({
      description:
        "Path of the PEM file with the cloud's CA, beside the environment file. Needed on Alibaba Cloud; AWS has a public CA.",
    }),
  })
  .meta({ description: "The Redis of the site's cloud, in two zones and over TLS; it goes with the machines." });

/** Where Harbor keeps sessions, queued jobs and caches. */
export const redisSchema = z.discriminatedUnion("kind", [ownRedis, managedRedis, givenRedis]);

/** Connections to PostgreSQL that each program of each node keeps; core and jobservice both open as many. */
export const connectionsSchema = z.strictObject({
  open: z
    .int()
    .min(5)
    .max(5000)
    .default(50)
    .meta({ description: "Most connections of one program. Each node has two: core and jobservice." }),
  idle: z.int().min(1).max(5000).default(10).meta({ description: "Connections that are kept while nothing asks." }),
  lifetime: durationSchema.default("5m").meta({ description: "Age at which a connection is replaced." }),
  idleTime: durationSchema
    .optional()
    .meta({ description: "How long a connection may be idle before it is closed. Absent: as long as it lives." }),
});

export type HarborDatabase = z.output<typeof databaseSchema>;
export type OwnDatabase = z.output<typeof ownDatabase>;
export type ManagedDatabase = z.output<typeof managedDatabase>;
export type GivenDatabase = z.output<typeof givenDatabase>;
export type HarborRedis = z.output<typeof redisSchema>;
export type OwnRedis = z.output<typeof ownRedis>;
export type ManagedRedis = z.output<typeof managedRedis>;
export type GivenRedis = z.output<typeof givenRedis>;
export type HarborConnections = z.output<typeof connectionsSchema>;
