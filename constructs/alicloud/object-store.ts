import type { OssBucket, OssBucketLifecycleRule } from "@cdktf/provider-alicloud/lib/oss-bucket";
import { OssBucketLoggingA } from "@cdktf/provider-alicloud/lib/oss-bucket-logging";
import { OssBucketVersioningA } from "@cdktf/provider-alicloud/lib/oss-bucket-versioning";
import { Construct } from "constructs";
import type { SiteKey } from "../encryption-key.js";
import { fitName } from "../named.js";
import {
  type BucketOperation,
  type ObjectStoreProps as CommonProps,
  folderOf,
  type LifecycleRule,
  lifecycleRules,
  type ObjectOperation,
  REGISTRY_OPERATIONS,
  type RegistryFolder,
} from "../object-store.js";
import { type Transform, transformed } from "../transform.js";
import type { Identity } from "./identity.js";
import { type NamedBucketConfig, PrivateBucket } from "./private-bucket.js";
import type { PolicyStatement } from "./ram-policy-document.js";

/** A bucket of OSS for image layers. */
export interface ObjectStoreProps extends CommonProps {
  /** Key for new objects, or `"service"` for the key that OSS owns (AES-256). */
  readonly key: SiteKey | "service";
  /** Change what is made. @default - as it is */
  readonly transform?: { readonly bucket?: Transform<NamedBucketConfig> };
}

const LONGEST_BUCKET_NAME = 63;
const LOG_SUFFIX = "-requests";
const LOG_KEEP_DAYS = 90;

/**
 * A private, encrypted, versioned bucket in three zones, and a second one for the log of its requests. Three copies cost
 * about a quarter more than one zone's; where OSS has no three zones, make it `redundancyType: "LRS"` by `transform`.
 * @example
 * const store = new ObjectStore(this, "store", { name: "prod", bucket: "prod-images-of-example", key: "service" });
 * store.grantRegistry(identity, { bucket: store.bucket, prefix: "/registry" });
 */
export class ObjectStore extends Construct {
  /** Name of the bucket; whoever uses it waits for the bucket. */
  readonly bucket: string;
  readonly resources: { readonly bucket: OssBucket; readonly log?: OssBucket };
  private readonly key: SiteKey | "service";

  constructor(scope: Construct, id: string, props: ObjectStoreProps) {
    super(scope, id);
    this.key = props.key;
    const images = this.createBucket(props);
    const log = (props.accessLog ?? true) ? this.writeDownRequests(images, props) : undefined;
    this.bucket = images.bucket;
    this.resources = { bucket: images.resource, ...(log === undefined ? {} : { log: log.resource }) };
  }

  /**
   * Gives a registry the rights it needs on this bucket, and no more: it cannot change the bucket itself, nor remove the
   * versions that deleted images are brought back from.
   */
  grantRegistry(identity: Identity, folder: RegistryFolder): void {
    identity.allow("registry", [...registryRights(folder), ...keyRights(this.key)]);
  }

  private createBucket(props: ObjectStoreProps): PrivateBucket {
    const { bucket, key, folder = "", protect = true, tags, transform } = props;
    const config: NamedBucketConfig = {
      bucket,
      forceDestroy: !protect,
      lifecycleRule: ossRules(lifecycleRules(props, folderOf(folder))),
      ...(tags === undefined ? {} : { tags }),
    };
    const images = new PrivateBucket(this, "images", {
      config: transformed(config, transform?.bucket),
      key,
      madeElsewhere: ["versioning", "logging"],
    });
    new OssBucketVersioningA(this, "versioning", { bucket: images.bucket, status: "Enabled" });
    return images;
  }

