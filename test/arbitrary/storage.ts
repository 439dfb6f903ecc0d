import fc from "fast-check";
import type { EnvironmentFile } from "../../spec/environment.js";
import { hostileText, hostnames } from "./text.js";

export type StorageFile = NonNullable<EnvironmentFile["registry"]["storage"]>;
export type Version = NonNullable<EnvironmentFile["registry"]["version"]>;

/** What a storage has to fit to. */
export interface Setting {
  readonly version: Version;
  readonly provider: "local" | "hosts" | "alicloud" | "aws";
  readonly nodes: number;
}

type S3File = Extract<StorageFile, { kind: "s3" }>;

const prefix = fc.constantFrom("/registry", "images", "/a/b_c.d", "");
const chunkSize = fc.constantFrom("5MiB", "10MiB", "64MiB");
const bucket = fc.stringMatching(/^[a-z0-9][a-z0-9-]{1,20}[a-z0-9]$/);

/** A storage that runs in this setting. */
export function validStorages(setting: Setting): fc.Arbitrary<StorageFile> {
  const kinds: fc.Arbitrary<StorageFile>[] = [compatibleS3(setting), azure()];
  if (setting.provider === "local" || (setting.provider !== "hosts" && setting.version === "3.1"))
    kinds.push(managed());
  if (setting.nodes === 1) kinds.push(filesystem());
  kinds.push(setting.version === "2.8" ? ossDriver() : fc.oneof(amazonS3().map(withRole(setting)), ossThroughS3()));
  if (setting.version === "2.8" && setting.provider !== "aws") kinds.push(oldAmazonS3());
  return fc.oneof(...kinds);
}

/** A storage of the right shape, whether it runs or not. */
export function anyStorages(): fc.Arbitrary<StorageFile> {
  return fc.oneof(
    managed(),
    azure(),
    filesystem(),
    ossDriver(),
    fc
      .tuple(fc.oneof(amazonS3(), ossThroughS3()), fc.boolean(), fc.boolean(), fc.constantFrom("1KiB", "10MiB"))
      .map(([storage, forcePathStyle, accelerate, size]) => ({
        ...storage,
        forcePathStyle,
        accelerate,
        chunkSize: size,
      })),
  );
}

/** Machines on AWS have a role; a key beside it is refused. */
function withRole({ provider }: Setting): (storage: S3File) => S3File {
  return (storage) => (provider === "aws" ? { ...storage, credentials: "instance-role" } : storage);
}

function managed(): fc.Arbitrary<StorageFile> {
  return fc.record({ kind: fc.constant("managed" as const), prefix }, { requiredKeys: ["kind"] });
}

function filesystem(): fc.Arbitrary<StorageFile> {
  return fc.record(
    { kind: fc.constant("filesystem" as const), directory: fc.constantFrom("/srv/registry", "/data/images_1.0/r-1") },
    { requiredKeys: ["kind"] },
  );
}

function azure(): fc.Arbitrary<StorageFile> {
  return fc.record(
    {
      kind: fc.constant("azure" as const),
      account: fc.stringMatching(/^[a-z0-9]{3,24}$/),
      container: fc.stringMatching(/^[a-z0-9](-?[a-z0-9]){2,10}$/),
      realm: fc.constantFrom("core.windows.net", "core.chinacloudapi.cn"),
      prefix,
    },
    { requiredKeys: ["kind", "account", "container"] },
  );
}

function ossDriver(): fc.Arbitrary<StorageFile> {
  return fc.record(
    {
      kind: fc.constant("oss" as const),
      bucket,
      region: fc.constantFrom("oss-cn-hangzhou", "oss-eu-central-1"),
      encrypt: fc.boolean(),
      prefix,
      chunkSize,
    },
    { requiredKeys: ["kind", "bucket", "region"] },
  );
}

/** Encryption with or without a key of one's own. */
function encryption(): fc.Arbitrary<Pick<S3File, "encrypt" | "kmsKey">> {
  return fc.oneof(
    fc.constant({ encrypt: false }),
    fc.constant({ encrypt: true }),
    fc.record({ encrypt: fc.constant(true), kmsKey: hostileText() }),
  );
}

function amazonS3(): fc.Arbitrary<S3File> {
  const options = fc.record(
    {
      kind: fc.constant("s3" as const),
      bucket,
      region: fc.constantFrom("us-east-1", "eu-central-1", "cn-north-1"),
      credentials: fc.constantFrom("keys" as const, "instance-role" as const),
      storageClass: fc.constantFrom("STANDARD" as const, "INTELLIGENT_TIERING" as const, "NONE" as const),
      objectAcl: fc.constantFrom("private" as const, "bucket-owner-full-control" as const),
      accelerate: fc.boolean(),
      dualStack: fc.boolean(),
      prefix,
      chunkSize,
    },
    { requiredKeys: ["kind", "bucket", "region"] },
  );
  return fc.tuple(options, encryption()).map(([storage, encrypted]) => ({ ...storage, ...encrypted }));
}

function oldAmazonS3(): fc.Arbitrary<S3File> {
  return fc.record(
    {
      kind: fc.constant("s3" as const),
      bucket,
      region: fc.constantFrom("us-east-1", "eu-central-1"),
      storageClass: fc.constantFrom("STANDARD" as const, "REDUCED_REDUNDANCY" as const, "NONE" as const),
    },
    { requiredKeys: ["kind", "bucket", "region"] },
  );
}

function compatibleS3(setting: Setting): fc.Arbitrary<S3File> {
  const endpoint = fc.oneof(
    hostnames.map((host) => `https://s3.${host}:9000`),
    fc.constant("http://10.9.8.7:9000"),
  );
  const options = fc.record(
    {
      kind: fc.constant("s3" as const),
      bucket,
      region: fc.constantFrom("us-east-1", "garage"),
      endpoint,
      forcePathStyle: setting.version === "2.8" ? fc.constant(true) : fc.boolean(),
      prefix,
      chunkSize,
    },
    { requiredKeys: ["kind", "bucket", "region", "endpoint", "forcePathStyle"] },
  );
  return fc.tuple(options, encryption()).map(([storage, encrypted]) => ({ ...storage, ...encrypted }));
}

function ossThroughS3(): fc.Arbitrary<S3File> {
  return fc.record(
    {
      kind: fc.constant("s3" as const),
      bucket,
      region: fc.constant("cn-hangzhou"),
      endpoint: fc.constantFrom(
        "https://oss-cn-hangzhou-internal.aliyuncs.com",
        "https://oss-cn-hangzhou.aliyuncs.com",
      ),
      encrypt: fc.boolean(),
      storageClass: fc.constantFrom("STANDARD" as const, "NONE" as const),
      chunkSize,
    },
    { requiredKeys: ["kind", "bucket", "region", "endpoint"] },
  );
}
