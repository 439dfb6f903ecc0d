import * as z from "zod";
import { durationSchema } from "../duration.js";
import { addressSchema, lineSchema, portSchema } from "../names.js";
import { sizeSchema } from "../size.js";
import { urlSchema } from "../url.js";
import { harborReleaseSchema } from "./release.js";
import { connectionsSchema, databaseSchema, redisSchema } from "./services.js";
import { harborSettingsSchema } from "./settings/settings.js";
import { traceSchema } from "./trace.js";

const pemFile = (whose: string) =>
  lineSchema.optional().meta({ description: `Path of the PEM file with ${whose}, beside the environment file.` });

const pathOnHost = z.string().regex(/^(\/[A-Za-z0-9._-]+)+$/, {
  error: "an absolute path of letters, digits, '.', '_' and '-': /data",
});

const nginxSchema = z.strictObject({
  tls: z.boolean().default(false).meta({
    description:
      "Encrypt the way from the fronts to Harbor's own nginx on each node (registry.ports.registry), with the site's certificate.",
  }),
  strongCiphers: z.boolean().default(false).meta({ description: "Offer the short list of strong ciphers only." }),
  redirectPort: portSchema
    .default(8080)
    .meta({ description: "Port of plain HTTP that Harbor opens beside TLS; it leads to HTTPS." }),
  ipv6: z.boolean().default(false).meta({ description: "Listen on IPv6 as well." }),
});

const internalTlsSchema = z.strictObject({
  enabled: z.boolean().default(false).meta({
    description: "Speak TLS between the containers of a node, with certificates of harborwright's own CA.",
  }),
  strongCiphers: z.boolean().default(false).meta({ description: "Offer the short list of strong ciphers only." }),
});

/** An image that Trivy fetches its data base from. */
const imageSchema = z.string().regex(/^[a-z0-9.-]+(:[0-9]{1,5})?(\/[a-z0-9._-]+)+$/, {
  error: "a repository without a tag: ghcr.io/aquasecurity/trivy-db",
});

const trivySchema = z.strictObject({
  enabled: z.boolean().default(true).meta({ description: "Run Trivy on each node, so that images can be scanned." }),
  ignoreUnfixed: z.boolean().default(false).meta({ description: "Leave out what has no fix yet." }),
  skipUpdate: z.boolean().default(false).meta({ description: "Do not fetch the data base; it is put there by hand." }),
  skipJavaUpdate: z.boolean().default(false).meta({ description: "The same for the data base of Java's packages." }),
  offline: z.boolean().default(false).meta({ description: "Ask nobody on the Internet while scanning." }),
  databaseRepository: imageSchema
    .default("ghcr.io/aquasecurity/trivy-db")
    .meta({ description: "Where the data base comes from. Read by 2.15." }),
  javaDatabaseRepository: imageSchema
    .default("ghcr.io/aquasecurity/trivy-java-db")
    .meta({ description: "Where the data base of Java's packages comes from. Read by 2.15." }),
  checks: z
    .array(z.enum(["vuln", "config", "secret"]))
    .min(1)
    .default(["vuln"])
    .meta({ description: "What is looked for." }),
  insecure: z.boolean().default(false).meta({ description: "Do not verify the registry's certificate." }),
  timeout: durationSchema.default("5m").meta({ description: "How long one scan may take." }),
  githubToken: z.boolean().default(false).meta({
    description: "Send the secret harbor/github-token to GitHub, which limits anonymous downloads.",
  }),
});

const jobsSchema = z.strictObject({
  workers: z.int().min(1).max(1000).default(10).meta({ description: "Jobs that run at once on each node." }),
  maxDuration: durationSchema.default("24h").meta({ description: "How long one job may run; 24h at the least." }),
  loggers: z
    .array(z.enum(["STD_OUTPUT", "FILE", "DB"]))
    .min(1)
    .default(["STD_OUTPUT", "DB"])
    .meta({ description: "Where logs of jobs go. Only DB can be read through any node." }),
  keepLogs: durationSchema.default("14d").meta({ description: "Age at which a log of a job is removed." }),
  webhookRetries: z.int().min(0).max(100).default(3).meta({ description: "How often a webhook is tried again." }),
  webhookTimeout: durationSchema.default("3s").meta({ description: "How long a webhook's receiver may take." }),
});