  private writeDownRequests(images: PrivateBucket, props: ObjectStoreProps): PrivateBucket {
    const { bucket, protect = true, accessLogKeepDays = LOG_KEEP_DAYS, tags } = props;
    const log = new PrivateBucket(this, "requests", {
      config: {
        bucket: `${fitName(bucket, LONGEST_BUCKET_NAME - LOG_SUFFIX.length)}${LOG_SUFFIX}`,
        forceDestroy: !protect,
        lifecycleRule: [{ id: "expire", enabled: true, prefix: "", expiration: [{ days: accessLogKeepDays }] }],
        ...(tags === undefined ? {} : { tags }),
      },
      // OSS writes this log itself and has no right to use a key of the account.
      key: "service",
    });
    new OssBucketLoggingA(this, "access-log", {
      bucket: images.bucket,
      targetBucket: log.bucket,
      targetPrefix: "requests/",
    });
    return log;
  }
}

/**
 * Rules as OSS takes them: one for each prefix, for it refuses two with the same.
 * @see https://help.aliyun.com/en/oss/user-guide/0014-00000085
 */
export function ossRules(rules: readonly LifecycleRule[]): OssBucketLifecycleRule[] {
  const prefixes = [...new Set(rules.map(prefixOf))];
  return prefixes.map((prefix) => {
    const same = rules.filter((rule) => prefixOf(rule) === prefix);
    const id = same.map((rule) => rule.id).join("-and-");
    const actions = Object.fromEntries(same.flatMap((rule) => Object.entries(ossActions(rule))));
    return { id, prefix, enabled: true, ...actions };
  });
}

function prefixOf({ prefix = "" }: LifecycleRule): string {
  return prefix;
}

/** What a rule does, and to objects of which size. */
function ossActions(rule: LifecycleRule): Omit<OssBucketLifecycleRule, "enabled"> {
  return {
    ...(rule.largerThan === undefined ? {} : { filter: { objectSizeGreaterThan: rule.largerThan } }),
    ...(rule.abandonUploadsAfterDays === undefined
      ? {}
      : { abortMultipartUpload: [{ days: rule.abandonUploadsAfterDays }] }),
    ...(rule.expireVersionsAfterDays === undefined
      ? {}
      : { noncurrentVersionExpiration: [{ days: rule.expireVersionsAfterDays }] }),
    ...(rule.removeLoneMarkers === true ? { expiration: [{ expiredObjectDeleteMarker: true }] } : {}),
    ...(rule.infrequentAfterDays === undefined
      ? {}
      : { transitions: [{ days: rule.infrequentAfterDays, storageClass: "IA" }] }),
  };
}

/** Names that OSS has for what a registry does. A copy is a read and a write; the end of an upload is a write. */
const BUCKET_ACTIONS: Readonly<Record<BucketOperation, string>> = {
  "list-objects": "oss:ListObjects",
  locate: "oss:GetBucketLocation",
  "list-uploads": "oss:ListMultipartUploads",
};
const OBJECT_ACTIONS: Readonly<Record<ObjectOperation, string>> = {
  read: "oss:GetObject",
  write: "oss:PutObject",
  delete: "oss:DeleteObject",
  "list-parts": "oss:ListParts",
  "abort-upload": "oss:AbortMultipartUpload",
};

/**
 * Rights of a registry on its folder of a bucket.
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/ram-policy-overview
 */
export function registryRights({ bucket, prefix }: RegistryFolder): PolicyStatement[] {
  const folder = folderOf(prefix);
  const objects = folder === "" ? "*" : `${folder}/*`;
  return [
    {
      actions: REGISTRY_OPERATIONS.bucket.map((operation) => BUCKET_ACTIONS[operation]),
      resources: [`acs:oss:*:*:${bucket}`],
    },
    {
      actions: REGISTRY_OPERATIONS.objects.map((operation) => OBJECT_ACTIONS[operation]),
      resources: [`acs:oss:*:*:${bucket}/${objects}`],
    },
  ];
}

/**
 * OSS asks KMS in the name of the one who reads or writes: a new data key for each object, and the old one opened again.
 * @see https://help.aliyun.com/en/oss/developer-reference/put-object
 */
function keyRights(key: SiteKey | "service"): PolicyStatement[] {
  if (key === "service") return [];
  return [{ actions: ["kms:GenerateDataKey", "kms:Decrypt"], resources: [`acs:kms:*:*:key/${key.id}`] }];
}
