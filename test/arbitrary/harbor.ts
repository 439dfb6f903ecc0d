import fc from "fast-check";
import type { EnvironmentFile } from "../../spec/environment.js";
import type { RegistryFile } from "./registry.js";
import type { Setting, StorageFile } from "./storage.js";
import { hostileText } from "./text.js";

export type HarborFile = NonNullable<EnvironmentFile["harbor"]>;
type Part<Name extends keyof HarborFile> = NonNullable<HarborFile[Name]>;

const plainNames = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_-]{5,20}$/);
const rarely = { requiredKeys: [] };

/** Harbor's registry where it runs in this setting; the rest of the registry's settings Harbor does not read. */
export function harborRegistries(setting: Setting): fc.Arbitrary<Partial<RegistryFile>> {
  return fc
    .record({
      storage: storages(setting),
      redirect: fc.boolean(),
      version: fc.constantFrom("2.15" as const, "2.14" as const, "2.13" as const),
      uploads: fc.record(
        { purgeAfter: fc.constantFrom("2h", "168h", "7d"), purgeEvery: fc.constantFrom("120m", "24h") },
        rarely,
      ),
    })
    .map(({ redirect, storage, ...rest }) => ({ ...rest, storage, redirect: redirect && mayRedirect(storage) }));
}

/** What an environment may say of Harbor in this setting. */
export function harborBlocks(setting: Setting, version: RegistryFile["version"]): fc.Arbitrary<HarborFile> {
  return fc
    .record(
      {
        services: services(setting),
        nginx: fc.constantFrom<Part<"nginx">>({}, { ipv6: true }, { tls: true, strongCiphers: true }, { tls: true }),
        trivy: trivies(version),
        jobs: jobs(setting),
        cache: fc.record({ enabled: fc.boolean(), expire: fc.constantFrom("1h", "24h", "2d") }, rarely),
        uploadPurging: fc.record({ enabled: fc.boolean(), dryRun: fc.boolean() }, rarely),
        metricsPath: fc.constantFrom("/metrics", "/harbor/metrics"),
        trace: traces(),
        log: logs(),
        proxy: proxies(),
        trust: fc.record({ storage: hostileText(), uaa: hostileText() }, rarely),
      },
      { requiredKeys: ["services"] },
    )
    .map(({ services: both, ...rest }) => ({ ...both, ...rest }))
    .chain((block) => connections(setting, block).map((found) => ({ ...block, connections: found })))
    .chain((block) =>
      fc.constantFrom<HarborFile>(
        block,
        { ...block, dataVolume: "/srv/harbor" },
        { ...block, internalTls: { enabled: true, strongCiphers: block.nginx?.strongCiphers ?? false } },
      ),
    );
}

function storages({ provider, nodes }: Setting): fc.Arbitrary<StorageFile> {
  const bucket = "images";
  const nfs = { server: "10.20.0.5", path: "/export/registry" };
  const found: StorageFile[] = [
    { kind: "s3", bucket, region: "eu-central-1" },
    { kind: "s3", bucket, region: "eu-south-1", storageClass: "REDUCED_REDUNDANCY", encrypt: true },
    { kind: "s3", bucket, region: "garage", endpoint: "http://10.9.8.7:9000", forcePathStyle: true },
    { kind: "oss", bucket, region: "oss-cn-hangzhou", internal: false },
    { kind: "oss", bucket, region: "oss-cn-hangzhou" },
    { kind: "azure", account: "example", container: bucket },
    { kind: "swift", authUrl: "https://keystone.example.com/v3", container: bucket, username: "registry" },
    { kind: "filesystem", nfs },
    ...(nodes === 1 ? [{ kind: "filesystem" as const }] : []),
    ...(provider === "hosts" || provider === "aws" ? [] : [{ kind: "managed" as const, prefix: "/images" }]),
  ];
  return fc.constantFrom(...found);
}

function mayRedirect(storage: StorageFile): boolean {
  if (storage.kind === "oss") return storage.internal === false;
  return storage.kind === "s3" || storage.kind === "azure" || storage.kind === "swift";
}

/** Both on the nodes, or each of the cloud or elsewhere. */
function services({ nodes, provider }: Setting): fc.Arbitrary<{ database: Part<"database">; redis: Part<"redis"> }> {
  const hasCloud = (provider === "alicloud" || provider === "aws") && nodes > 1;
  const given = fc.record({
    database: hasCloud ? fc.oneof(givenDatabases(), managedDatabases()) : givenDatabases(),
    redis: hasCloud ? fc.oneof(givenRedises(), managedRedises()) : givenRedises(),
  });
  const own = fc.record({
    database: fc.constantFrom<Part<"database">>({ kind: "own" }, { kind: "own", maxConnections: 1000 }),
    redis: fc.constantFrom<Part<"redis">>({ kind: "own" }, { kind: "own", memory: "1GiB" }),
  });
  return nodes < 3 ? given : fc.oneof(own, given);
}

function managedDatabases(): fc.Arbitrary<Part<"database">> {
  return fc.record(
    {
      kind: fc.constant("managed" as const),
      version: fc.constantFrom(14, 17),
      storage: fc.constantFrom("20GiB", "1TiB"),
      maxConnections: fc.constantFrom(400, 1000),
      ca: hostileText(),
    },
    { requiredKeys: ["kind"] },
  );
}

/** Tair's certificate is of a CA that has to be named. */
function managedRedises(): fc.Arbitrary<Part<"redis">> {
  return hostileText().map((ca) => ({ kind: "managed", ca }));
}