const proxySchema = z.strictObject({
  http: urlSchema.optional().meta({ description: "Proxy for http." }),
  https: urlSchema.optional().meta({ description: "Proxy for https; most speak http themselves." }),
  except: z
    .array(z.string().regex(/^[A-Za-z0-9.:/*_-]{1,253}$/, { error: "a name, a domain (.example.com) or a block" }))
    .default([])
    .meta({ description: "Names, domains and blocks that are asked without it. Harbor's own are added by itself." }),
  components: z
    .array(z.enum(["core", "jobservice", "trivy"]))
    .default(["core", "jobservice", "trivy"])
    .meta({ description: "Programs that use it." }),
});

const logSchema = z.strictObject({
  directory: pathOnHost.default("/var/log/harbor").meta({ description: "Folder of the logs on each node." }),
  files: z.int().min(1).max(1000).default(50).meta({ description: "Files that are kept of each log." }),
  fileSize: sizeSchema.default("200MiB").meta({ description: "Size at which a new file is begun." }),
  forward: z
    .strictObject({
      protocol: z.enum(["tcp", "udp"]).default("tcp").meta({ description: "How syslog is spoken." }),
      host: addressSchema.meta({ description: "Host that takes the logs." }),
      port: portSchema.default(514).meta({ description: "Its port." }),
    })
    .optional()
    .meta({ description: "Send the logs of all programs to a syslog server. The nodes keep none then." }),
});

/** What Harbor itself needs to be told: its programs, its data base, its Redis. */
export const harborSchema = z.strictObject({
  release: harborReleaseSchema
    .prefault({})
    .meta({ description: "Where Harbor's release, with all its images, comes from." }),
  externalUrl: urlSchema.optional().meta({
    description: "URL under which clients come in. Absent: https, registry.hostname and registry.ports.https.",
  }),
  dataVolume: pathOnHost
    .default("/data")
    .meta({ description: "Folder of Harbor's files on each node; images lie elsewhere, unless they are on NFS." }),
  database: databaseSchema.prefault({ kind: "own" }).meta({ description: "Harbor's PostgreSQL." }),
  connections: connectionsSchema.prefault({}).meta({ description: "Connections of each program to PostgreSQL." }),
  redis: redisSchema.prefault({ kind: "own" }).meta({ description: "Harbor's Redis." }),
  nginx: nginxSchema.prefault({}).meta({ description: "Harbor's own nginx on each node, behind the fronts." }),
  internalTls: internalTlsSchema.prefault({}).meta({ description: "TLS between the programs of a node." }),
  trivy: trivySchema.prefault({}).meta({ description: "The scanner." }),
  jobs: jobsSchema.prefault({}).meta({ description: "Jobs: replication, scans, garbage collection, webhooks." }),
  cache: z
    .strictObject({
      enabled: z.boolean().default(false).meta({ description: "Keep projects and artifacts in Redis for a while." }),
      expire: durationSchema.default("24h").meta({ description: "How long; whole hours." }),
    })
    .prefault({})
    .meta({ description: "Harbor's cache layer, for many pulls at once." }),
  quotaProvider: z.enum(["db", "redis"]).default("db").meta({ description: "Where usage of quotas is counted." }),
  uploadPurging: z
    .strictObject({
      enabled: z.boolean().default(true).meta({ description: "Remove uploads that nobody finished, on one node." }),
      dryRun: z.boolean().default(false).meta({ description: "Only write to the log what would be removed." }),
    })
    .prefault({})
    .meta({ description: "Cleaning up as registry.uploads says." }),
  metricsPath: z
    .string()
    .regex(/^(\/[A-Za-z0-9._-]+)+$/, { error: "a path: /metrics" })
    .default("/metrics")
    .meta({ description: "Path of the metrics; their port is registry.ports.metrics." }),
  trace: traceSchema.optional().meta({ description: "Send traces to Jaeger or to an OpenTelemetry collector." }),
  log: logSchema.prefault({}).meta({ description: "Logs of Harbor's programs; their level is registry.log.level." }),
  proxy: proxySchema.optional().meta({ description: "Proxy through which Harbor reaches other registries." }),
  trust: z
    .strictObject({
      storage: pemFile("the CA of the storage"),
      uaa: pemFile("the CA of a UAA server that users come from"),
    })
    .prefault({})
    .meta({ description: "CAs of one's own that Harbor trusts." }),
  settings: harborSettingsSchema
    .prefault({})
    .meta({ description: "What is set inside of Harbor: projects, rights, robots, replication, retention, scans." }),
});

/** What an environment says of Harbor, with all defaults filled in. */
export type Harbor = z.output<typeof harborSchema>;
export type HarborTrivy = Harbor["trivy"];
export type HarborJobs = Harbor["jobs"];
export type HarborProxy = NonNullable<Harbor["proxy"]>;
export type HarborLog = Harbor["log"];

/** What an environment says of Harbor, and defaults where its file says nothing. */
export function harborOf({ harbor }: { readonly harbor?: Harbor | undefined }): Harbor {
  return harbor ?? harborSchema.parse({});
}
