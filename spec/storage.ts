import * as z from "zod";
import { addressSchema, hostnameSchema, lineSchema } from "./names.js";
import { sizeSchema } from "./size.js";
import { urlSchema } from "./url.js";

const bucketSchema = z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, {
  error: "a bucket name is 3 to 63 of a-z, 0-9, '-' and '.'",
});
const prefixSchema = z
  .string()
  .regex(/^\/?([A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*)?$/, { error: "a path inside the bucket: /registry" });

/** Storage that the site brings along: the lab's S3 on this machine, the bucket of a cloud's stack. */
const managedStorage = z
  .strictObject({
    kind: z.literal("managed"),
    prefix: prefixSchema.default("/registry").meta({ description: "Folder of the registry inside the bucket." }),
  })
  .meta({ description: "The storage that comes with the site. On this machine: an S3 server beside the nodes." });

const s3Storage = z
  .strictObject({
    kind: z.literal("s3"),
    bucket: bucketSchema.meta({ description: "Bucket that holds the images. It must exist." }),
    region: z
      .string()
      .regex(/^[a-z0-9-]{2,32}$/, { error: "a region: eu-central-1, cn-hangzhou" })
      .meta({ description: "Region of the bucket; part of every signature, so it is needed with an endpoint too." }),
    endpoint: urlSchema.optional().meta({
      description:
        "URL of an S3-compatible service. Alibaba Cloud OSS: https://oss-<region>-internal.aliyuncs.com. Absent: Amazon S3 itself.",
    }),
    forcePathStyle: z
      .boolean()
      .default(false)
      .meta({ description: "Put the bucket into the path (MinIO, versitygw) and not into the host name (S3, OSS)." }),
    prefix: prefixSchema.default("/registry").meta({ description: "Folder of the registry inside the bucket." }),
    credentials: z.enum(["keys", "instance-role"]).default("keys").meta({
      description: "Where the rights come from: an access key in the secret store, or the role of the machine.",
    }),
    encrypt: z.boolean().default(false).meta({ description: "Ask the service to encrypt each object." }),
    kmsKey: lineSchema.optional().meta({ description: "Key for the encryption. Absent: the service's own." }),
    storageClass: z
      .enum([
        "STANDARD",
        "REDUCED_REDUNDANCY",
        "STANDARD_IA",
        "ONEZONE_IA",
        "INTELLIGENT_TIERING",
        "GLACIER_IR",
        "NONE",
      ])
      .default("STANDARD")
      .meta({ description: "Storage class of new objects; NONE sends no header." }),
    objectAcl: z.enum(["private", "bucket-owner-full-control"]).default("private").meta({
      description:
        "Access control list that is sent with each object. A bucket of Amazon S3 whose owner is enforced takes bucket-owner-full-control alone; the key or role then needs s3:PutObjectAcl as well.",
    }),
    chunkSize: sizeSchema
      .default("10MiB")
      .meta({ description: "Size of the parts of a multi-part upload, 5MiB at the least." }),
    accelerate: z.boolean().default(false).meta({ description: "Use Amazon's transfer acceleration." }),
    dualStack: z.boolean().default(false).meta({ description: "Use Amazon's IPv6 endpoints." }),
  })
  .meta({ description: "Amazon S3, Alibaba Cloud OSS (with version 3) or another S3-compatible service." });

const ossStorage = z
  .strictObject({
    kind: z.literal("oss"),
    bucket: bucketSchema.meta({ description: "Bucket that holds the images. It must exist." }),
    region: z
      .string()
      .regex(/^oss-[a-z0-9-]{2,32}$/, { error: "a region with its prefix: oss-cn-hangzhou" })
      .meta({ description: "Region, spelt as OSS does: oss-cn-hangzhou." }),
    internal: z.boolean().default(true).meta({ description: "Use the endpoint inside Alibaba Cloud's network." }),
    endpoint: hostnameSchema.optional().meta({ description: "Host that stands for <bucket>.<region endpoint>." }),
    prefix: prefixSchema.default("/registry").meta({ description: "Folder of the registry inside the bucket." }),
    encrypt: z.boolean().default(false).meta({ description: "Ask OSS to encrypt each object." }),
    chunkSize: sizeSchema
      .default("10MiB")
      .meta({ description: "Size of the parts of a multi-part upload, 5MiB at the least." }),
  })
  .meta({ description: "Alibaba Cloud OSS through its own driver: version 2.8 only. With version 3 use kind: s3." });

const azureStorage = z
  .strictObject({
    kind: z.literal("azure"),
    account: z
      .string()
      .regex(/^[a-z0-9]{3,24}$/, { error: "a storage account is 3 to 24 of a-z and 0-9" })
      .meta({ description: "Storage account." }),
    container: z
      .string()
      .regex(/^[a-z0-9](-?[a-z0-9]){2,62}$/, { error: "a container name is 3 to 63 of a-z, 0-9 and '-'" })
      .meta({ description: "Blob container. It must exist." }),
    realm: hostnameSchema
      .default("core.windows.net")
      .meta({ description: "Domain of the cloud: core.windows.net, core.chinacloudapi.cn." }),
    prefix: prefixSchema.default("/registry").meta({ description: "Folder of the registry inside the container." }),
  })
  .meta({ description: "Azure Blob Storage with an account key from the secret store." });

const filesystemStorage = z
  .strictObject({
    kind: z.literal("filesystem"),
    directory: z
      .string()
      .regex(/^(\/[A-Za-z0-9._-]+)+$/, {
        error: "an absolute path of letters, digits, '.', '_' and '-': /srv/registry",
      })
      .default("/srv/registry")
      .meta({
        description: "Folder on the host. With Harbor it is <harbor.dataVolume>/registry, whatever stands here.",
      }),
    nfs: z
      .strictObject({
        server: addressSchema.meta({ description: "Host that exports it." }),
        path: z
          .string()
          .regex(/^(\/[A-Za-z0-9._-]+)+$/, { error: "the path of an export: /export/registry" })
          .meta({ description: "Path of the export. Its owner is user and group 10000." }),
        options: z
          .string()
          .regex(/^[a-z0-9_=.,-]+$/, { error: "options of mount, with commas between them: vers=4.1,hard" })
          .default("vers=4.1,hard,noatime")
          .meta({ description: "Options of mount." }),
      })
      .optional()
      .meta({ description: "An NFS export that is mounted there on every node (Harbor only)." }),
  })
  .meta({
    description:
      "A folder on the host's own disk, safe with one node, or as the copies of a mirror; or with Harbor one that all nodes mount by NFS.",
  });

const swiftName = z
  .string()
  .regex(/^[A-Za-z0-9._@-]{1,128}$/, { error: "up to 128 of A-Z, a-z, 0-9, '.', '_', '@', '-'" });

const swiftStorage = z
  .strictObject({
    kind: z.literal("swift"),
    authUrl: urlSchema.meta({
      description: "Where Keystone or TempAuth answers: https://keystone.example.com:5000/v3.",
    }),
    container: z
      .string()
      .regex(/^[A-Za-z0-9._-]{1,128}$/, { error: "a container name: up to 128 of A-Z, a-z, 0-9, '.', '_' and '-'" })
      .meta({ description: "Container that holds the images." }),
    username: swiftName.meta({ description: "Account; its password is the secret storage-secret-key." }),
    region: swiftName.optional().meta({ description: "Region. Absent: the first that the service names." }),
    tenant: swiftName.optional().meta({ description: "Name of the tenant (project)." }),
    domain: swiftName.optional().meta({ description: "Name of the account's domain, with version 3 of Keystone." }),
    endpointType: z
      .enum(["public", "internal", "admin"])
      .default("public")
      .meta({ description: "Which of the service's endpoints is used." }),
    prefix: prefixSchema.default("/registry").meta({ description: "Folder of the registry inside the container." }),
    chunkSize: sizeSchema
      .default("20MiB")
      .meta({ description: "Size of the segments of a large layer, 1MiB at the least." }),
  })
  .meta({ description: "OpenStack Swift: Harbor only." });

/** Where image layers are kept. */
export const storageSchema = z.discriminatedUnion("kind", [
  managedStorage,
  s3Storage,
  ossStorage,
  azureStorage,
  filesystemStorage,
  swiftStorage,
]);
export type Storage = z.output<typeof storageSchema>;
export type SwiftStorage = z.output<typeof swiftStorage>;
export type S3Storage = z.output<typeof s3Storage>;
