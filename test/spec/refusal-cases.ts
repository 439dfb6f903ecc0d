import type { EnvironmentFile } from "../../spec/environment.js";
import { host, hosts, local, minio, oss } from "./environments.js";

/** What is refused, and the nearest thing that is not. */
export interface RefusalCase {
  readonly code: string;
  readonly refused: EnvironmentFile;
  readonly field: string;
  readonly allowed: EnvironmentFile;
  /** Another refusal that cannot be avoided beside this one. */
  readonly also?: string;
}

const amazon = { kind: "s3", bucket: "images", region: "eu-central-1" } as const;
const ossDriver = { kind: "oss", bucket: "images", region: "oss-cn-hangzhou" } as const;
const azure = { kind: "azure", account: "example", container: "images" } as const;
const redis = { kind: "redis", addresses: ["10.20.0.20:6379"] } as const;
const mirror = { upstream: "https://registry-1.docker.io" } as const;
const receiver = { name: "scanner", url: "https://scanner.example.com/events" } as const;
const token = { kind: "token", service: "r", issuer: "i", rootCertificates: "tokens.crt" } as const;
const redisWith = (changes: object) => ({ ...redis, addresses: [...redis.addresses], ...changes });
const sites = (...names: string[]): EnvironmentFile => ({
  ...local(),
  sites: names.map((name) => ({ name, provider: "local" })),
});

const SITES_AND_HOSTS: readonly RefusalCase[] = [
  { code: "sites/several", refused: sites("a", "b"), field: "sites[1]", allowed: sites("a") },
  {
    code: "sites/name-twice",
    refused: sites("a", "a"),
    field: "sites[1].name",
    allowed: sites("a"),
    also: "sites/several",
  },
  {
    code: "hosts/name-twice",
    refused: hosts({ hosts: [host(1), host(2, { name: "node-1" })] }),
    field: "sites[0].hosts[1].name",
    allowed: hosts({ hosts: [host(1), host(2)] }),
  },
  {
    code: "hosts/address-twice",
    refused: hosts({ hosts: [host(1), host(2, { address: "10.20.0.11" })] }),
    field: "sites[0].hosts[1].address",
    allowed: hosts({
      hosts: [
        host(1, { privateAddress: "10.0.0.1" }),
        host(2, { address: "10.20.0.11", port: 2222, privateAddress: "10.0.0.2" }),
      ],
    }),
  },
  {
    code: "hosts/private-address-twice",
    refused: hosts({ hosts: [host(1, { privateAddress: "10.0.0.1" }), host(2, { privateAddress: "10.0.0.1" })] }),
    field: "sites[0].hosts[1].privateAddress",
    allowed: hosts({ hosts: [host(1, { privateAddress: "10.0.0.1" }), host(2, { privateAddress: "10.0.0.2" })] }),
  },
  {
    code: "hosts/private-address-missing",
    refused: hosts({ hosts: [host(1, { address: "node-1.example.com" })] }),
    field: "sites[0].hosts[0].privateAddress",
    allowed: hosts({ hosts: [host(1, { address: "2001:db8::1", privateAddress: "10.0.0.1" })] }),
  },
  {
    code: "hosts/private-address-unusable",
    refused: hosts({ hosts: [host(1, { privateAddress: "127.0.0.1" })] }),
    field: "sites[0].hosts[0].privateAddress",
    allowed: hosts({ hosts: [host(1, { privateAddress: "126.0.0.1" })] }),
  },
];

