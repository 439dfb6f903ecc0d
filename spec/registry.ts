import * as z from "zod";
import { durationSchema } from "./duration.js";
import { ENGINE_VERSIONS, newestOf } from "./engine.js";
import { hostnameSchema, hostPortSchema, lineSchema, portSchema } from "./names.js";
import { sizeSchema } from "./size.js";
import { storageSchema } from "./storage.js";
import { urlSchema } from "./url.js";

/** A name of an account: it stands in a line of a password file, before a colon. */
const userSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/, {
  error: "a user name starts with a letter or digit and holds up to 64 of A-Z, a-z, 0-9, '.', '_', '@' and '-'",
});

const mirrorSchema = z
  .strictObject({
    upstream: urlSchema.meta({ description: "Registry that is mirrored; the root of its domain." }),
    username: lineSchema
      .optional()
      .meta({ description: "Account at the upstream; its password is the secret mirror-password." }),
    ttl: durationSchema.default("168h").meta({ description: "How long a copy is kept after it was last fetched." }),
  })
  .meta({
    description: "Makes this registry a read-only, pull-through mirror of another. Nothing can be pushed to it.",
  });

const redisSchema = z
  .strictObject({
    kind: z.literal("redis"),
    addresses: z
      .array(hostPortSchema)
      .min(1)
      .meta({ description: "The Redis server, or all Sentinels when sentinelMaster is given; host:port." }),
    sentinelMaster: nameOfMaster().optional(),
    database: z.int().min(0).max(15).default(0).meta({ description: "Number of the data base." }),
    username: lineSchema.optional().meta({ description: "ACL user; the password is the secret redis-password." }),
    password: z.boolean().default(false).meta({ description: "Whether Redis asks for the secret redis-password." }),
    tls: z.boolean().default(false).meta({ description: "Speak TLS to Redis." }),
  })
  .meta({ description: "Keep descriptors of blobs in Redis, shared by all nodes." });

function nameOfMaster() {
  return z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,64}$/, { error: "a name of letters, digits, '.', '_' and '-'" })
    .meta({ description: "Name of the master that the Sentinels watch." });
}

const cacheSchema = z.discriminatedUnion("kind", [
  z
    .strictObject({
      kind: z.literal("memory"),
      entries: z.int().min(0).max(10_000_000).default(10_000).meta({ description: "Descriptors kept on each node." }),
    })
    .meta({ description: "Keep descriptors in each node's memory." }),
  redisSchema,
  z.strictObject({ kind: z.literal("none") }).meta({ description: "Ask the storage each time." }),
]);

const authenticationSchema = z.discriminatedUnion("kind", [
  z
    .strictObject({
      kind: z.literal("htpasswd"),
      realm: lineSchema
        .default("harborwright")
        .meta({ description: "What a client shows when it asks for a password." }),
      users: z.array(userSchema).min(1).default(["operator"]).meta({
        description:
          "Accounts. Each may push, pull and delete everything. Passwords are made at random and kept in the secret store.",
      }),
    })
    .meta({ description: "Names and passwords, checked by the registry itself." }),
  z
    .strictObject({
      kind: z.literal("token"),
      realm: urlSchema.meta({ description: "URL of the token server." }),
      service: lineSchema.meta({ description: "Name of this registry at the token server." }),
      issuer: lineSchema.meta({ description: "Issuer that tokens must name." }),
      rootCertificates: lineSchema.meta({
        description: "Path of the PEM file that verifies tokens, beside the environment file.",
      }),
    })
    .meta({ description: "Tokens of a token server, for rights per repository." }),
  z
    .strictObject({ kind: z.literal("none") })
    .meta({ description: "Nobody is asked. Only for a mirror of something public, or with client certificates." }),
]);

const clientCertificatesSchema = z.strictObject({
  ca: lineSchema.meta({
    description: "Path of the PEM file with the CAs of the clients, beside the environment file.",
  }),
});

const limitsSchema = z.strictObject({
  pushesPerSecond: z
    .int()
    .min(1)
    .max(10_000)
    .default(20)
    .meta({ description: "New layers that one client address may begin each second." }),
  burst: z
    .int()
    .min(0)
    .max(100_000)
    .default(200)
    .meta({ description: "How many may be waiting beyond that before the answer is 429." }),
  connectionsPerClient: z
    .int()
    .min(1)
    .max(100_000)
    .default(256)
    .meta({ description: "Connections one client address may have open." }),
});

const notificationSchema = z.strictObject({
  name: userSchema.meta({
    description: "Name of the receiver; its secret Authorization header is notification-<name>.",
  }),
  url: urlSchema.meta({ description: "Where events are sent with POST." }),
  authorization: z
    .boolean()
    .default(false)
    .meta({ description: "Send the secret notification-<name> as the Authorization header." }),
  timeout: durationSchema.default("1s").meta({ description: "How long one delivery may take." }),
  threshold: z.int().min(1).max(1000).default(5).meta({ description: "Failures before the sender backs off." }),
  backoff: durationSchema.default("10s").meta({ description: "Pause after that many failures." }),
  ignoreActions: z
    .array(z.enum(["pull", "push", "mount", "delete"]))
    .default([])
    .meta({ description: "Actions that send no event." }),
  ignoreMediaTypes: z
    .array(z.string().regex(/^[a-z0-9][a-z0-9.+/-]*$/, { error: "a media type: application/octet-stream" }))
    .default([])
    .meta({ description: "Media types that send no event." }),
});

