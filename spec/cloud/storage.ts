import { createHash } from "node:crypto";
import type { ManagedStorage } from "../inventory.js";
import type { SiteOutputs } from "./outputs.js";
import type { CloudSite } from "./sites.js";

/** What names a bucket are made from. */
export interface BucketOwner {
  readonly environment: string;
  readonly hostname: string;
  readonly outputs?: SiteOutputs;
}

/** The longest name of a bucket. */
const LONGEST_BUCKET_NAME = 63;
/** Characters of a digest that stand for what was cut off, so that two long names do not become one. */
const DIGEST_LENGTH = 8;

/**
 * Name of a site's bucket. All customers of a cloud share one space of names, so it is made from the registry's host
 * name, which is unique in the world, and from the site's.
 */
export function bucketName(site: CloudSite, { environment, hostname }: BucketOwner): string {
  if (site.bucket.name !== undefined) return site.bucket.name;
  const whole = [environment, site.name, ...hostname.split(".").slice(-3)].join("-");
  if (whole.length <= LONGEST_BUCKET_NAME) return whole;
  const digest = createHash("sha256").update(whole).digest("hex").slice(0, DIGEST_LENGTH);
  return `${whole.slice(0, LONGEST_BUCKET_NAME - DIGEST_LENGTH - 1).replace(/-+$/, "")}-${digest}`;
}

/**
 * The bucket that a cloud's site brings along, as the registry speaks to it. Nothing is said of encryption: the bucket's
 * own rule encrypts every object, and a header that names another key would override it.
 */
export function cloudStorage(site: CloudSite, owner: BucketOwner): ManagedStorage {
  const { endpoint, forcePathStyle } = site.bucket;
  const bucket = owner.outputs?.bucket ?? bucketName(site, owner);
  const place = { region: site.region, bucket, forcePathStyle };
  if (site.provider === "aws") {
    // The role of the machine has the rights: there is no key that could be lost.
    // A bucket whose owner is enforced takes no other list (Amazon S3 User Guide, "Controlling ownership of objects").
    const objectAcl = "bucket-owner-full-control";
    return { ...place, credentials: "instance-role", objectAcl, ...(endpoint === undefined ? {} : { endpoint }) };
  }
  return {
    ...place,
    credentials: "keys",
    endpoint: endpoint ?? `https://oss-${site.region}-internal.aliyuncs.com`,
  };
}