const ENTRY: readonly RefusalCase[] = [
  {
    code: "entry/node-of-several",
    refused: hosts({ entry: { from: "node" } }),
    field: "sites[0].entry.from",
    allowed: hosts({ hosts: [host(1)], entry: { from: "node" } }),
  },
  {
    code: "entry/missing",
    refused: { ...hosts(), sites: [{ name: "a", provider: "hosts", hosts: [host(1), host(2)] }] },
    field: "sites[0].entry",
    allowed: { ...hosts(), sites: [{ name: "a", provider: "hosts", hosts: [host(1)] }] },
  },
  {
    code: "entry/address-missing",
    refused: hosts({ entry: { from: "floating" } }),
    field: "sites[0].entry.address",
    allowed: local({}, { entry: { from: "floating" } }),
  },
  {
    code: "entry/address-taken",
    refused: hosts({ entry: { from: "floating", address: "10.20.0.12" } }),
    field: "sites[0].entry.address",
    allowed: hosts({ entry: { from: "floating", address: "10.20.0.14" } }),
  },
  {
    code: "entry/address-unusable",
    refused: hosts({ entry: { from: "floating", address: "224.0.0.1" } }),
    field: "sites[0].entry.address",
    allowed: hosts({ entry: { from: "floating", address: "223.0.0.1" } }),
  },
  {
    code: "entry/address-outside-network",
    refused: local({}, { entry: { from: "floating", address: "198.18.0.255" } }),
    field: "sites[0].entry.address",
    allowed: local({}, { entry: { from: "floating", address: "198.18.0.254" } }),
  },
  {
    code: "entry/balancer-elsewhere",
    refused: local({}, { entry: { from: "balancer", address: "198.18.0.20" } }),
    field: "sites[0].entry.address",
    allowed: local({}, { entry: { from: "balancer", address: "198.18.0.10" } }),
  },
  {
    code: "entry/advert-between-ticks",
    refused: local({}, { entry: { from: "floating", advertEvery: "255ms" } }),
    field: "sites[0].entry.advertEvery",
    allowed: local({}, { entry: { from: "floating", advertEvery: "260ms" } }),
  },
  {
    code: "entry/advert-interval",
    refused: local({}, { entry: { from: "floating", advertEvery: "90ms" } }),
    field: "sites[0].entry.advertEvery",
    allowed: local({}, { entry: { from: "floating", advertEvery: "100ms" } }),
  },
];

const NETWORK: readonly RefusalCase[] = [
  {
    code: "network/outside-test-block",
    refused: local({}, { network: { cidr: "198.20.0.0/24" } }),
    field: "sites[0].network.cidr",
    allowed: local({}, { network: { cidr: "198.19.255.0/24" } }),
  },
  {
    code: "network/cidr-too-small",
    refused: local({}, { network: { cidr: "198.18.0.0/26" } }),
    field: "sites[0].network.cidr",
    allowed: local({}, { network: { cidr: "198.18.0.0/26" }, nodes: { count: 1 } }),
  },
  {
    code: "ports/taken-twice",
    refused: local({ ports: { registry: 443 } }),
    field: "registry.ports.registry",
    allowed: local({ ports: { registry: 444 } }),
  },
  {
    code: "hostname/is-an-address",
    refused: local({ hostname: "198.18.0.100" }),
    field: "registry.hostname",
    allowed: local({ hostname: "198.18.0.100.example.com" }),
  },
  {
    code: "hostname/without-a-dot",
    refused: local({ hostname: "localhost" }),
    field: "registry.hostname",
    allowed: local({ hostname: "registry.localhost" }),
  },
];

