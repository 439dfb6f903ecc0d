import * as z from "zod";
import { durationSchema } from "../duration.js";
import { lineSchema } from "../names.js";
import { sizeSchema } from "../size.js";
import { urlSchema } from "../url.js";

/** The bucket that a cloud site makes for `registry.storage: { kind: managed }`. */
export const cloudBucketSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, { error: "a bucket name is 3 to 63 of a-z, 0-9 and '-'" })
      .optional()
      .meta({ description: "Its name, unique in the whole cloud. Absent: made from environment, site and host name." }),
    key: lineSchema.default("own").meta({
      description:
        "Encryption: own (a KMS key of this site), service (the store's own key), or the id of a key you have. Alibaba Cloud gives an account one key in each region; a second site there names it.",
    }),
    keepVersions: durationSchema
      .default("30d")
      .meta({ description: "How long deleted and overwritten objects can be brought back." }),
    abandonUploadsAfter: durationSchema
      .default("7d")
      .meta({ description: "Age at which the parts of an unfinished upload are dropped." }),
    infrequentAfter: durationSchema
      .optional()
      .meta({ description: "Age at which layers move to a cheaper class that still answers at once. Absent: never." }),
    plannedSize: sizeSchema
      .default("1TiB")
      .meta({ description: "What the store is planned for; an alarm tells when 85 % of it is used." }),
    accessLog: z.boolean().default(true).meta({
      description:
        "Write down every request to the bucket in a second one; on AWS also those of a balancer that ends TLS.",
    }),
    endpoint: urlSchema
      .optional()
      .meta({ description: "Endpoint for the nodes: an interface endpoint of yours. Absent: the cloud's own." }),
    forcePathStyle: z
      .boolean()
      .default(false)
      .meta({ description: "Put the bucket into the path, where such an endpoint wants it." }),
  })
  .prefault({})
  .meta({ description: "The bucket that is made for images, when registry.storage is managed." });
