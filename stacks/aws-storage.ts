import type { Construct } from "constructs";
import { Account } from "../constructs/aws/account.js";
import { existingKey } from "../constructs/aws/encryption-key.js";
import type { Identity } from "../constructs/aws/identity.js";
import { registryRights } from "../constructs/aws/registry-rights.js";
import type { Storage } from "../spec/storage.js";

/**
 * The name of a bucket on Amazon S3 that is not the site's, and that the role of its machines opens.
 * @returns undefined when the images are elsewhere
 */
export function otherBucket(storage: Storage): string | undefined {
  return storage.kind === "s3" && storage.credentials === "instance-role" ? storage.bucket : undefined;
}

/** Gives machines the rights on such a bucket. Its own policy, and that of its key, must allow it too. */
export function grantOtherBucket(scope: Construct, identity: Identity, storage: Storage): void {
  if (storage.kind !== "s3" || storage.credentials !== "instance-role") return;
  const { partition, dnsSuffix } = Account.of(scope);
  const key = storage.kmsKey === undefined ? undefined : existingKey(scope, "bucket-key", storage.kmsKey);
  const rights = registryRights({
    bucketArn: `arn:${partition}:s3:::${storage.bucket}`,
    prefix: storage.prefix,
    service: `s3.${storage.region}.${dnsSuffix}`,
    ...(key === undefined ? {} : { keyArn: key.id }),
  });
  identity.allow("registry-storage", rights);
}
