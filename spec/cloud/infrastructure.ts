import * as z from "zod";
import { lineSchema } from "../names.js";

const bucketName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, { error: "a bucket name is 3 to 63 of a-z, 0-9, '-' and '.'" })
  .meta({ description: "Bucket for the state. It must exist, private and versioned." });

const region = z
  .string()
  .regex(/^[a-z0-9-]{2,32}$/, { error: "a region: eu-central-1, cn-hangzhou" })
  .meta({ description: "Region of that bucket." });

const stateSchema = z
  .discriminatedUnion("in", [
    z
      .strictObject({ in: z.literal("local") })
      .meta({ description: "A file beside the environment, for one operator." }),
    z
      .strictObject({ in: z.literal("s3"), bucket: bucketName, region })
      .meta({ description: "Amazon S3, for teams; locked by S3 itself." }),
    z
      .strictObject({
        in: z.literal("oss"),
        bucket: bucketName,
        region,
        tablestore: z
          .strictObject({
            endpoint: lineSchema.meta({ description: "Endpoint of the Tablestore instance." }),
            table: lineSchema.meta({ description: "Table whose primary key is LockID." }),
          })
          .meta({ description: "Where locks are: OSS has none of its own." }),
      })
      .meta({ description: "Alibaba Cloud OSS, for teams; locked by a table of Tablestore." }),
  ])
  .default({ in: "local" })
  .meta({ description: "Where Terraform remembers what it made." });

/** How the infrastructure of cloud sites is made. */
export const infrastructureSchema = z.strictObject({
  engine: z.enum(["terraform", "opentofu"]).default("terraform").meta({ description: "The program that makes it." }),
  bootstrap: z.boolean().default(true).meta({
    description: "Whether `cdktf deploy` alone ends with a running cluster, by calling harborwright at its end.",
  }),
  state: stateSchema,
});
export type Infrastructure = z.output<typeof infrastructureSchema>;
