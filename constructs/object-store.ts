import type { NamedProps } from "./named.js";

/** A private, encrypted, versioned bucket for image layers. */
export interface ObjectStoreProps extends NamedProps {
  /** Name of the bucket: 3 to 63 of a-z, 0-9 and "-", unique in the whole cloud. */
  readonly bucket: string;
  /** Days that deleted and overwritten objects can be brought back. @default 30 */
  readonly keepVersionsDays?: number;
  /** Days until the parts of an unfinished upload are dropped. @default 7 */
  readonly abandonUploadsAfterDays?: number;
  /** Days until layers move to a cheaper class that still answers at once. @default - never */
  readonly infrequentAfterDays?: number;
  /** Folder of the registry inside the bucket, whose layers move: /registry. @default - the whole bucket */
  readonly folder?: string;
  /** Write down every request to the bucket in a second one. @default true */
  readonly accessLog?: boolean;
  /** Days that the log of requests is kept. @default 90 */
  readonly accessLogKeepDays?: number;
  /** Refuse to delete a bucket that holds something. @default true */
  readonly protect?: boolean;
}

/** A rule by which the store tidies up, or moves objects to another class. */
export interface LifecycleRule {
  /** Stable name of the rule. */
  readonly id: string;
  /** Folder it is about. @default - the whole bucket */
  readonly prefix?: string;
  /** Only objects of more bytes. @default - of any size */
  readonly largerThan?: number;
  /** Age at which the parts of an unfinished upload are dropped. */
  readonly abandonUploadsAfterDays?: number;
  /** Age at which a version that is no longer the current one goes. */
  readonly expireVersionsAfterDays?: number;
  /** Whether marks of deletion go that have no version below them. */
  readonly removeLoneMarkers?: boolean;
  /** Age at which objects move to the class for infrequent access. */
  readonly infrequentAfterDays?: number;
}

/**
 * Below this the clouds bill a smaller object in a cheaper class as one of 128 KiB. Links, tags and manifests are far
 * smaller: they stay where reading costs least, and layers move.
 */
export const SMALLEST_TO_MOVE = 128 * 1024;

/** No class of infrequent access takes an object that is younger: Amazon S3 and OSS ask for 30 days. */
export const SOONEST_INFREQUENT_DAYS = 30;

/**
 * Rules that are safe for a registry. No class that has to be restored before it is read is ever named: a layer there
 * would be missing for every client. Nothing current expires: which layers are in use only garbage collection knows.
 * @param folder - folder of the registry inside the bucket, without slashes around it; empty for the whole bucket
 */
export function lifecycleRules(
  {
    keepVersionsDays = 30,
    abandonUploadsAfterDays = 7,
    infrequentAfterDays,
  }: Pick<ObjectStoreProps, "keepVersionsDays" | "abandonUploadsAfterDays" | "infrequentAfterDays">,
  folder = "",
): LifecycleRule[] {
  const layers = `${folder === "" ? "" : `${folder}/`}docker/registry/v2/blobs/`;
  return [
    { id: "abandon-uploads", abandonUploadsAfterDays },
    { id: "expire-versions", expireVersionsAfterDays: keepVersionsDays, removeLoneMarkers: true },
    ...(infrequentAfterDays === undefined
      ? []
      : [{ id: "layers-infrequent", prefix: layers, largerThan: SMALLEST_TO_MOVE, infrequentAfterDays }]),
  ];
}

/** What a registry does in its storage; each cloud has its own names for these rights. */
export const REGISTRY_OPERATIONS = {
  /** On the bucket as a whole. */
  bucket: ["list-objects", "locate", "list-uploads"],
  /** On objects below the registry's folder. */
  objects: ["read", "write", "delete", "list-parts", "abort-upload"],
} as const;
export type BucketOperation = (typeof REGISTRY_OPERATIONS.bucket)[number];
export type ObjectOperation = (typeof REGISTRY_OPERATIONS.objects)[number];

/** Where a registry keeps its images. */
export interface RegistryFolder {
  /** Name of the bucket. */
  readonly bucket: string;
  /** Folder inside it as the environment file spells it: /registry. */
  readonly prefix: string;
}

/** A prefix as names of objects begin with it: without the slash at the front, which no object has. */
export function folderOf(prefix: string): string {
  return prefix.replace(/^\/+|\/+$/g, "");
}