const STORAGE: readonly RefusalCase[] = [
  {
    code: "storage/filesystem-on-several-nodes",
    refused: hosts({ hosts: [host(1), host(2)] }, { storage: { kind: "filesystem" } }),
    field: "registry.storage.kind",
    allowed: hosts({}, { storage: { kind: "filesystem" }, mirror }),
  },
  {
    code: "storage/directory-of-the-system",
    refused: hosts({ hosts: [host(1)] }, { storage: { kind: "filesystem", directory: "/srv/../etc/registry" } }),
    field: "registry.storage.directory",
    allowed: hosts({ hosts: [host(1)] }, { storage: { kind: "filesystem", directory: "/srv/etc/registry" } }),
  },
  {
    code: "storage/managed-on-hosts",
    refused: hosts({}, { storage: { kind: "managed" } }),
    field: "registry.storage.kind",
    allowed: local({ storage: { kind: "managed" } }),
  },
  {
    code: "storage/redirect-of-filesystem",
    refused: local({ storage: { kind: "filesystem" }, redirect: true }, { nodes: { count: 1 } }),
    field: "registry.redirect",
    allowed: local({ storage: { kind: "filesystem" }, redirect: false }, { nodes: { count: 1 } }),
  },
  {
    code: "storage/redirect-behind-published-port",
    refused: local({ redirect: true }, { publish: 8443 }),
    field: "registry.redirect",
    allowed: local({ redirect: true }),
  },
  {
    code: "storage/azure-realm-with-service",
    refused: local({ storage: { ...azure, realm: "blob.core.windows.net" } }),
    field: "registry.storage.realm",
    allowed: local({ storage: { ...azure, realm: "core.windows.net" } }),
  },
  {
    code: "storage/prefix-with-dots",
    refused: local({ storage: { ...minio, prefix: "/a/../b" } }),
    field: "registry.storage.prefix",
    allowed: local({ storage: { ...minio, prefix: "/a/..b" } }),
  },
  {
    code: "storage/host-style-on-distribution-2",
    refused: local({ version: "2.8", storage: { ...minio, forcePathStyle: false } }),
    field: "registry.storage.forcePathStyle",
    allowed: local({ version: "3.1", storage: { ...minio, forcePathStyle: false } }),
  },
  {
    code: "storage/role-on-distribution-2",
    refused: local({ version: "2.8", storage: { ...amazon, credentials: "instance-role" } }),
    field: "registry.storage.credentials",
    allowed: local({ version: "3.1", storage: { ...amazon, credentials: "instance-role" } }),
  },
  {
    code: "storage/class-unknown-to-distribution-2",
    refused: local({ version: "2.8", storage: { ...amazon, storageClass: "STANDARD_IA" } }),
    field: "registry.storage.storageClass",
    allowed: local({ version: "2.8", storage: { ...amazon, storageClass: "NONE" } }),
  },
  {
    code: "storage/region-unknown-to-driver",
    refused: local({ storage: { ...amazon, region: "cn-hangzhou" } }),
    field: "registry.storage.region",
    allowed: local({ storage: { ...amazon, region: "cn-north-1" } }),
  },
  {
    code: "storage/accelerate-with-endpoint",
    refused: local({ storage: { ...minio, accelerate: true } }),
    field: "registry.storage.accelerate",
    allowed: local({ storage: { ...amazon, accelerate: true } }),
  },
  {
    code: "storage/dual-stack-with-endpoint",
    refused: local({ storage: { ...minio, dualStack: true } }),
    field: "registry.storage.dualStack",
    allowed: local({ storage: { ...amazon, dualStack: true } }),
  },
  {
    code: "storage/accelerate-on-distribution-2",
    refused: local({ version: "2.8", storage: { ...amazon, accelerate: true } }),
    field: "registry.storage.accelerate",
    allowed: local({ version: "2.8", storage: { ...amazon, accelerate: false } }),
  },
  {
    code: "storage/dual-stack-on-distribution-2",
    refused: local({ version: "2.8", storage: { ...amazon, dualStack: true } }),
    field: "registry.storage.dualStack",
    allowed: local({ version: "2.8", storage: { ...amazon, dualStack: false } }),
  },
  {
    code: "storage/key-without-encryption",
    refused: local({ storage: { ...amazon, kmsKey: "alias/registry" } }),
    field: "registry.storage.kmsKey",
    allowed: local({ storage: { ...amazon, kmsKey: "alias/registry", encrypt: true } }),
  },
  {
    code: "storage/bucket-in-endpoint",
    refused: local({ storage: { ...oss, endpoint: "https://images.oss-cn-hangzhou.aliyuncs.com" } }),
    field: "registry.storage.endpoint",
    allowed: local({ storage: { ...oss, endpoint: "https://oss-cn-hangzhou.aliyuncs.com" } }),
  },
  {
    code: "storage/in-the-clear",
    refused: local({ storage: { ...minio, endpoint: "http://minio.example.com:9000" } }),
    field: "registry.storage.endpoint",
    allowed: local({ storage: { ...minio, endpoint: "http://minio.example.internal:9000" } }),
  },
  {
    code: "storage/loopback-on-several-nodes",
    refused: local({ storage: { ...minio, endpoint: "http://127.0.0.1:9000" } }),
    field: "registry.storage.endpoint",
    allowed: local({ storage: { ...minio, endpoint: "http://127.0.0.1:9000" } }, { nodes: { count: 1 } }),
  },
  {
    code: "storage/s3-parts-too-small",
    refused: local({ storage: { ...minio, chunkSize: "5119KiB" } }),
    field: "registry.storage.chunkSize",
    allowed: local({ storage: { ...minio, chunkSize: "5MiB" } }),
  },
  {
    code: "storage/oss-parts-too-small",
    refused: local({ version: "2.8", storage: { ...ossDriver, chunkSize: "4MiB" } }),
    field: "registry.storage.chunkSize",
    allowed: local({ version: "2.8", storage: { ...ossDriver, chunkSize: "5MiB" } }),
  },
  {
    code: "storage/oss-on-distribution-3",
    refused: local({ version: "3.1", storage: ossDriver }),
    field: "registry.storage.kind",
    allowed: local({ version: "2.8", storage: ossDriver }),
  },
  {
    code: "storage/path-style-on-oss",
    refused: local({ storage: { ...oss, forcePathStyle: true } }),
    field: "registry.storage.forcePathStyle",
    allowed: local({ storage: { ...oss, forcePathStyle: false } }),
  },
  {
    code: "storage/oss-through-s3-on-distribution-2",
    refused: local({ version: "2.8", storage: oss }),
    field: "registry.storage.endpoint",
    allowed: local({ version: "3.1", storage: oss }),
  },
  {
    code: "storage/internal-endpoint-redirects",
    refused: local({ storage: oss, redirect: true }),
    field: "registry.redirect",
    allowed: local({ storage: { ...oss, endpoint: "https://oss-cn-hangzhou.aliyuncs.com" }, redirect: true }),
  },
  {
    code: "storage/internal-driver-redirects",
    refused: local({ version: "2.8", storage: ossDriver, redirect: true }),
    field: "registry.redirect",
    allowed: local({ version: "2.8", storage: { ...ossDriver, internal: false }, redirect: true }),
  },
  {
    code: "storage/role-on-oss",
    refused: local({ storage: { ...oss, credentials: "instance-role" } }),
    field: "registry.storage.credentials",
    allowed: local({ storage: { ...oss, credentials: "keys" } }),
  },
  {
    code: "storage/oss-bucket-with-dot",
    refused: local({ storage: { ...oss, bucket: "example.images" } }),
    field: "registry.storage.bucket",
    allowed: local({ storage: { ...minio, bucket: "example.images" } }),
  },
];

