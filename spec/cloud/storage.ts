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

/**
 * Name of a site's bucket. All customers of a cloud share one space of names, so it is made from the registry's host
 * name, which is unique in the world, and from the site's.
 */
export function bucketName(site: CloudSite, { environment, hostname }: BucketOwner): string {
  if (site.bucket.name !== undefined) return site.bucket.name;
  const whole = [environment, site.name, ...hostname.split(".").slice(-3)].join("-");
  return whole.slice(0, LONGEST_BUCKET_NAME).replace(/-+$/, "");
}

/** The bucket that a cloud's site brings along, as the registry speaks to it. */
export function cloudStorage(site: CloudSite, owner: BucketOwner): ManagedStorage {
  const { bucket } = site;
  const common = {
    region: site.region,
    bucket: owner.outputs?.bucket ?? bucketName(site, owner),
    forcePathStyle: bucket.forcePathStyle,
    encrypt: true,
  };
  if (site.provider === "aws") {
    return {
      ...common,
      // The role of the machine has the rights: there is no key that could be lost.
      credentials: "instance-role",
      ...(bucket.endpoint === undefined ? {} : { endpoint: bucket.endpoint }),
      ...(bucket.key === "service" || !owner.outputs?.bucketKey ? {} : { kmsKey: owner.outputs.bucketKey }),
    };
  }
  return {
    ...common,
    credentials: "keys",
    endpoint: bucket.endpoint ?? `https://oss-${site.region}-internal.aliyuncs.com`,
    // OSS encrypts with the bucket's own rule; a header of the registry would have to name the same key.
    encrypt: false,
  };
}
