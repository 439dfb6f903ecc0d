import type { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import {
  S3BucketLifecycleConfiguration,
  type S3BucketLifecycleConfigurationRule,
  type S3BucketLifecycleConfigurationRuleFilter,
} from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js";
import type { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning/index.js";
import { Construct } from "constructs";
import type { LifecycleRule } from "../object-store.js";

/** A rule of a bucket that may lose what is current, as logs may and images never. */
export interface BucketRule extends LifecycleRule {
  /** Age at which objects go. @default - they stay */
  readonly expireAfterDays?: number;
}

/** Rules for a bucket that holds logs. */
export function logRules(keepDays: number): BucketRule[] {
  return [
    { id: "expire", expireAfterDays: keepDays, abandonUploadsAfterDays: 7 },
    // What has expired is a version for one more day, then it is gone.
    { id: "expire-versions", expireVersionsAfterDays: 1, removeLoneMarkers: true },
  ];
}

export interface BucketLifecycleProps {
  readonly bucket: S3Bucket;
  /** What makes versions; rules about them count only afterwards. */
  readonly versioning: S3BucketVersioningA;
  readonly rules: readonly BucketRule[];
}

/** The one set of rules by which a bucket tidies up. */
export class BucketLifecycle extends Construct {
  /** Change what is inside where no prop does. */
  readonly resources: { readonly configuration: S3BucketLifecycleConfiguration };

  constructor(scope: Construct, id: string, { bucket, versioning, rules }: BucketLifecycleProps) {
    super(scope, id);
    const configuration = new S3BucketLifecycleConfiguration(this, "rules", {
      bucket: bucket.id,
      rule: rules.map(ruleOf),
      dependsOn: [versioning],
    });
    this.resources = { configuration };
  }
}

/** A rule in S3's words. */
export function ruleOf(rule: BucketRule): S3BucketLifecycleConfigurationRule {
  return { id: rule.id, status: "Enabled", filter: [filterOf(rule)], ...actionsOf(rule) };
}

/** S3 wants two conditions inside an `and`, and one alone outside of it. */
function filterOf({ prefix, largerThan }: LifecycleRule): S3BucketLifecycleConfigurationRuleFilter {
  if (largerThan === undefined) return { prefix: prefix ?? "" };
  return { and: [{ prefix: prefix ?? "", objectSizeGreaterThan: largerThan }] };
}

function actionsOf(rule: BucketRule): Partial<S3BucketLifecycleConfigurationRule> {
  const { abandonUploadsAfterDays, expireVersionsAfterDays, expireAfterDays, removeLoneMarkers, infrequentAfterDays } =
    rule;
  return {
    ...(abandonUploadsAfterDays === undefined
      ? {}
      : { abortIncompleteMultipartUpload: [{ daysAfterInitiation: abandonUploadsAfterDays }] }),
    ...(expireVersionsAfterDays === undefined
      ? {}
      : { noncurrentVersionExpiration: [{ noncurrentDays: expireVersionsAfterDays }] }),
    ...(expireAfterDays === undefined ? {} : { expiration: [{ days: expireAfterDays }] }),
    ...(removeLoneMarkers ? { expiration: [{ expiredObjectDeleteMarker: true }] } : {}),
    ...(infrequentAfterDays === undefined
      ? {}
      : { transition: [{ days: infrequentAfterDays, storageClass: "STANDARD_IA" }] }),
  };
}
