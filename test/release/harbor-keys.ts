import * as z from "zod";
import type { HarborVersion } from "../../spec/engine.js";

/** Keys that Harbor's `prepare` reads, from its template and parser (make/harbor.yml.tmpl, make/photon/prepare/utils/configs.py). */

const text = z.string().min(1);
const port = z.int().min(1).max(65535);
/** Harbor drops a 0 without a word. */
const positive = z.int().min(1);
const path = z.string().startsWith("/");
const hours = z.string().regex(/^([2-9]|[1-9][0-9]+)h$/);

const s3 = z.strictObject({
  region: text,
  bucket: text,
  regionendpoint: text.optional(),
  accesskey: text.optional(),
  secretkey: text.optional(),
  secure: z.boolean(),
  v4auth: z.boolean(),
  encrypt: z.boolean(),
  keyid: text.optional(),
  chunksize: z.int().min(5 * 1024 ** 2),
  rootdirectory: text.optional(),
  storageclass: z.enum(["STANDARD", "REDUCED_REDUNDANCY", "NONE"]),
  objectacl: z.literal("bucket-owner-full-control").optional(),
});

const oss = z.strictObject({
  accesskeyid: text,
  accesskeysecret: text,
  region: z.string().startsWith("oss-"),
  bucket: text,
  endpoint: text.optional(),
  internal: z.boolean(),
  encrypt: z.boolean(),
  secure: z.boolean(),
  chunksize: z.int().min(5 * 1024 ** 2),
  rootdirectory: path.optional(),
});

const azure = z.strictObject({ accountname: text, accountkey: text, container: text, realm: text });

const swift = z.strictObject({
  authurl: text,
  username: text,
  password: text,
  container: text,
  region: text.optional(),
  tenant: text.optional(),
  domain: text.optional(),
  endpointtype: z.enum(["public", "internal", "admin"]),
  chunksize: z.int().min(1024 ** 2),
  prefix: text.optional(),
});

const storage = z
  .strictObject({
    ca_bundle: path.optional(),
    s3: s3.optional(),
    oss: oss.optional(),
    azure: azure.optional(),
    swift: swift.optional(),
    filesystem: z.strictObject({ maxthreads: positive.min(25) }).optional(),
    redirect: z.strictObject({ disable: z.boolean() }),
  })
  .refine(({ ca_bundle: _, redirect: __, ...drivers }) => Object.keys(drivers).length === 1, {
    error: "exactly one driver is needed; Harbor takes the first it likes, or the node's disk",
  });

const trace = z
  .strictObject({
    enabled: z.literal(true),
    sample_rate: z.number().min(0).max(1),
    namespace: text.optional(),
    attributes: z.record(text, text).optional(),
    jaeger: z
      .strictObject({
        endpoint: text.optional(),
        username: text.optional(),
        password: text.optional(),
        agent_host: text.optional(),
        agent_port: port.optional(),
      })
      .refine(({ endpoint, agent_host }) => (endpoint === undefined) !== (agent_host === undefined))
      .optional(),
    otel: z
      .strictObject({
        endpoint: text,
        url_path: path,
        compression: z.boolean(),
        insecure: z.boolean(),
        timeout: positive,
      })
      .optional(),
  })
  .refine(({ jaeger, otel }) => (jaeger === undefined) !== (otel === undefined));

const trivyFields = {
  ignore_unfixed: z.boolean(),
  skip_update: z.boolean(),
  skip_java_db_update: z.boolean(),
  offline_scan: z.boolean(),
  security_check: z.string().regex(/^(vuln|config|secret)(,(vuln|config|secret))*$/),
  insecure: z.boolean(),
  timeout: z.string().regex(/^[0-9]+(ms|s|m|h)$/),
  github_token: text.optional(),
};
const olderTrivy = z.strictObject(trivyFields);
const newestTrivy = z.strictObject({ ...trivyFields, db_repository: text, java_db_repository: text });