const ACCESS: readonly RefusalCase[] = [
  {
    code: "authentication/open-to-everybody",
    refused: local({ authentication: { kind: "none" } }),
    field: "registry.authentication.kind",
    allowed: local({ authentication: { kind: "none" }, clientCertificates: { ca: "clients.crt" } }),
  },
  {
    code: "authentication/user-twice",
    refused: local({ authentication: { kind: "htpasswd", users: ["ci", "ops", "ci"] } }),
    field: "registry.authentication.users[2]",
    allowed: local({ authentication: { kind: "htpasswd", users: ["ci", "ops", "CI"] } }),
  },
  {
    code: "authentication/realm-in-the-clear",
    refused: local({ authentication: { ...token, realm: "http://tokens.example.com/auth" } }),
    field: "registry.authentication.realm",
    allowed: local({ authentication: { ...token, realm: "http://10.20.0.30/auth" } }),
  },
  {
    code: "mirror/without-delete",
    refused: local({ mirror, delete: false }),
    field: "registry.delete",
    allowed: local({ delete: false }),
  },
  {
    code: "mirror/ttl-on-distribution-2",
    refused: local({ version: "2.8", mirror: { ...mirror, ttl: "24h" } }),
    field: "registry.mirror.ttl",
    allowed: local({ version: "2.8", mirror: { ...mirror, ttl: "7d" } }),
  },
  {
    code: "mirror/upstream-with-path",
    refused: local({ mirror: { upstream: "https://quay.io/team" } }),
    field: "registry.mirror.upstream",
    allowed: local({ mirror: { upstream: "https://quay.io/" } }),
  },
  {
    code: "mirror/of-itself",
    refused: local({ mirror: { upstream: "https://registry.example.com" } }),
    field: "registry.mirror.upstream",
    allowed: local({ mirror: { upstream: "https://other.example.com" } }),
  },
  {
    code: "mirror/hub-website",
    refused: local({ mirror: { upstream: "https://docker.io" } }),
    field: "registry.mirror.upstream",
    allowed: local({ mirror: { upstream: "https://index.docker.io" } }),
  },
  {
    code: "mirror/password-in-the-clear",
    refused: local({ mirror: { upstream: "http://quay.io", username: "ci" } }),
    field: "registry.mirror.upstream",
    allowed: local({ mirror: { upstream: "http://10.20.0.30:5000", username: "ci" } }),
  },
  {
    code: "mirror/private-images-for-everybody",
    refused: local({ mirror: { ...mirror, username: "ci" }, authentication: { kind: "none" } }),
    field: "registry.authentication.kind",
    allowed: local({ mirror, authentication: { kind: "none" } }),
  },
  {
    code: "notifications/name-twice",
    refused: local({ notifications: [receiver, receiver] }),
    field: "registry.notifications[1].name",
    allowed: local({ notifications: [receiver, { ...receiver, name: "audit" }] }),
  },
  {
    code: "notifications/token-in-the-clear",
    refused: local({ notifications: [{ ...receiver, url: "http://scanner.example.com", authorization: true }] }),
    field: "registry.notifications[0].url",
    allowed: local({ notifications: [{ ...receiver, url: "http://scanner.example.com" }] }),
  },
  {
    code: "notifications/nothing-left",
    refused: local({ notifications: [{ ...receiver, ignoreActions: ["pull", "push", "mount", "delete"] }] }),
    field: "registry.notifications[0].ignoreActions",
    allowed: local({ notifications: [{ ...receiver, ignoreActions: ["pull", "push", "mount"] }] }),
  },
];

