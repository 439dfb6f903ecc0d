import type { ManagedStorage } from "../spec/inventory.js";
import type { S3Storage, Storage } from "../spec/storage.js";

/** A bucket that speaks S3, and where to find it. */
export interface Bucket {
  /** URL of the bucket, with a slash at its end. */
  readonly url: string;
  readonly name: string;
  /** Region in the scope of signatures. */
  readonly region: string;
  /** Folder of the registry, without slashes at its ends; empty for the bucket's root. */
  readonly prefix: string;
  /** Access control list that each written object carries. */
  readonly objectAcl: S3Storage["objectAcl"];
  /** Headers that each written object carries, because policies of the bucket may demand them. */
  readonly writeHeaders: Readonly<Record<string, string>>;
}

/** The bucket of a storage; undefined when it is not reached through S3. */
export function bucketOf(storage: Storage, managed: ManagedStorage | undefined): Bucket | undefined {
  switch (storage.kind) {
    case "managed":
      return managed && managedBucket(managed, storage.prefix);
    case "s3":
      return s3Bucket(storage);
    case "oss":
      return {
        url: `https://${storage.endpoint ?? `${storage.bucket}.${storage.region}${storage.internal ? "-internal" : ""}.aliyuncs.com`}/`,
        name: storage.bucket,
        region: storage.region.replace(/^oss-/, ""),
        prefix: trimmed(storage.prefix),
        objectAcl: "private",
        writeHeaders: storage.encrypt ? { "x-amz-server-side-encryption": "AES256" } : {},
      };
    default:
      return undefined;
  }
}

function managedBucket(managed: ManagedStorage, prefix: string): Bucket {
  const endpoint = managed.endpoint ?? amazonEndpoint({ region: managed.region, dualStack: false });
  return bucketAt({ objectAcl: "private", ...managed, endpoint, name: managed.bucket, prefix });
}

function s3Bucket(storage: S3Storage): Bucket {
  const encryption = storage.encrypt ? encryptionHeaders(storage.kmsKey) : {};
  if (storage.accelerate) {
    const host = storage.dualStack ? "s3-accelerate.dualstack" : "s3-accelerate";
    const url = `https://${storage.bucket}.${host}.amazonaws.com/`;
    return {
      url,
      name: storage.bucket,
      region: storage.region,
      prefix: trimmed(storage.prefix),
      objectAcl: storage.objectAcl,
      writeHeaders: encryption,
    };
  }
  const bucket = bucketAt({ ...storage, endpoint: storage.endpoint ?? amazonEndpoint(storage), name: storage.bucket });
  return { ...bucket, writeHeaders: encryption };
}

function bucketAt(at: {
  readonly endpoint: string;
  readonly name: string;
  readonly region: string;
  readonly prefix: string;
  readonly forcePathStyle: boolean;
  readonly objectAcl: S3Storage["objectAcl"];
}): Bucket {
  const url = new URL(at.endpoint);
  // No wildcard certificate covers a bucket name with dots, so the registry's driver takes the path for these as well.
  const inPath = at.forcePathStyle || (url.protocol === "https:" && at.name.includes("."));
  const path = url.pathname.replace(/\/?$/, "/");
  return {
    url: inPath ? `${url.origin}${path}${at.name}/` : `${url.protocol}//${at.name}.${url.host}${path}`,
    name: at.name,
    region: at.region,
    prefix: trimmed(at.prefix),
    objectAcl: at.objectAcl,
    writeHeaders: {},
  };
}

/** Amazon's endpoints; those of its Chinese regions lie under a domain of their own. */
function amazonEndpoint({ region, dualStack }: Pick<S3Storage, "region" | "dualStack">): string {
  const domain = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  return `https://s3.${dualStack ? "dualstack." : ""}${region}.${domain}`;
}

function encryptionHeaders(kmsKey: string | undefined): Record<string, string> {
  if (kmsKey === undefined) return { "x-amz-server-side-encryption": "AES256" };
  return { "x-amz-server-side-encryption": "aws:kms", "x-amz-server-side-encryption-aws-kms-key-id": kmsKey };
}

function trimmed(prefix: string): string {
  return prefix.replace(/^\/+|\/+$/g, "");
}
