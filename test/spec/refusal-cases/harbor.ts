import type { EnvironmentFile } from "../../../spec/environment.js";
import { local, minio } from "../environments.js";
import { harbor, type RegistryFile } from "../harbor-environments.js";
import type { RefusalCase } from "./refusal-case.js";

const amazon = { kind: "s3", bucket: "images", region: "eu-central-1" } as const;
const ossDriver = { kind: "oss", bucket: "images", region: "oss-cn-hangzhou" } as const;

const withStorage = (storage: RegistryFile["storage"]): EnvironmentFile => harbor({}, { storage });

/** What only one of the engines reads. */
export const engines: readonly RefusalCase[] = [
  {
    code: "engine/version-of-another",
    refused: local({ engine: "harbor", version: "3.1" }),
    field: "registry.version",
    allowed: harbor({}, { version: "2.13" }),
  },
  {
    code: "engine/harbor-block-without-harbor",
    refused: local({}, {}, { harbor: {} }),
    field: "harbor",
    allowed: harbor(),
  },
  {
    code: "storage/swift-on-distribution",
    refused: local({ storage: swift({}) }),
    field: "registry.storage.kind",
    allowed: withStorage(swift({})),
  },
  {
    code: "storage/nfs-on-distribution",
    refused: local({ storage: nfs() }, { nodes: { count: 1 } }),
    field: "registry.storage.nfs",
    allowed: withStorage(nfs()),
  },
  {
    code: "harbor/no-mirror",
    refused: harbor({}, { mirror: { upstream: "https://registry-1.docker.io" } }),
    field: "registry.mirror",
    allowed: local({ mirror: { upstream: "https://registry-1.docker.io" } }),
  },
  {
    code: "harbor/no-descriptor-cache",
    refused: harbor({}, { cache: { kind: "none" } }),
    field: "registry.cache",
    allowed: harbor({}, { cache: { kind: "memory" } }),
  },
  {
    code: "harbor/no-authentication",
    refused: harbor({}, { authentication: { kind: "htpasswd", users: ["ci"] } }),
    field: "registry.authentication",
    allowed: harbor({}, { authentication: { kind: "htpasswd" } }),
  },
  {
    code: "harbor/no-client-certificates",
    refused: harbor({}, { clientCertificates: { ca: "clients.crt" } }),
    field: "registry.clientCertificates",
    allowed: local({ clientCertificates: { ca: "clients.crt" } }),
  },
  {
    code: "harbor/no-notifications",
    refused: harbor({}, { notifications: [{ name: "scanner", url: "https://scanner.example.com" }] }),
    field: "registry.notifications",
    allowed: harbor({}, { notifications: [] }),
  },
  {
    code: "harbor/no-delete",
    refused: harbor({}, { delete: false }),
    field: "registry.delete",
    allowed: harbor({}, { delete: true }),
  },
  {
    code: "harbor/no-read-only",
    refused: harbor({}, { readOnly: true }),
    field: "registry.readOnly",
    allowed: harbor({ settings: { system: { readOnly: true } } }),
  },
  {
    code: "harbor/no-health",
    refused: harbor({}, { health: { interval: "5s" } }),
    field: "registry.health",
    allowed: harbor({}, { health: { interval: "2s" } }),
  },
  {
    code: "harbor/no-validation",
    refused: harbor({}, { validation: { indexPlatforms: "none" } }),
    field: "registry.validation",
    allowed: harbor({}, { validation: {} }),
  },
  {
    code: "harbor/no-catalog-entries",
    refused: harbor({}, { catalogEntries: 100 }),
    field: "registry.catalogEntries",
    allowed: local({ catalogEntries: 100 }),
  },
  {
    code: "harbor/no-log-format",
    refused: harbor({}, { log: { format: "text" } }),
    field: "registry.log.format",
    allowed: harbor({}, { log: { level: "debug" } }),
  },
  {
    code: "harbor/no-directory",
    refused: withStorage({ ...nfs(), directory: "/srv/images" }),
    field: "registry.storage.directory",
    allowed: harbor({ dataVolume: "/srv/images" }, { storage: nfs() }),
  },
];

/** Where the registry inside of Harbor keeps layers. */
export const harborStorages: readonly RefusalCase[] = [
  {
    code: "harbor/s3-role",
    refused: withStorage({ ...amazon, credentials: "instance-role" }),
    field: "registry.storage.credentials",
    allowed: withStorage(amazon),
  },
  {
    code: "harbor/s3-host-style",
    refused: withStorage({ ...minio, forcePathStyle: false }),
    field: "registry.storage.forcePathStyle",
    allowed: withStorage(minio),
  },
  {
    code: "harbor/s3-class",
    refused: withStorage({ ...amazon, storageClass: "STANDARD_IA" }),
    field: "registry.storage.storageClass",
    allowed: withStorage({ ...amazon, region: "eu-south-1", storageClass: "NONE" }),
  },
  {
    code: "harbor/s3-accelerate",
    refused: withStorage({ ...amazon, accelerate: true }),
    field: "registry.storage.accelerate",
    allowed: withStorage({ ...amazon, accelerate: false }),
  },
  {
    code: "harbor/s3-dual-stack",
    refused: withStorage({ ...amazon, dualStack: true }),
    field: "registry.storage.dualStack",
    allowed: withStorage({ ...amazon, dualStack: false }),
  },
  {
    code: "harbor/oss-through-s3",
    refused: withStorage({
      kind: "s3",
      bucket: "images",
      region: "cn-hangzhou",
      endpoint: "https://oss-cn-hangzhou-internal.aliyuncs.com",
    }),
    field: "registry.storage.endpoint",
    allowed: withStorage(ossDriver),
  },
  {
    code: "storage/oss-endpoint-without-bucket",
    refused: withStorage({ ...ossDriver, endpoint: "oss-cn-hangzhou.aliyuncs.com" }),
    field: "registry.storage.endpoint",
    allowed: withStorage({ ...ossDriver, endpoint: "images.oss-cn-hangzhou.aliyuncs.com" }),
  },
  {
    code: "harbor/azure-prefix",
    refused: withStorage({ kind: "azure", account: "example", container: "images", prefix: "/team" }),
    field: "registry.storage.prefix",
    allowed: withStorage({ kind: "azure", account: "example", container: "images" }),
  },
  {
    code: "storage/swift-parts-too-small",
    refused: withStorage(swift({ chunkSize: "1023KiB" })),
    field: "registry.storage.chunkSize",
    allowed: withStorage(swift({ chunkSize: "1MiB" })),
  },
  {
    code: "harbor/name-read-as-number",
    refused: withStorage({ ...amazon, bucket: "20261125" }),
    field: "registry.storage.bucket",
    allowed: withStorage({ ...amazon, bucket: "2026-11" }),
  },
];

function swift(changes: { readonly chunkSize?: string }) {
  const named = { container: "images", username: "registry", tenant: "registry", domain: "default" } as const;
  return { kind: "swift", authUrl: "https://keystone.example.com:5000/v3", ...named, ...changes } as const;
}

function nfs() {
  return { kind: "filesystem", nfs: { server: "10.20.0.5", path: "/export/registry" } } as const;
}
