import { S3BucketLoggingA } from "@cdktf/provider-aws/lib/s3-bucket-logging/index.js";
import type { Construct } from "constructs";
import { Account } from "./account.js";
import type { PrivateBucket } from "./private-bucket.js";

/** Whose requests are written down, and where. */
export interface RequestLog {
  readonly of: PrivateBucket;
  readonly to: PrivateBucket;
  /** Folder in that bucket: requests */
  readonly folder: string;
  /** Name of the right to write there, in the policy of that bucket: Delivery */
  readonly right: string;
}

/** Lets S3 write down every request to one bucket in another one of the account, for which it wants to be named. */
export function writeDownRequests(scope: Construct, { of, to, folder, right }: RequestLog): S3BucketLoggingA {
  to.allow({
    Sid: right,
    Effect: "Allow",
    Principal: { Service: "logging.s3.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: `${to.arn}/*`,
    Condition: {
      ArnLike: { "aws:SourceArn": of.arn },
      StringEquals: { "aws:SourceAccount": Account.of(scope).id },
    },
  });
  return new S3BucketLoggingA(scope, "logging", {
    bucket: of.name,
    targetBucket: to.name,
    targetPrefix: `${folder}/`,
    // Before that S3 may not write there, and refuses.
    dependsOn: [to.resources.policy],
  });
}
