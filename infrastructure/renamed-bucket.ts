import { Problem } from "../spec/problem.js";
import type { Configuration } from "./configuration.js";
import type { State } from "./state.js";

/** Path of the bucket with the images, in the stacks of both clouds. */
const IMAGES = "store/images/bucket";

/**
 * A bucket cannot get another name: Terraform would delete it with all images and make an empty one. On AWS it then
 * refuses its own plan, on Alibaba Cloud it fails half-way through it, each in words that name neither the file nor the
 * way back.
 * @throws Problem `infrastructure/bucket-renamed`
 */
export function refuseRenamedBucket(configuration: Configuration, state: State): void {
  for (const [address, { bucket: wanted }] of configuration.bodies) {
    const made = configuration.path(address) === IMAGES ? state.attribute(address, "bucket") : undefined;
    if (typeof made !== "string" || made === wanted) continue;
    throw new Problem({
      code: "infrastructure/bucket-renamed",
      says: `the images of this site are in the bucket ${made}, and the file now asks for ${wanted}`,
      instead: `bucket: { name: ${made} }; to move, bring up another environment with the new bucket and copy the images there. Without bucket.name the name is made of environment, site and registry.hostname`,
      field: "sites[].bucket.name",
      source: "CreateBucket of S3 and OSS: a bucket keeps its name for life",
    });
  }
}
