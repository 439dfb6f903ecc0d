import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { Account } from "./account.js";
import type { Statement } from "./policy.js";
import type { PrivateBucket } from "./private-bucket.js";

/** A bucket that Elastic Load Balancing may write to. */
export interface AccessLog {
  /** Name of the bucket. */
  readonly bucket: string;
  /** Folder in it. @default - the bucket's top */
  readonly prefix?: string;
  /** What must be there before the balancer: it tries to write when it is told of the bucket. @default - nothing */
  readonly after?: ITerraformDependable;
}

/** Whose requests are written down, and where. */
export interface BalancerLog {
  readonly kind: "nlb" | "alb";
  /** With a key of S3's own: a balancer of requests can write to no other bucket. */
  readonly to: PrivateBucket;
  /** Folder in that bucket: balancer */
  readonly folder: string;
}

/**
 * Lets the balancers of this account and region write down requests in a bucket.
 * @example
 * const accessLog = balancerLog(stack, { kind: "alb", to: log, folder: "balancer" });
 * new LoadBalancer(stack, "balancer", { kind: "alb", accessLog, … });
 */
export function balancerLog(scope: Construct, { kind, to, folder }: BalancerLog): AccessLog {
  const account = Account.of(scope);
  const files = `${to.arn}/${folder}/AWSLogs/${account.id}/*`;
  const rights = kind === "alb" ? requestsRight(files) : connectionsRights(account, to.arn, files);
  for (const right of rights) to.allow(right);
  return { bucket: to.name, prefix: folder, after: to.resources.policy };
}

/** Source: Application Load Balancers, enabling access logs. The service says for nobody that it works. */
function requestsRight(files: string): Statement[] {
  const Principal = { Service: "logdelivery.elasticloadbalancing.amazonaws.com" };
  return [{ Sid: "BalancerLog", Effect: "Allow", Principal, Action: "s3:PutObject", Resource: files }];
}

/** Source: Network Load Balancers, access logs; they are delivered by the service that delivers flow logs, too. */
function connectionsRights(account: Account, bucketArn: string, files: string): Statement[] {
  const mine = { "aws:SourceAccount": account.id };
  const ArnLike = { "aws:SourceArn": account.arn("logs", "*") };
  const common = { Effect: "Allow", Principal: { Service: "delivery.logs.amazonaws.com" } } as const;
  return [
    {
      Sid: "BalancerLogLook",
      ...common,
      Action: "s3:GetBucketAcl",
      Resource: bucketArn,
      Condition: { StringEquals: mine, ArnLike },
    },
    {
      Sid: "BalancerLog",
      ...common,
      Action: "s3:PutObject",
      Resource: files,
      Condition: { StringEquals: { ...mine, "s3:x-amz-acl": "bucket-owner-full-control" }, ArnLike },
    },
  ];
}