const CACHE: readonly RefusalCase[] = [
  {
    code: "cache/sentinel-on-distribution-2",
    refused: local({ version: "2.8", cache: redisWith({ sentinelMaster: "registry" }) }),
    field: "registry.cache.sentinelMaster",
    allowed: local({ version: "3.1", cache: redisWith({ sentinelMaster: "registry" }) }),
  },
  {
    code: "cache/several-addresses-on-distribution-2",
    refused: local({ version: "2.8", cache: redisWith({ addresses: ["a:6379", "b:6379"] }) }),
    field: "registry.cache.addresses",
    allowed: local({ version: "2.8", cache: redisWith({}) }),
  },
  {
    code: "cache/tls-on-distribution-2",
    refused: local({ version: "2.8", cache: redisWith({ tls: true }) }),
    field: "registry.cache.tls",
    allowed: local({ version: "3.1", cache: redisWith({ tls: true }) }),
  },
  {
    code: "cache/user-on-distribution-2",
    refused: local({ version: "2.8", cache: redisWith({ username: "registry", password: true }) }),
    field: "registry.cache.username",
    allowed: local({ version: "2.8", cache: redisWith({ password: true }) }),
  },
  {
    code: "cache/user-without-password",
    refused: local({ cache: redisWith({ username: "registry" }) }),
    field: "registry.cache.username",
    allowed: local({ cache: redisWith({ username: "registry", password: true }) }),
  },
  {
    code: "cache/database-of-cluster",
    refused: local({ cache: redisWith({ addresses: ["a:6379", "b:6379"], database: 1 }) }),
    field: "registry.cache.database",
    allowed: local({ cache: redisWith({ addresses: ["a:6379", "b:6379"], database: 1, sentinelMaster: "m" }) }),
  },
];

const LIMITS: readonly RefusalCase[] = [
  {
    code: "limits/burst-too-small",
    refused: local({ limits: { burst: 39 } }),
    field: "registry.limits.burst",
    allowed: local({ limits: { burst: 40 } }),
  },
  {
    code: "limits/connections-too-few",
    refused: local({ limits: { connectionsPerClient: 15 } }),
    field: "registry.limits.connectionsPerClient",
    allowed: local({ limits: { connectionsPerClient: 16 } }),
  },
  {
    code: "uploads/layers-too-small",
    refused: local({ uploads: { maxLayerSize: "9MiB" } }),
    field: "registry.uploads.maxLayerSize",
    allowed: local({ uploads: { maxLayerSize: "10MiB" } }),
  },
  {
    code: "limits/memory-too-small",
    refused: local({}, {}, { limits: { front: { memory: "63MiB" } } }),
    field: "limits.front.memory",
    allowed: local({}, {}, { limits: { front: { memory: "64MiB" } } }),
  },
  {
    code: "limits/memory-below-uploads",
    refused: local({ storage: { ...minio, chunkSize: "64MiB" } }, {}, { limits: { registry: { memory: "256MiB" } } }),
    field: "registry.storage.chunkSize",
    allowed: local({ storage: { ...minio, chunkSize: "64MiB" } }, {}, { limits: { registry: { memory: "320MiB" } } }),
  },
  {
    code: "limits/node-too-small",
    refused: local({}, { nodes: { memory: "255MiB" } }),
    field: "sites[0].nodes.memory",
    allowed: local({}, { nodes: { memory: "256MiB" } }),
  },
];

