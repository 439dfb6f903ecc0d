/** Who a statement of a policy is about. */
export type Principal = "*" | { readonly Service: string } | { readonly AWS: string };

/** One statement of a policy of AWS, in AWS's own words. */
export interface Statement {
  /** Says what it is for; letters and digits only. */
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  /** Whom it is about; only in policies of resources and in those that say who may become a role. */
  readonly Principal?: Principal;
  readonly Action: string | readonly string[];
  /** @default - the resource that the policy is attached to, where AWS allows that */
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/**
 * A policy as AWS reads it.
 *
 * It is written here and not by a data source, so that it is known in the plan, and a reader of `cdk.tf.json` sees it.
 */
export function policy(statements: readonly Statement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/**
 * The policy of a role that a service of AWS takes on.
 * @param accountId - account for which alone it may; not every service says for whom it works. @default - for any
 */
export function roleOf(service: string, accountId?: string): string {
  return policy([
    {
      Sid: "TakeOn",
      Effect: "Allow",
      Principal: { Service: service },
      Action: "sts:AssumeRole",
      ...(accountId === undefined ? {} : { Condition: { StringEquals: { "aws:SourceAccount": accountId } } }),
    },
  ]);
}

/** Nobody comes to a bucket in the clear, or with an encryption that can be broken. */
export function tlsOnly(bucketArn: string): Statement[] {
  const all = {
    Effect: "Deny",
    Principal: { AWS: "*" },
    Action: "s3:*",
    Resource: [bucketArn, `${bucketArn}/*`],
  } as const;
  return [
    { Sid: "TlsOnly", ...all, Condition: { Bool: { "aws:SecureTransport": "false" } } },
    { Sid: "CurrentTlsOnly", ...all, Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } },
  ];
}