function givenDatabases(): fc.Arbitrary<Part<"database">> {
  return fc.record(
    {
      kind: fc.constant("given" as const),
      host: fc.constantFrom("postgresql.example.com", "10.20.0.40", "fd00::40"),
      port: fc.constantFrom(5432, 6432),
      name: plainNames,
      user: plainNames,
      ca: hostileText(),
    },
    { requiredKeys: ["kind", "host"] },
  );
}

function givenRedises(): fc.Arbitrary<Part<"redis">> {
  const rest = {
    kind: fc.constant("given" as const),
    user: plainNames,
    idleTimeout: fc.constantFrom("1s", "5m"),
    databases: fc.constantFrom({}, { harbor: 6, cacheLayer: 7 }, { registry: 11, jobs: 12, trivy: 13 }),
  };
  const needed = { requiredKeys: ["kind" as const, "addresses" as const] };
  const one = fc.record({ ...rest, addresses: fc.constant<string[]>(["10.20.0.30:6379"]) }, needed);
  const overTls = fc
    .tuple(fc.record({ ...rest, addresses: fc.constant<string[]>(["redis.example.com:6380"]) }, needed), hostileText())
    .map(([redis, ca]) => ({ ...redis, tls: true, ca }));
  const sentinels = fc
    .record({ ...rest, addresses: fc.constant<string[]>(["10.20.0.31:26379", "10.20.0.32:26379"]) }, needed)
    .map((redis) => ({ ...redis, sentinelMaster: "harbor" }));
  return fc.oneof(one, overTls, sentinels);
}

/** As many as the data base lets in, or few. */
function connections({ nodes }: Setting, { database }: HarborFile): fc.Arbitrary<Part<"connections">> {
  const isCounted = database?.kind === "own" || database?.kind === "managed";
  const allowed = isCounted ? ((database.maxConnections ?? 400) - 20) / (2 * nodes) : 5000;
  return fc.constantFrom(
    { open: Math.floor(allowed), idle: 5 },
    { open: 10, idle: 10, lifetime: "90s", idleTime: "1m" },
    { open: 20, lifetime: "1h" },
  );
}

function trivies(version: RegistryFile["version"]): fc.Arbitrary<Part<"trivy">> {
  const model = {
    enabled: fc.boolean(),
    ignoreUnfixed: fc.boolean(),
    skipUpdate: fc.boolean(),
    skipJavaUpdate: fc.boolean(),
    offline: fc.boolean(),
    checks: fc.subarray(["vuln" as const, "config" as const, "secret" as const], { minLength: 1 }),
    insecure: fc.boolean(),
    timeout: fc.constantFrom("5m", "90s"),
    githubToken: fc.boolean(),
  };
  if (version !== "2.15") return fc.record(model, rarely);
  const repository = fc.constantFrom("harbor.example.com:8443/trivy/db", "ghcr.io/aquasecurity/trivy-db");
  return fc.record({ ...model, databaseRepository: repository, javaDatabaseRepository: repository }, rarely);
}

function jobs({ nodes }: Setting): fc.Arbitrary<Part<"jobs">> {
  const loggers = nodes === 1 ? (["STD_OUTPUT", "FILE", "DB"] as const) : (["STD_OUTPUT", "DB"] as const);
  return fc.record(
    {
      workers: fc.integer({ min: 1, max: 1000 }),
      maxDuration: fc.constantFrom("24h", "3d"),
      loggers: fc.subarray([...loggers], { minLength: 1 }),
      keepLogs: fc.constantFrom("24h", "30d"),
      webhookRetries: fc.integer({ min: 0, max: 100 }),
      webhookTimeout: fc.constantFrom("1s", "1m"),
    },
    rarely,
  );
}

function traces(): fc.Arbitrary<Part<"trace">> {
  const to = fc.constantFrom<Pick<Part<"trace">, "jaeger" | "otel">>(
    { jaeger: { endpoint: "http://jaeger.internal:14268/api/traces" } },
    { jaeger: { endpoint: "https://jaeger.example.com/api/traces", user: "harbor" } },
    { jaeger: { agentHost: "10.20.0.50", agentPort: 6832 } },
    { otel: { endpoint: "otel.internal:4318" } },
    { otel: { endpoint: "otel.internal:4318", compression: true, insecure: false, timeout: "2s" } },
  );
  return fc
    .tuple(to, fc.constantFrom(0, 0.25, 1), fc.dictionary(plainNames, plainNames, { maxKeys: 3 }))
    .map(([exporter, sampleRate, attributes]) => ({ ...exporter, sampleRate, attributes, namespace: "registry" }));
}

function logs(): fc.Arbitrary<Part<"log">> {
  return fc.record(
    {
      directory: fc.constantFrom("/var/log/harbor", "/srv/logs/harbor"),
      files: fc.integer({ min: 1, max: 1000 }),
      fileSize: fc.constantFrom("200MiB", "1GiB"),
      forward: fc.record(
        { protocol: fc.constantFrom("tcp" as const, "udp" as const), host: fc.constant("syslog.internal") },
        { requiredKeys: ["host"] },
      ),
    },
    rarely,
  );
}

function proxies(): fc.Arbitrary<Part<"proxy">> {
  return fc.record(
    {
      https: fc.constant("http://proxy.internal:3128"),
      http: fc.constant("http://proxy.internal:3128"),
      except: fc.subarray([".internal", "10.0.0.0/8", "example.com"]),
      components: fc.subarray(["core" as const, "jobservice" as const, "trivy" as const], { minLength: 1 }),
    },
    { requiredKeys: ["https"] },
  );
}
