import {
  type BucketOperation,
  folderOf,
  type ObjectOperation,
  REGISTRY_OPERATIONS,
  type RegistryFolder,
} from "../object-store.js";
import type { Rights } from "./identity.js";

const ON_BUCKET: Readonly<Record<BucketOperation, string>> = {
  "list-objects": "s3:ListBucket",
  locate: "s3:GetBucketLocation",
  "list-uploads": "s3:ListBucketMultipartUploads",
};
const ON_OBJECTS: Readonly<Record<ObjectOperation, string>> = {
  read: "s3:GetObject",
  write: "s3:PutObject",
  delete: "s3:DeleteObject",
  "list-parts": "s3:ListMultipartUploadParts",
  "abort-upload": "s3:AbortMultipartUpload",
};

/** Where a registry keeps its images on Amazon S3, and what they are encrypted with. */
export interface RegistryPlace extends Pick<RegistryFolder, "prefix"> {
  /** ARN of the bucket. */
  readonly bucketArn: string;
  /** ARN of the key. @default - S3's own, which asks for no right */
  readonly keyArn?: string;
  /** Name of the service through which alone the key may be used: s3.eu-central-1.amazonaws.com. */
  readonly service: string;
}

/**
 * The rights that the storage driver of a registry needs, and no more.
 *
 * Listing is not narrowed to the folder. With a condition on the prefix S3 answers 403 and not 404 to the request for an
 * object that is not there, and a registry asks for such ones all the time.
 */
export function registryRights({ bucketArn, prefix, keyArn, service }: RegistryPlace): Rights[] {
  const folder = folderOf(prefix);
  const objects = folder === "" ? `${bucketArn}/*` : `${bucketArn}/${folder}/*`;
  return [
    { actions: REGISTRY_OPERATIONS.bucket.map((operation) => ON_BUCKET[operation]), resources: [bucketArn] },
    { actions: REGISTRY_OPERATIONS.objects.map((operation) => ON_OBJECTS[operation]), resources: [objects] },
    {
      // The driver sends a list with each object, and the bucket takes this one alone.
      actions: ["s3:PutObjectAcl"],
      resources: [objects],
      when: { StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control" } },
    },
    ...(keyArn === undefined
      ? []
      : [
          {
            actions: ["kms:GenerateDataKey", "kms:Decrypt"],
            resources: [keyArn],
            when: { StringEquals: { "kms:ViaService": service } },
          },
        ]),
  ];
}
