import * as z from "zod";
import { patternSchema } from "./names.js";
import { scheduleOr } from "./schedule.js";

const countSchema = z.int().min(1).max(15_000);
const daysSchema = z.string().regex(/^[1-9][0-9]{0,3}d$/, { error: "whole days: 30d" });

/** Which repositories and tags a rule is about. */
const chosen = {
  repositories: patternSchema.default("**").meta({ description: "Repositories it is about, without the project." }),
  exceptRepositories: z
    .boolean()
    .default(false)
    .meta({ description: "It is about all repositories but those of the pattern." }),
  tags: patternSchema.default("**").meta({ description: "Tags it is about." }),
  exceptTags: z.boolean().default(false).meta({ description: "It is about all tags but those of the pattern." }),
};

/** Which artifacts of a project are kept; all others are deleted. */
export const retentionSchema = z.strictObject({
  schedule: scheduleOr("never")
    .default("daily")
    .meta({ description: "When rules are carried out: never (only by hand), daily, … or five fields of cron." }),
  rules: z
    .array(
      z.strictObject({
        keep: z
          .strictObject({
            newest: countSchema.optional().meta({ description: "So many that were pushed last." }),
            lastPulled: countSchema.optional().meta({ description: "So many that were pulled last." }),
            pushedWithin: daysSchema.optional().meta({ description: "What was pushed within these days: 30d." }),
            pulledWithin: daysSchema.optional().meta({ description: "What was pulled within these days: 90d." }),
            all: z.boolean().optional().meta({ description: "Everything that the patterns match." }),
          })
          .meta({ description: "What is kept: exactly one of these." }),
        ...chosen,
        untagged: z.boolean().default(true).meta({ description: "It is about artifacts without a tag, too." }),
        enabled: z.boolean().default(true).meta({ description: "Whether the rule counts." }),
      }),
    )
    .min(1)
    .meta({ description: "An artifact is kept when one of the rules keeps it. At most 15." }),
});

/** Tags that can be neither overwritten nor deleted. */
export const immutabilitySchema = z.strictObject({
  ...chosen,
  enabled: z.boolean().default(true).meta({ description: "Whether the rule counts." }),
});

export type Retention = z.output<typeof retentionSchema>;
export type RetentionRule = Retention["rules"][number];
export type Immutability = z.output<typeof immutabilitySchema>;
