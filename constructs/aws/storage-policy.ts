/** Whose buckets may be written to over a private way to S3. */
export interface StoragePolicyProps {
  /** Partition of AWS, as ARNs name it: aws, aws-cn. */
  readonly partition: string;
  /** Names of buckets. @default - all buckets of the account that asks */
  readonly buckets?: readonly string[];
}

/**
 * Where machines may go over a gateway endpoint of S3. Whoever breaks into a node must not carry images out to a bucket
 * of his own: writing is allowed to our buckets only. Reading is allowed everywhere: packages, Amazon's own files and
 * the layers of many registries lie in buckets of others, to which a signed link leads.
 */
export function storagePolicy({ partition, buckets }: StoragePolicyProps): string {
  const all = { Effect: "Allow", Principal: "*" };
  const arns = (bucket: string) => [`arn:${partition}:s3:::${bucket}`, `arn:${partition}:s3:::${bucket}/*`];
  // Two dollar signs: the policy's own variable, which Terraform must leave alone.
  const ownAccount = { StringEquals: { "aws:ResourceAccount": `$\${aws:PrincipalAccount}` } };
  const own = buckets === undefined ? { Resource: "*", Condition: ownAccount } : { Resource: buckets.flatMap(arns) };
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Sid: "OwnBuckets", ...all, Action: "s3:*", ...own },
      { Sid: "ReadAnywhere", ...all, Action: "s3:GetObject", Resource: "*" },
    ],
  });
}