const common = {
  hostname: text.refine((name) => name !== "127.0.0.1" && name !== "reg.mydomain.com"),
  external_url: z.url(),
  http: z.strictObject({ port }),
  https: z.strictObject({ port, certificate: path, private_key: path, strong_ssl_ciphers: z.boolean() }).optional(),
  ip_family: z
    .strictObject({ ipv4: z.strictObject({ enabled: z.boolean() }), ipv6: z.strictObject({ enabled: z.boolean() }) })
    .optional(),
  internal_tls: z.strictObject({ enabled: z.literal(true), dir: path, strong_ssl_ciphers: z.boolean() }).optional(),
  harbor_admin_password: z.string().regex(/^[A-Za-z0-9_-]{8,128}$/),
  data_volume: path,
  storage_service: storage,
  external_database: z.strictObject({
    harbor: z.strictObject({
      host: text,
      port,
      db_name: text,
      username: text,
      password: z.string().regex(/^[A-Za-z0-9_-]+$/),
      ssl_mode: z.enum(["disable", "require", "verify-ca", "verify-full"]),
      max_idle_conns: positive,
      max_open_conns: positive,
      conn_max_lifetime: text,
      conn_max_idle_time: text.optional(),
    }),
  }),
  external_redis: z.strictObject({
    host: z.string().regex(/^[^,:]+:[0-9]+(,[^,:]+:[0-9]+)*$/),
    sentinel_master_set: text.optional(),
    username: text.optional(),
    password: z
      .string()
      .regex(/^[A-Za-z0-9_-]+$/)
      .optional(),
    tlsOptions: z.strictObject({ enable: z.literal(true), rootCA: path.nullable() }).optional(),
    registry_db_index: positive,
    jobservice_db_index: positive,
    trivy_db_index: positive,
    harbor_db_index: positive.optional(),
    cache_layer_db_index: positive.optional(),
    idle_timeout_seconds: positive,
  }),
  jobservice: z.strictObject({
    max_job_workers: positive,
    max_job_duration_hours: z.int().min(24),
    logger_sweeper_duration: positive,
    job_loggers: z.array(z.enum(["STD_OUTPUT", "FILE", "DB"])).min(1),
  }),
  notification: z.strictObject({
    webhook_job_max_retry: z.int().min(0),
    webhook_job_http_client_timeout: positive,
  }),
  log: z.strictObject({
    level: z.enum(["debug", "info", "warning", "error", "fatal"]),
    local: z.strictObject({ rotate_count: positive, rotate_size: z.string().regex(/^[0-9]+M$/), location: path }),
    external_endpoint: z.strictObject({ protocol: z.enum(["tcp", "udp"]), host: text, port }).optional(),
  }),
  uaa: z.strictObject({ ca_file: path }).optional(),
  proxy: z
    .strictObject({
      http_proxy: text.optional(),
      https_proxy: text.optional(),
      no_proxy: text.optional(),
      components: z.array(z.enum(["core", "jobservice", "trivy"])),
    })
    .optional(),
  metric: z.strictObject({ enabled: z.literal(true), port, path }).optional(),
  trace: trace.optional(),
  upload_purging: z.strictObject({ enabled: z.boolean(), age: hours, interval: hours, dryrun: z.boolean() }),
  cache: z.strictObject({ enabled: z.boolean(), expire_hours: positive }),
  core: z.strictObject({ quota_update_provider: z.enum(["db", "redis"]) }),
};

/** What harbor.yml may hold, by version: nothing that its Harbor would pass over. */
export const harborKeys: Readonly<Record<HarborVersion, z.ZodType<HarborKeys>>> = {
  "2.15": z.strictObject({ _version: z.literal("2.15.0"), ...common, trivy: newestTrivy.optional() }),
  "2.14": z.strictObject({ _version: z.literal("2.14.0"), ...common, trivy: olderTrivy.optional() }),
  "2.13": z.strictObject({ _version: z.literal("2.13.0"), ...common, trivy: olderTrivy.optional() }),
};

const anyVersion = z.strictObject({
  _version: z.string(),
  ...common,
  trivy: z.union([olderTrivy, newestTrivy]).optional(),
});
export type HarborKeys = z.output<typeof anyVersion>;
