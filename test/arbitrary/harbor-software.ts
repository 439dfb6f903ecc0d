import fc from "fast-check";
import type { EnvironmentFile } from "../../spec/environment.js";

type HarborFile = NonNullable<EnvironmentFile["harbor"]>;
type RegistryFile = EnvironmentFile["registry"];

const databases = fc.oneof(
  fc.constant<{ kind: "own" }>({ kind: "own" }),
  fc.record(
    {
      kind: fc.constant("given" as const),
      host: fc.constantFrom("db.example.com", "10.20.0.5"),
      port: fc.constantFrom(5432, 6432),
      name: fc.constantFrom("registry", "harbor_2"),
      sslMode: fc.constantFrom("verify-full" as const, "verify-ca" as const, "require" as const),
      ca: fc.constant("database.pem"),
    },
    { requiredKeys: ["kind", "host"] },
  ),
);

const redises = fc.oneof(
  fc.constant<{ kind: "own" }>({ kind: "own" }),
  fc.record(
    {
      kind: fc.constant("given" as const),
      addresses: fc.constantFrom<string[]>(
        ["redis.example.com:6379"],
        ["10.20.0.5:26379", "10.20.0.6:26379", "10.20.0.7:26379"],
      ),
      sentinelMaster: fc.constant("mymaster"),
      user: fc.constant("harbor"),
      password: fc.boolean(),
      tls: fc.boolean(),
      ca: fc.constant("redis.pem"),
      databases: fc.record(
        {
          registry: fc.integer({ min: 1, max: 15 }),
          harbor: fc.integer({ min: 1, max: 15 }),
          cacheLayer: fc.integer({ min: 1, max: 15 }),
        },
        { requiredKeys: [] },
      ),
      idleTimeout: fc.constantFrom("30s", "1500ms"),
    },
    { requiredKeys: ["kind", "addresses"] },
  ),
);

const traces = fc.oneof(
  fc.record(
    {
      sampleRate: fc.constantFrom(0.25, 1),
      attributes: fc.constant({ application: "harbor", zone: "a" }),
      otel: fc.record({ endpoint: fc.constant("otel.example.com:4318"), insecure: fc.boolean() }),
    },
    { requiredKeys: ["otel"] },
  ),
  fc.constant<HarborFile["trace"]>({
    namespace: "prod",
    jaeger: { endpoint: "http://jaeger:14268/api/traces", user: "us" },
  }),
  fc.constant<HarborFile["trace"]>({ jaeger: { agentHost: "jaeger.example.com" } }),
);

/** The block `harbor` as a person could write it. */
export function harborFiles(): fc.Arbitrary<HarborFile> {
  return fc.record(
    {
      externalUrl: fc.constantFrom("https://registry.example.com", "https://other.example.com:8443"),
      database: databases,
      redis: redises,
      connections: fc.record({ open: fc.constantFrom(5, 900), idleTime: fc.constant("1m") }, { requiredKeys: [] }),
      nginx: fc.record({ tls: fc.boolean(), strongCiphers: fc.boolean(), ipv6: fc.boolean() }, { requiredKeys: [] }),
      trivy: fc.record(
        { enabled: fc.boolean(), offline: fc.boolean(), githubToken: fc.boolean(), timeout: fc.constant("90s") },
        { requiredKeys: [] },
      ),
      jobs: fc.record(
        {
          workers: fc.integer({ min: 1, max: 50 }),
          maxDuration: fc.constantFrom("24h", "3d"),
          keepLogs: fc.constant("2h"),
        },
        { requiredKeys: [] },
      ),
      cache: fc.record({ enabled: fc.boolean(), expire: fc.constantFrom("1h", "90m") }, { requiredKeys: [] }),
      uploadPurging: fc.record({ enabled: fc.boolean(), dryRun: fc.boolean() }, { requiredKeys: [] }),
      trace: traces,
      log: fc.record(
        { fileSize: fc.constantFrom("1GiB", "64KiB"), forward: fc.constant({ host: "syslog.example.com" }) },
        { requiredKeys: [] },
      ),
      proxy: fc.record(
        {
          http: fc.constant("http://proxy.example.com:3128"),
          except: fc.constant<string[]>([".example.com", "10.0.0.0/8"]),
        },
        { requiredKeys: [] },
      ),
      trust: fc.record({ storage: fc.constant("storage.pem"), uaa: fc.constant("uaa.pem") }, { requiredKeys: [] }),
    },
    { requiredKeys: [] },
  );
}

/** What `registry` says that Harbor reads, too. */
export function harborRegistries(): fc.Arbitrary<Partial<RegistryFile>> {
  const storage = fc.constantFrom<NonNullable<RegistryFile["storage"]>>(
    { kind: "managed" },
    { kind: "s3", bucket: "images", region: "eu-central-1", kmsKey: "arn:aws:kms:eu-central-1:1:key/a", encrypt: true },
    { kind: "s3", bucket: "images", region: "eu-north-1", credentials: "instance-role" },
    { kind: "oss", bucket: "images", region: "oss-cn-hangzhou", prefix: "images" },
    { kind: "azure", account: "images", container: "registry" },
    { kind: "swift", authUrl: "https://keystone.example.com:5000/v3", container: "images", username: "us", prefix: "" },
    { kind: "filesystem", nfs: { server: "nfs.example.com", path: "/export" } },
  );
  return fc.record(
    {
      version: fc.constantFrom("2.15" as const, "2.14" as const, "2.13" as const),
      storage,
      redirect: fc.boolean(),
      metrics: fc.record({ enabled: fc.boolean() }),
      uploads: fc.record({ purgeAfter: fc.constantFrom("7d", "30m"), purgeEvery: fc.constantFrom("24h", "90m") }),
      log: fc.record({ level: fc.constantFrom("error" as const, "warn" as const, "info" as const, "debug" as const) }),
      ports: fc.record({ https: fc.constantFrom(443, 8443) }),
    },
    { requiredKeys: ["version"] },
  );
}