const registryFields = z.strictObject({
  engine: z
    .enum(["distribution", "harbor"])
    .default("distribution")
    .meta({ description: "The registry software: CNCF Distribution, or Harbor with what the block harbor says." }),
  version: z
    .enum([...ENGINE_VERSIONS.distribution, ...ENGINE_VERSIONS.harbor])
    .optional()
    .meta({
      description:
        "Its version: 3.1 or 2.8 of Distribution, 2.15, 2.14 or 2.13 of Harbor. Absent: the newest. 2.8 gets no fixes any more and is there for what needs the oss driver.",
    }),
  hostname: hostnameSchema.meta({
    description: "Name under which clients reach the registry; certificates are made for it.",
  }),
  storage: storageSchema
    .default({ kind: "managed", prefix: "/registry" })
    .meta({ description: "Where image layers are kept." }),
  redirect: z
    .boolean()
    .default(false)
    .meta({ description: "Send clients to the storage for layers. They must be able to reach its endpoint." }),
  delete: z.boolean().default(true).meta({ description: "Whether images can be deleted." }),
  readOnly: z.boolean().default(false).meta({ description: "Refuse every push and delete." }),
  mirror: mirrorSchema.optional(),
  cache: cacheSchema
    .default({ kind: "memory", entries: 10_000 })
    .meta({ description: "Where descriptors of blobs are remembered." }),
  authentication: authenticationSchema
    .default({ kind: "htpasswd", realm: "harborwright", users: ["operator"] })
    .meta({ description: "Who may come in." }),
  clientCertificates: clientCertificatesSchema
    .optional()
    .meta({ description: "Ask every client for a certificate of these CAs (mTLS)." }),
  uploads: z
    .strictObject({
      maxLayerSize: sizeSchema.optional().meta({ description: "Largest request body. Absent: no limit." }),
      purgeAfter: durationSchema.default("168h").meta({ description: "Age at which an abandoned upload is removed." }),
      purgeEvery: durationSchema.default("24h").meta({ description: "How often abandoned uploads are looked for." }),
    })
    .prefault({})
    .meta({ description: "Limits of uploads, and the cleaning up of those that were never finished." }),
  limits: limitsSchema.prefault({}).meta({ description: "What one client may do." }),
  notifications: z
    .array(notificationSchema)
    .default([])
    .meta({ description: "Receivers of events: pushes, pulls, deletes." }),
  log: z
    .strictObject({
      level: z
        .enum(["error", "warn", "info", "debug"])
        .default("info")
        .meta({ description: "The least important line that is written." }),
      format: z
        .enum(["json", "text", "logstash"])
        .default("json")
        .meta({ description: "Format of the registry's own log." }),
      requests: z
        .boolean()
        .default(true)
        .meta({ description: "Write a line for each request that comes through the front." }),
    })
    .prefault({})
    .meta({ description: "What is written to the log." }),
  metrics: z
    .strictObject({
      enabled: z.boolean().default(true).meta({ description: "Serve Prometheus metrics." }),
      listen: z
        .enum(["loopback", "private"])
        .default("loopback")
        .meta({ description: "Who may read them: the host itself, or the nodes' network." }),
    })
    .prefault({})
    .meta({ description: "Metrics for Prometheus. The same port serves profiles, so it is never public." }),
  health: z
    .strictObject({
      interval: durationSchema
        .default("2s")
        .meta({ description: "How often each node asks the storage; one listing each time." }),
      threshold: z
        .int()
        .min(1)
        .max(100)
        .default(3)
        .meta({ description: "Failures in a row before the node answers 503." }),
    })
    .prefault({})
    .meta({ description: "How a node finds out that its storage is gone." }),
  drain: durationSchema
    .default("60s")
    .meta({ description: "How long a stopping registry waits for requests under way." }),
  validation: z
    .strictObject({
      allowUrls: z
        .array(lineSchema)
        .default([])
        .meta({ description: "Regular expressions of URLs that foreign layers may name." }),
      denyUrls: z
        .array(lineSchema)
        .default([])
        .meta({ description: "Regular expressions of URLs that foreign layers may not name." }),
      indexPlatforms: z
        .enum(["all", "none"])
        .default("all")
        .meta({ description: "Whether all images of an index must be there when it is pushed. 2.8 never looks." }),
    })
    .prefault({})
    .meta({ description: "Which manifests are accepted." }),
  catalogEntries: z
    .int()
    .min(1)
    .max(100_000)
    .default(1000)
    .meta({ description: "Most repositories in one answer of the catalogue." }),
  ports: z
    .strictObject({
      https: portSchema.default(443).meta({ description: "Port of the front, where clients come in." }),
      registry: portSchema.default(5000).meta({ description: "Port of the registry between the nodes." }),
      metrics: portSchema.default(5001).meta({ description: "Port of metrics and profiles." }),
      status: portSchema
        .default(8081)
        .meta({ description: "Port of the front's own health and status; plain HTTP, loopback and private address." }),
    })
    .prefault({})
    .meta({ description: "Ports on each node." }),
});

/** The registry that an environment describes. Which version is the newest depends on its engine. */
export const registrySchema = registryFields.transform((registry) => ({
  ...registry,
  version: registry.version ?? newestOf(registry.engine),
}));
export type Registry = z.output<typeof registrySchema>;
export type Notification = z.output<typeof notificationSchema>;
export type RedisCache = z.output<typeof redisSchema>;
