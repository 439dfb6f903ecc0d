import { host, hosts, local, minio, oss } from "../environments.js";
import type { RefusalCase } from "./refusal-case.js";

const amazon = { kind: "s3", bucket: "images", region: "eu-central-1" } as const;
const ossDriver = { kind: "oss", bucket: "images", region: "oss-cn-hangzhou" } as const;
const azure = { kind: "azure", account: "example", container: "images" } as const;
const mirror = { upstream: "https://registry-1.docker.io" } as const;

/** Where layers are kept. */
export const storages: readonly RefusalCase[] = [
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
    code: "storage/class-unknown-to-oss",
    refused: local({ storage: { ...oss, storageClass: "REDUCED_REDUNDANCY" } }),
    field: "registry.storage.storageClass",
    allowed: local({ storage: { ...oss, storageClass: "STANDARD_IA" } }),
  },
  {
    code: "storage/oss-bucket-with-dot",
    refused: local({ storage: { ...oss, bucket: "example.images" } }),
    field: "registry.storage.bucket",
    allowed: local({ storage: { ...minio, bucket: "example.images" } }),
  },
];
