import * as z from "zod";
import { lineSchema, nameSchema } from "../names.js";
import { sizeSchema } from "../size.js";

/** How the sizes of a cloud's machines are spelt. */
export interface InstanceSizes {
  readonly pattern: RegExp;
  readonly example: string;
}

/** The machines that carry nodes: how many, how large, with what disk. */
export function cloudNodesSchema({ pattern, example }: InstanceSizes) {
  const instanceSize = z.string().regex(pattern, { error: `an instance type of this cloud: ${example}` });
  return z
    .strictObject({
      count: z
        .int()
        .min(1)
        .max(9)
        .default(3)
        .meta({ description: "Nodes: one is a trial, three survive a dead node." }),
      size: instanceSize.default(example).meta({ description: "Instance type of every node." }),
      sizes: z
        .record(nameSchema, instanceSize)
        .default({})
        .meta({ description: "Another instance type for single nodes, by name: node-2: …" }),
      image: lineSchema.optional().meta({
        description:
          "Id of the machine image. Absent: the newest of the system that this version was tested with. A node keeps the image it was made from until it is replaced.",
      }),
      user: z
        .string()
        .regex(/^[a-z_][a-z0-9_.-]{0,31}$/, { error: "a user name of the image: root, admin" })
        .optional()
        .meta({ description: "Who logs in over SSH. Absent: the user of the default image." }),
      disk: sizeSchema.default("100GiB").meta({ description: "Size of each node's encrypted system disk." }),
      protect: z
        .boolean()
        .default(true)
        .meta({ description: "Refuse to delete machines, bucket and keys by accident; `down` lifts it first." }),
    })
    .prefault({})
    .meta({ description: "The machines that are made." });
}
