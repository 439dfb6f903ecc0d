import fc from "fast-check";
import type { EnvironmentFile } from "../../spec/environment.js";
import { anyStorages, type Setting, type StorageFile, validStorages } from "./storage.js";
import { accounts, hostileText, hostileUrls, hostnames, literalPatterns } from "./text.js";

export type RegistryFile = EnvironmentFile["registry"];
type Part<Name extends keyof RegistryFile> = NonNullable<RegistryFile[Name]>;
type NotificationFile = Part<"notifications">[number];

const passwords: fc.Arbitrary<Part<"authentication">> = fc.record(
  {
    kind: fc.constant("htpasswd" as const),
    realm: hostileText(),
    users: fc.uniqueArray(accounts, { minLength: 1, maxLength: 3 }),
  },
  { requiredKeys: ["kind"] },
);

const tokens: fc.Arbitrary<Part<"authentication">> = fc.record({
  kind: fc.constant("token" as const),
  realm: hostileUrls,
  service: hostileText(),
  issuer: hostileText(),
  rootCertificates: hostileText(),
});

/** A registry that runs in this setting. */
export function validRegistries(setting: Setting): fc.Arbitrary<RegistryFile> {
  const free = fc.record(
    { ...quietParts(), mirror: mirrors(setting), cache: caches(setting) },
    { requiredKeys: ["hostname"] },
  );
  return fc
    .tuple(free, validStorages(setting), fc.boolean(), fc.oneof(passwords, tokens), fc.boolean())
    .map(([registry, storage, redirect, authentication, open]) => ({
      ...registry,
      version: setting.version,
      storage,
      redirect: redirect && mayRedirect(storage) && !isInternalBucket(setting, storage),
      authentication: open && mayBeOpen(registry) ? { kind: "none" as const } : authentication,
      ...(registry.mirror === undefined ? {} : { delete: true }),
    }));
}

/** Nodes on Alibaba Cloud reach their bucket at an endpoint that clients elsewhere cannot. */
function isInternalBucket({ provider }: Setting, storage: StorageFile): boolean {
  return provider === "alicloud" && storage.kind === "managed";
}

/** A registry of the right shape, whether it runs or not. */
export function anyRegistries(): fc.Arbitrary<RegistryFile> {
  return fc.record(
    {
      ...quietParts(),
      version: fc.constantFrom("3.1", "2.8"),
      storage: anyStorages(),
      redirect: fc.boolean(),
      mirror: mirrors({ version: "3.1" }),
      cache: caches({ version: "3.1" }),
      authentication: fc.oneof(passwords, tokens, fc.constant({ kind: "none" as const })),
      drain: fc.constantFrom("30s", "60s", "90s", "1ms", "999999999d"),
      limits: fc.record({ burst: fc.constantFrom(0, 39, 40, 200, 1000) }),
    },
    { requiredKeys: ["hostname"] },
  );
}

