import * as z from "zod";

/** Name of the Terraform output that carries {@link siteOutputsSchema}. */
export const SITE_OUTPUT = "site";

/** Where a service answers, and how the cloud knows it. */
const service = z.object({
  /** Id of the instance; on AWS also its name. */
  id: z.string(),
  address: z.string(),
  port: z.number(),
});

/** What a site's stack tells when its machines are made: everything about them that nobody could plan. */
export const siteOutputsSchema = z.object({
  /** By name of the node. */
  nodes: z.record(
    z.string(),
    z.object({
      /** Id of the machine in the cloud. */
      id: z.string(),
      /** @default - it has none */
      publicAddress: z.string().nullish(),
    }),
  ),
  /** Host name or address of the balancer. */
  entry: z.string(),
  /** Public address of the bastion. @default - there is none */
  bastion: z.string().nullish(),
  /** Name of the bucket. @default - the environment names its own storage */
  bucket: z.string().nullish(),
  /** Alibaba Cloud: the access key for the bucket, its secret encrypted to the environment's OpenPGP key. */
  storageKey: z.object({ accessKey: z.string(), encryptedSecret: z.string() }).nullish(),
  /** Harbor's PostgreSQL. @default - it is not the cloud's */
  database: service
    .extend({
      /** AWS: ARN of the secret that holds the name and the password of its administrator. */
      secret: z.string().nullish(),
    })
    .nullish(),
  /** Harbor's Redis. @default - it is not the cloud's */
  cache: service
    .extend({
      /** AWS: id under which ElastiCache knows the user. */
      userId: z.string().nullish(),
    })
    .nullish(),
});
export type SiteOutputs = z.output<typeof siteOutputsSchema>;

/** Outputs of the sites that are made, by name of the site. */
export type Outputs = Readonly<Record<string, SiteOutputs>>;
