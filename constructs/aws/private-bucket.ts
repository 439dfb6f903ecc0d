import { S3Bucket, type S3BucketConfig } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls/index.js";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy/index.js";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block/index.js";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning/index.js";
import { Lazy } from "cdktf";
import { Construct } from "constructs";
import type { SiteKey } from "../encryption-key.js";
import type { Tags } from "../named.js";
import { type Transform, transformed } from "../transform.js";
import { BucketLifecycle, type BucketRule } from "./bucket-lifecycle.js";
import { policy, type Statement, tlsOnly } from "./policy.js";

export interface PrivateBucketProps {
  /** Name of the bucket: 3 to 63 of a-z, 0-9 and "-", unique in the whole cloud. */
  readonly bucket: string;
  /** Key for new objects, or "service" for one of S3's own. */
  readonly key: SiteKey | "service";
  /**
   * Ask KMS once in a while, and not once an object: 99 % fewer paid requests. Not where a service writes whose right to
   * the key depends on the object.
   * @default true
   */
  readonly bucketKey?: boolean;
  /** How it tidies up. */
  readonly lifecycle: readonly BucketRule[];
  /** Refuse to delete it while it holds something. @default true */
  readonly protect?: boolean;
  /** Refuse to delete it even when it is empty, as long as `protect` stands. @default false */
  readonly irreplaceable?: boolean;
  /** Tags on it. @default - none but those of the provider block */
  readonly tags?: Tags;
  /** Change the bucket before it is made. @default - as it is */
  readonly transform?: Transform<S3BucketConfig>;
}

/**
 * A bucket that nobody outside reaches: no ACL, no public policy, TLS only, encrypted, with versions.
 * @example
 * const bucket = new PrivateBucket(this, "files", { bucket: "example-files", key: "service", lifecycle: logRules(90) });
 */
export class PrivateBucket extends Construct {
  /** Change what is inside where no prop does. */
  readonly resources: {
    readonly bucket: S3Bucket;
    readonly policy: S3BucketPolicy;
    readonly versioning: S3BucketVersioningA;
    readonly encryption: S3BucketServerSideEncryptionConfigurationA;
    readonly lifecycle: BucketLifecycle;
  };
  private readonly allowed: Statement[] = [];

  constructor(scope: Construct, id: string, props: PrivateBucketProps) {
    super(scope, id);
    const bucket = this.createBucket(props);
    const closed = this.keepPrivate(bucket);
    const versioning = this.keepVersions(bucket);
    this.resources = {
      bucket,
      versioning,
      encryption: this.encrypt(bucket, props),
      lifecycle: new BucketLifecycle(this, "lifecycle", { bucket, versioning, rules: props.lifecycle }),
      policy: this.requireTls(bucket, closed),
    };
  }

  /** Its name. */
  get name(): string {
    return this.resources.bucket.bucket;
  }

  get arn(): string {
    return this.resources.bucket.arn;
  }

  /** Adds to the bucket's own policy: what a service of AWS may do that has no role. */
  allow(statement: Statement): void {
    this.allowed.push(statement);
  }

  private createBucket({ bucket, protect = true, irreplaceable = false, tags, transform }: PrivateBucketProps) {
    const config: S3BucketConfig = {
      bucket,
      forceDestroy: !protect,
      ...(irreplaceable ? { lifecycle: { preventDestroy: protect } } : {}),
      ...(tags === undefined ? {} : { tags }),
    };
    return new S3Bucket(this, "bucket", transformed(config, transform));
  }

  private keepPrivate(bucket: S3Bucket) {
    const closed = new S3BucketPublicAccessBlock(this, "closed", {
      bucket: bucket.id,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketOwnershipControls(this, "owner", {
      bucket: bucket.id,
      rule: { objectOwnership: "BucketOwnerEnforced" },
      // S3 answers a conflict to whoever changes two of these at the same time.
      dependsOn: [closed],
    });
    return closed;
  }

  private keepVersions(bucket: S3Bucket) {
    return new S3BucketVersioningA(this, "versions", {
      bucket: bucket.id,
      versioningConfiguration: { status: "Enabled" },
    });
  }

  private encrypt(bucket: S3Bucket, { key, bucketKey = true }: PrivateBucketProps) {
    const byDefault =
      key === "service" ? { sseAlgorithm: "AES256" } : { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.id };
    return new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket: bucket.id,
      rule: [{ applyServerSideEncryptionByDefault: byDefault, bucketKeyEnabled: bucketKey && key !== "service" }],
    });
  }

  private requireTls(bucket: S3Bucket, closed: S3BucketPublicAccessBlock) {
    return new S3BucketPolicy(this, "policy", {
      bucket: bucket.id,
      policy: Lazy.stringValue({ produce: () => policy([...tlsOnly(bucket.arn), ...this.allowed]) }),
      dependsOn: [closed],
    });
  }
}