const DURATIONS: readonly RefusalCase[] = [
  {
    code: "front/connect-timeout",
    refused: local({}, {}, { front: { connectTimeout: "11s" } }),
    field: "front.connectTimeout",
    allowed: local({}, {}, { front: { connectTimeout: "10s" } }),
  },
  {
    code: "front/read-timeout",
    refused: local({}, {}, { front: { readTimeout: "499ms" } }),
    field: "front.readTimeout",
    allowed: local({}, {}, { front: { readTimeout: "500ms" } }),
  },
  {
    code: "front/upload-timeout",
    refused: local({}, {}, { front: { uploadTimeout: "29s" } }),
    field: "front.uploadTimeout",
    allowed: local({}, {}, { front: { uploadTimeout: "30s" } }),
  },
  {
    code: "front/read-outlasts-upload",
    refused: local({}, {}, { front: { readTimeout: "30s", uploadTimeout: "30s" } }),
    field: "front.readTimeout",
    allowed: local({}, {}, { front: { readTimeout: "29s", uploadTimeout: "30s" } }),
  },
  {
    code: "drain/out-of-range",
    refused: local({ drain: "11m" }),
    field: "registry.drain",
    allowed: local({ drain: "10m" }),
  },
  {
    code: "health/interval",
    refused: local({ health: { interval: "61s" } }),
    field: "registry.health.interval",
    allowed: local({ health: { interval: "60s" } }),
  },
  {
    code: "health/found-too-late",
    refused: local({ health: { interval: "60s", threshold: 6 } }),
    field: "registry.health.threshold",
    allowed: local({ health: { interval: "60s", threshold: 5 } }),
  },
  {
    code: "uploads/purge-after",
    refused: local({ uploads: { purgeAfter: "59m" } }),
    field: "registry.uploads.purgeAfter",
    allowed: local({ uploads: { purgeAfter: "60m" } }),
  },
  {
    code: "uploads/purge-every",
    refused: local({ uploads: { purgeEvery: "31d" } }),
    field: "registry.uploads.purgeEvery",
    allowed: local({ uploads: { purgeEvery: "30d" } }),
  },
  {
    code: "mirror/ttl",
    refused: local({ mirror: { ...mirror, ttl: "999999999d" } }),
    field: "registry.mirror.ttl",
    allowed: local({ mirror: { ...mirror, ttl: "365d" } }),
  },
  {
    code: "certificate/validity",
    refused: local({}, { certificate: { from: "own-ca", validity: "826d" } }),
    field: "sites[0].certificate.validity",
    allowed: local({}, { certificate: { from: "own-ca", validity: "825d" } }),
  },
  {
    code: "notifications/timeout",
    refused: local({ notifications: [{ ...receiver, timeout: "31s" }] }),
    field: "registry.notifications[0].timeout",
    allowed: local({ notifications: [{ ...receiver, timeout: "30s" }] }),
  },
  {
    code: "notifications/backoff",
    refused: local({ notifications: [receiver, { ...receiver, name: "audit", backoff: "50ms" }] }),
    field: "registry.notifications[1].backoff",
    allowed: local({ notifications: [receiver, { ...receiver, name: "audit", backoff: "1s" }] }),
  },
];

const VALIDATION: readonly RefusalCase[] = [
  {
    code: "validation/allow-pattern",
    refused: local({ validation: { allowUrls: ["^https://", "(?!http:).*"] } }),
    field: "registry.validation.allowUrls[1]",
    allowed: local({ validation: { allowUrls: ["^https://", "(?:http:).*"] } }),
  },
  {
    code: "validation/deny-pattern",
    refused: local({ validation: { denyUrls: ["([a-z])\\1"] } }),
    field: "registry.validation.denyUrls[0]",
    allowed: local({ validation: { denyUrls: ["([a-z])\\\\1"] } }),
  },
];

/** A case for each refusal there is. */
export const refusalCases: readonly RefusalCase[] = [
  ...SITES_AND_HOSTS,
  ...ENTRY,
  ...NETWORK,
  ...STORAGE,
  ...ACCESS,
  ...CACHE,
  ...LIMITS,
  ...DURATIONS,
  ...VALIDATION,
];