/** The parts that fit to everything. */
function quietParts() {
  return {
    hostname: hostnames,
    delete: fc.boolean(),
    readOnly: fc.boolean(),
    clientCertificates: fc.record({ ca: hostileText() }),
    uploads: fc.record(
      {
        maxLayerSize: fc.constantFrom("64MiB", "20GiB"),
        purgeAfter: fc.constantFrom("24h", "168h"),
        purgeEvery: fc.constantFrom("12h", "24h"),
      },
      { requiredKeys: [] },
    ),
    limits: fc.record(
      {
        pushesPerSecond: fc.integer({ min: 1, max: 10_000 }),
        burst: fc.integer({ min: 40, max: 100_000 }),
        connectionsPerClient: fc.integer({ min: 16, max: 100_000 }),
      },
      { requiredKeys: [] },
    ),
    notifications: fc.uniqueArray(notifications(), { maxLength: 3, selector: (one) => one.name }),
    log: fc.record(
      {
        level: fc.constantFrom("error" as const, "warn" as const, "info" as const, "debug" as const),
        format: fc.constantFrom("json" as const, "text" as const, "logstash" as const),
        requests: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
    metrics: fc.record(
      { enabled: fc.boolean(), listen: fc.constantFrom("loopback" as const, "private" as const) },
      { requiredKeys: [] },
    ),
    health: fc.record(
      { interval: fc.constantFrom("1s", "2s", "10s"), threshold: fc.integer({ min: 1, max: 20 }) },
      { requiredKeys: [] },
    ),
    drain: fc.constantFrom("5s", "60s", "10m"),
    validation: fc.record(
      {
        allowUrls: fc.array(fc.oneof(literalPatterns, fc.constant("^https://[a-z.]+/.*$")), { maxLength: 2 }),
        denyUrls: fc.array(literalPatterns, { maxLength: 2 }),
        indexPlatforms: fc.constantFrom("all" as const, "none" as const),
      },
      { requiredKeys: [] },
    ),
    catalogEntries: fc.integer({ min: 1, max: 100_000 }),
    ports: ports(),
  };
}

/** Four ports of which none is another's, nor SSH's, nor one of the lab's services. */
function ports(): fc.Arbitrary<Part<"ports">> {
  return fc
    .uniqueArray(fc.constantFrom(443, 1443, 5000, 5001, 8081, 9443, 15_000, 65_535), { minLength: 4, maxLength: 4 })
    .map(([https = 443, registry = 5000, metrics = 5001, status = 8081]) => ({ https, registry, metrics, status }));
}

/** Whether clients can be sent to this storage. */
function mayRedirect(storage: StorageFile): boolean {
  if (storage.kind === "s3") return storage.endpoint?.includes("-internal.") !== true;
  return storage.kind === "azure";
}

/** Whether nobody needs to be asked: nothing can be pushed, and nothing that is private upstream can be pulled. */
function mayBeOpen({ clientCertificates, mirror, readOnly }: RegistryFile): boolean {
  if (clientCertificates !== undefined) return true;
  return mirror === undefined ? readOnly === true : mirror.username === undefined;
}

function mirrors(setting: Pick<Setting, "version">): fc.Arbitrary<Part<"mirror">> {
  const model = {
    upstream: fc.constantFrom("https://registry-1.docker.io", "https://quay.io/", "http://10.0.0.7:5000"),
  };
  const own = { username: hostileText(), upstream: fc.constant("https://registry-1.docker.io") };
  const ttl = setting.version === "2.8" ? fc.constant("168h") : fc.constantFrom("24h", "168h", "30d");
  return fc.oneof(
    fc.record({ ...model, ttl }, { requiredKeys: ["upstream"] }),
    fc.record({ ...own, ttl }, { requiredKeys: ["upstream", "username"] }),
  );
}

function caches(setting: Pick<Setting, "version">): fc.Arbitrary<Part<"cache">> {
  const kind = fc.constant("redis" as const);
  const addresses = fc.constantFrom<string[]>(["10.20.0.20:6379"], ["redis.example.com:6380"]);
  const sentinels = fc.constant<string[]>(["10.20.0.21:26379", "10.20.0.22:26379", "10.20.0.23:26379"]);
  const database = fc.integer({ min: 0, max: 15 });
  const found: fc.Arbitrary<Part<"cache">>[] = [
    fc.record(
      { kind: fc.constant("memory" as const), entries: fc.integer({ min: 0, max: 1_000_000 }) },
      { requiredKeys: ["kind"] },
    ),
    fc.constant({ kind: "none" as const }),
    fc.record({ kind, addresses, database, password: fc.boolean() }, { requiredKeys: ["kind", "addresses"] }),
  ];
  if (setting.version === "3.1") {
    const secured = { kind, password: fc.constant(true), username: hostileText(), tls: fc.boolean(), database };
    const needed = ["kind", "addresses", "password"] as const;
    found.push(
      fc.record({ ...secured, addresses }, { requiredKeys: [...needed] }),
      fc.record(
        { ...secured, addresses: sentinels, sentinelMaster: fc.constantFrom("mymaster", "m-1.a_b") },
        { requiredKeys: [...needed, "sentinelMaster"] },
      ),
    );
  }
  return fc.oneof(...found);
}

function notifications(): fc.Arbitrary<NotificationFile> {
  const actions = ["pull", "push", "mount", "delete"] as const;
  return fc.record(
    {
      name: accounts,
      url: hostileUrls,
      authorization: fc.boolean(),
      timeout: fc.constantFrom("500ms", "1s", "5s"),
      threshold: fc.integer({ min: 1, max: 1000 }),
      backoff: fc.constantFrom("1s", "10s", "1m"),
      ignoreActions: fc.subarray([...actions], { maxLength: 3 }),
      ignoreMediaTypes: fc.subarray(["application/octet-stream", "application/vnd.oci.image.layer.v1.tar+gzip"]),
    },
    { requiredKeys: ["name", "url"] },
  );
}
