import type { EnvironmentFile } from "../../spec/environment.js";
import type { StorageFile } from "../arbitrary/storage.js";

type RegistryFile = EnvironmentFile["registry"];
type SiteFile = EnvironmentFile["sites"][number];
type LocalFile = Extract<SiteFile, { provider: "local" }>;
type HostsFile = Extract<SiteFile, { provider: "hosts" }>;
type AlicloudFile = Extract<SiteFile, { provider: "alicloud" }>;
type AwsFile = Extract<SiteFile, { provider: "aws" }>;
type Rest = Omit<EnvironmentFile, "environment" | "registry" | "sites">;

/** An S3-compatible storage that every version runs on. */
export const minio = {
  kind: "s3",
  bucket: "images",
  region: "us-east-1",
  endpoint: "https://minio.example.com:9000",
  forcePathStyle: true,
} as const satisfies StorageFile;

/** Alibaba Cloud OSS as version 3 speaks to it. */
export const oss = {
  kind: "s3",
  bucket: "images",
  region: "cn-hangzhou",
  endpoint: "https://oss-cn-hangzhou-internal.aliyuncs.com",
} as const satisfies StorageFile;

/** The smallest environment on this machine, with these changes. */
export function local(
  registry: Partial<RegistryFile> = {},
  site: Partial<LocalFile> = {},
  rest: Rest = {},
): EnvironmentFile {
  return {
    environment: "prod",
    registry: { hostname: "registry.example.com", ...registry },
    sites: [{ name: "here", provider: "local", ...site }],
    ...rest,
  };
}

/** An environment on three given hosts, with these changes. */
export function hosts(site: Partial<HostsFile> = {}, registry: Partial<RegistryFile> = {}): EnvironmentFile {
  return {
    environment: "prod",
    registry: { hostname: "registry.example.com", storage: minio, ...registry },
    sites: [
      {
        name: "cellar",
        provider: "hosts",
        hosts: [host(1), host(2), host(3)],
        entry: { from: "floating", address: "10.20.0.100" },
        ...site,
      },
    ],
  };
}

/** The smallest environment on Alibaba Cloud, with these changes. */
export function alicloud(site: Partial<AlicloudFile> = {}, registry: Partial<RegistryFile> = {}): EnvironmentFile {
  return {
    environment: "prod",
    registry: { hostname: "registry.example.com", ...registry },
    sites: [
      {
        name: "hangzhou",
        provider: "alicloud",
        region: "cn-hangzhou",
        zones: ["cn-hangzhou-h", "cn-hangzhou-i", "cn-hangzhou-j"],
        network: { operators: ["203.0.113.0/24"], clients: ["203.0.113.0/24"] },
        ...site,
      },
    ],
  };
}

/** The smallest environment on AWS, with these changes. */
export function aws(site: Partial<AwsFile> = {}, registry: Partial<RegistryFile> = {}): EnvironmentFile {
  return {
    environment: "prod",
    registry: { hostname: "registry.example.com", ...registry },
    sites: [
      {
        name: "frankfurt",
        provider: "aws",
        region: "eu-central-1",
        zones: ["eu-central-1a", "eu-central-1b", "eu-central-1c"],
        network: { operators: ["203.0.113.0/24"], clients: ["203.0.113.0/24"] },
        ...site,
      },
    ],
  };
}

/** One of the given hosts, with these changes. */
export function host(number: number, changes: Partial<HostsFile["hosts"][number]> = {}): HostsFile["hosts"][number] {
  return { name: `node-${number}`, address: `10.20.0.1${number}`, ...changes };
}
