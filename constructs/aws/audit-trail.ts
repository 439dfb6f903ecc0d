import { Cloudtrail, type CloudtrailConfig } from "@cdktf/provider-aws/lib/cloudtrail/index.js";
import type { S3BucketConfig } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import { Construct } from "constructs";
import type { AuditTrailProps as Vocabulary } from "../audit-trail.js";
import type { SiteKey } from "../encryption-key.js";
import { fitName } from "../named.js";
import { type Transform, transformed } from "../transform.js";
import { Account } from "./account.js";
import { logRules } from "./bucket-lifecycle.js";
import { allowService } from "./encryption-key.js";
import type { Logs } from "./logs.js";
import { PrivateBucket } from "./private-bucket.js";
import { writeDownRequests } from "./request-log.js";

export interface AuditTrailProps extends Vocabulary {
  /** Where it can be searched. */
  readonly logs: Logs;
  /** Key that encrypts it. @default - S3's own */
  readonly key?: SiteKey;
  /** Days that its files are kept. @default 90 */
  readonly keepDays?: number;
  /** Bucket in which every request to the files is written down. @default - none is */
  readonly accessLog?: PrivateBucket;
  /** Refuse to delete the files by accident. @default true */
  readonly protect?: boolean;
  /** Change what is inside before it is made. @default - as it is */
  readonly transform?: { readonly trail?: Transform<CloudtrailConfig>; readonly bucket?: Transform<S3BucketConfig> };
}

const SERVICE = "cloudtrail.amazonaws.com";
const KEEP_DAYS = 90;
const LONGEST_BUCKET_NAME = 63;
/** A hyphen and the twelve digits of an account. */
const ACCOUNT_LENGTH = 13;
const LONGEST_TRAIL_NAME = 128;

/**
 * A trail of CloudTrail: who changed what in the account, in all regions, in files that show when somebody touched them.
 * The first trail of an account costs nothing but its storage; every further one 2 USD for 100,000 events.
 * @example
 * new AuditTrail(this, "audit", { name: "prod-frankfurt", logs, key });
 */
export class AuditTrail extends Construct {
  /** Change what is inside where no prop does. */
  readonly resources: { readonly trail: Cloudtrail; readonly bucket: PrivateBucket };

  constructor(scope: Construct, id: string, props: AuditTrailProps) {
    super(scope, id);
    allowService(props.key, "cloudtrail");
    const bucket = this.createBucket(props);
    const { accessLog: to } = props;
    if (to !== undefined) writeDownRequests(this, { of: bucket, to, folder: "audit", right: "DeliveryOfAudit" });
    this.resources = { bucket, trail: this.createTrail(bucket, props) };
  }

  private createBucket({ name, key, keepDays = KEEP_DAYS, protect = true, tags, transform }: AuditTrailProps) {
    const account = Account.of(this);
    const bucket = new PrivateBucket(this, "files", {
      bucket: `${fitName(`${name}-audit`, LONGEST_BUCKET_NAME - ACCOUNT_LENGTH)}-${account.id}`,
      key: key ?? "service",
      // CloudTrail may use the key for its own files only, and with a key of the bucket KMS is not told for which one.
      bucketKey: false,
      lifecycle: logRules(keepDays),
      protect,
      ...(tags === undefined ? {} : { tags }),
      ...(transform?.bucket === undefined ? {} : { transform: transform.bucket }),
    });
    const fromTrail = { "aws:SourceArn": account.arn("cloudtrail", `trail/${trailName(name)}`) };
    const statement = { Effect: "Allow", Principal: { Service: SERVICE } } as const;
    bucket.allow({
      ...statement,
      Sid: "TrailLooks",
      Action: "s3:GetBucketAcl",
      Resource: bucket.arn,
      Condition: { StringEquals: fromTrail },
    });
    bucket.allow({
      ...statement,
      Sid: "TrailWrites",
      Action: "s3:PutObject",
      Resource: `${bucket.arn}/AWSLogs/${account.id}/*`,
      Condition: { StringEquals: { ...fromTrail, "s3:x-amz-acl": "bucket-owner-full-control" } },
    });
    return bucket;
  }

  private createTrail(bucket: PrivateBucket, { name, logs, key, tags, transform }: AuditTrailProps) {
    const writer = logs.writer("audit");
    const config: CloudtrailConfig = {
      name: trailName(name),
      s3BucketName: bucket.name,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      cloudWatchLogsGroupArn: `${writer.groupArn}:*`,
      cloudWatchLogsRoleArn: writer.roleArn,
      ...(key === undefined ? {} : { kmsKeyId: key.id }),
      ...(tags === undefined ? {} : { tags }),
      // CloudTrail tries both ways before it accepts them.
      dependsOn: [bucket.resources.policy, writer.right],
    };
    return new Cloudtrail(this, "trail", transformed(config, transform?.trail));
  }
}

function trailName(name: string): string {
  return fitName(name, LONGEST_TRAIL_NAME);
}
