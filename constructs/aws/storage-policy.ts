import type { Account } from "./account.js";
import { policy } from "./policy.js";

/**
 * Where machines may go over a gateway endpoint of S3. Whoever breaks into a node must not carry images out to a bucket
 * of his own: writing is allowed to our buckets only. Reading is allowed everywhere: packages, Amazon's own files and
 * the layers of many registries lie in buckets of others, to which a signed link leads.
 * @param buckets - names of buckets that may be written to. @default - all buckets of the account
 */
export function storagePolicy({ id, partition }: Account, buckets?: readonly string[]): string {
  const all = { Effect: "Allow", Principal: "*" } as const;
  const arns = (bucket: string) => [`arn:${partition}:s3:::${bucket}`, `arn:${partition}:s3:::${bucket}/*`];
  const own =
    buckets === undefined
      ? { Resource: "*", Condition: { StringEquals: { "aws:ResourceAccount": id } } }
      : { Resource: buckets.flatMap(arns) };
  return policy([
    { Sid: "OwnBuckets", ...all, Action: "s3:*", ...own },
    { Sid: "ReadAnywhere", ...all, Action: "s3:GetObject", Resource: "*" },
  ]);
}
