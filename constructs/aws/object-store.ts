import type { S3BucketConfig } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import { Construct } from "constructs";
import type { SiteKey } from "../encryption-key.js";
import { fitName } from "../named.js";
import { folderOf, lifecycleRules, type RegistryFolder, type ObjectStoreProps as Vocabulary } from "../object-store.js";
import type { Transform } from "../transform.js";
import { Account } from "./account.js";
import { logRules } from "./bucket-lifecycle.js";
import type { Identity } from "./identity.js";
import { PrivateBucket } from "./private-bucket.js";
import { registryRights } from "./registry-rights.js";
import { writeDownRequests } from "./request-log.js";

export interface ObjectStoreProps extends Vocabulary {
  /** Key for new objects, or "service" for one of S3's own. @default "service" */
  readonly key?: SiteKey | "service";
  /** Change the buckets before they are made. @default - as they are */
  readonly transform?: {
    readonly bucket?: Transform<S3BucketConfig>;
    readonly accessLog?: Transform<S3BucketConfig>;
  };
}

/** The longest name of a bucket. */
const LONGEST_BUCKET_NAME = 63;
const LOG_KEEP_DAYS = 90;

/**
 * A private, encrypted bucket on Amazon S3 for image layers. It keeps versions, so that what was deleted can be brought
 * back, and so that it can be the source of a replication.
 *
 * About 23 USD a TiB and month; what moves to infrequent access costs half of it.
 * @example
 * const store = new ObjectStore(this, "images", { name: "prod-frankfurt", bucket: "example-images", key });
 * store.grantRegistry(identity, { prefix: "/registry" });
 */
export class ObjectStore extends Construct {
  /** Name of the bucket. */
  readonly bucket: string;
  /** Storage classes in which it may hold bytes, as CloudWatch names them. */
  readonly storageTypes: readonly string[];
  /** Change what is inside where no prop does. */
  readonly resources: { readonly bucket: PrivateBucket; readonly accessLog?: PrivateBucket };
  private readonly keyArn: string | undefined;

  constructor(scope: Construct, id: string, props: ObjectStoreProps) {
    super(scope, id);
    const { key = "service", accessLog = true } = props;
    const bucket = this.createBucket(props, key);
    this.resources = { bucket, ...(accessLog ? { accessLog: this.createAccessLog(bucket, props) } : {}) };
    this.bucket = bucket.name;
    this.keyArn = key === "service" ? undefined : key.id;
    this.storageTypes = ["StandardStorage", ...(props.infrequentAfterDays === undefined ? [] : ["StandardIAStorage"])];
  }

  /** Gives a registry on machines with this identity the rights that it needs in its folder, and no more. */
  grantRegistry(identity: Identity, { prefix }: Pick<RegistryFolder, "prefix">): void {
    const { region, dnsSuffix } = Account.of(this);
    const rights = registryRights({
      bucketArn: this.resources.bucket.arn,
      prefix,
      service: `s3.${region}.${dnsSuffix}`,
      ...(this.keyArn === undefined ? {} : { keyArn: this.keyArn }),
    });
    identity.allow("registry-storage", rights);
  }

  private createBucket(props: ObjectStoreProps, key: SiteKey | "service"): PrivateBucket {
    const { bucket, folder = "", protect = true, tags, transform } = props;
    return new PrivateBucket(this, "images", {
      bucket,
      key,
      lifecycle: lifecycleRules(props, folderOf(folder)),
      protect,
      irreplaceable: true,
      ...(tags === undefined ? {} : { tags }),
      ...(transform?.bucket === undefined ? {} : { transform: transform.bucket }),
    });
  }

  private createAccessLog(bucket: PrivateBucket, props: ObjectStoreProps): PrivateBucket {
    const { accessLogKeepDays = LOG_KEEP_DAYS, protect = true, tags, transform } = props;
    const log = new PrivateBucket(this, "access-log", {
      bucket: fitName(`${props.bucket}-access-log`, LONGEST_BUCKET_NAME),
      // The service that delivers these logs can write to no bucket with a key of KMS.
      key: "service",
      lifecycle: logRules(accessLogKeepDays),
      protect,
      ...(tags === undefined ? {} : { tags }),
      ...(transform?.accessLog === undefined ? {} : { transform: transform.accessLog }),
    });
    writeDownRequests(this, { of: bucket, to: log, folder: "requests", right: "Delivery" });
    return log;
  }
}
