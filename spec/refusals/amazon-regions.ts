import type { EngineVersion } from "../engine.js";

/** Regions of Amazon S3 that the driver of each version knows; it refuses every other one at its start, unless it has an endpoint. */
const AMAZON_REGIONS = {
  /** aws-sdk-go 1.15.11, vendored by distribution 2.8.3. */
  "2.8": [
    ..."ap-northeast-1 ap-northeast-2 ap-south-1 ap-southeast-1 ap-southeast-2 ca-central-1".split(" "),
    ..."cn-north-1 cn-northwest-1 eu-central-1 eu-west-1 eu-west-2 eu-west-3 sa-east-1".split(" "),
    ..."us-east-1 us-east-2 us-gov-west-1 us-west-1 us-west-2".split(" "),
  ],
  /** aws-sdk-go 1.55.5, required by distribution 3.1.1. */
  "3.1": [
    ..."af-south-1 ap-east-1 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2".split(" "),
    ..."ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ca-central-1 ca-west-1".split(" "),
    ..."cn-north-1 cn-northwest-1 eu-central-1 eu-central-2 eu-isoe-west-1 eu-north-1 eu-south-1".split(" "),
    ..."eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 sa-east-1".split(" "),
    ..."us-east-1 us-east-2 us-gov-east-1 us-gov-west-1 us-iso-east-1 us-iso-west-1 us-isob-east-1".split(" "),
    ..."us-west-1 us-west-2".split(" "),
  ],
} as const satisfies Record<string, readonly string[]>;

/**
 * Regions of Amazon S3 that may be written without an endpoint. The driver in Harbor knows those of 2.8; others of
 * amazonaws.com are given their endpoint when its configuration is made.
 */
export function regionsWithoutEndpoint(version: EngineVersion): readonly string[] {
  if (version === "2.8" || version === "3.1") return AMAZON_REGIONS[version];
  return AMAZON_REGIONS["3.1"].filter((region) => !/-iso/.test(region));
}

/** Whether the driver of 2.8, which Harbor has as well, knows a region by itself. Its list is of 2018. */
export function isKnownToOldDriver(region: string): boolean {
  return AMAZON_REGIONS["2.8"].includes(region);
}
