import * as z from "zod";
import { lineSchema } from "../../names.js";
import { sizeSchema } from "../../size.js";
import { namespaceSchema, patternSchema, thingNameSchema } from "./names.js";
import { scheduleOr } from "./schedule.js";

/** What is copied from another registry, or to it. */
export const replicationSchema = z.strictObject({
  name: thingNameSchema.meta({ description: "Name of the rule." }),
  description: lineSchema.optional().meta({ description: "What it is for." }),
  to: thingNameSchema.optional().meta({ description: "Name of the registry that is copied to." }),
  from: thingNameSchema
    .optional()
    .meta({ description: "Name of the registry that is copied from. Either from or to." }),
  repositories: patternSchema
    .optional()
    .meta({ description: "Repositories, with their project: team/**. Absent: all." }),
  tags: patternSchema.optional().meta({ description: "Only these tags." }),
  exceptTags: patternSchema.optional().meta({ description: "All tags but these." }),
  labels: z.array(lineSchema).default([]).meta({ description: "Only artifacts with all of these labels." }),
  exceptLabels: z.array(lineSchema).default([]).meta({ description: "Only artifacts without these labels." }),
  resources: z
    .enum(["all", "image", "artifact"])
    .default("all")
    .meta({ description: "Images, everything but images, or all." }),
  into: z
    .strictObject({
      namespace: namespaceSchema.meta({ description: "Where copies go: a project, or folders below one." }),
      flatten: z
        .union([z.int().min(0).max(16), z.literal("all")], { error: "a whole number from 0 to 16, or all" })
        .default(1)
        .meta({ description: "How many parts at the beginning of a name give way to the namespace, or all." }),
    })
    .optional()
    .meta({ description: "Where copies go, when their names are to change." }),
  when: scheduleOr("manual", "event")
    .default("manual")
    .meta({ description: "event (after each push), manual, or a schedule: daily, … or five fields of cron." }),
  deletions: z.boolean().default(false).meta({ description: "Delete there what was deleted here." }),
  override: z.boolean().default(true).meta({ description: "Overwrite a tag that means another image there." }),
  speed: sizeSchema.optional().meta({ description: "Most that is copied in a second: 10MiB. Absent: no limit." }),
  chunks: z.boolean().default(false).meta({ description: "Copy layers in parts, so that a broken copy can go on." }),
  oneAtATime: z.boolean().default(false).meta({ description: "Do not begin while the last run goes on. From 2.14." }),
  enabled: z.boolean().default(true).meta({ description: "Whether the rule counts." }),
});
export type Replication = z.output<typeof replicationSchema>;
