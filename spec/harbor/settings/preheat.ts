import * as z from "zod";
import { lineSchema } from "../../names.js";
import { urlSchema } from "../../url.js";
import { patternSchema, thingNameSchema } from "./names.js";
import { scheduleOr } from "./schedule.js";

/** A network of peers that images are brought to before somebody pulls them. */
export const preheatInstanceSchema = z.strictObject({
  name: thingNameSchema.meta({ description: "Name of the network." }),
  description: lineSchema.optional().meta({ description: "What it is for." }),
  vendor: z.enum(["dragonfly", "kraken"]).meta({ description: "The software of the network." }),
  endpoint: urlSchema.meta({ description: "Address of its manager." }),
  login: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("none") }).meta({ description: "Without." }),
      z
        .strictObject({
          kind: z.literal("basic"),
          username: lineSchema.meta({ description: "Name; its password is the secret harbor/preheat/<name>." }),
        })
        .meta({ description: "With a name and a password." }),
      z
        .strictObject({ kind: z.literal("token") })
        .meta({ description: "With a token, the secret harbor/preheat/<name>." }),
    ])
    .prefault({ kind: "none" })
    .meta({ description: "How Harbor logs in there." }),
  verifyCertificate: z.boolean().default(true).meta({ description: "Whether its certificate must be valid." }),
  enabled: z.boolean().default(true).meta({ description: "Whether it is used." }),
});

/** Which images of a project are brought to peers, and when. */
export const preheatPolicySchema = z.strictObject({
  name: thingNameSchema.meta({ description: "Name of the rule." }),
  description: lineSchema.optional().meta({ description: "What it is for." }),
  instance: thingNameSchema.meta({ description: "Name of one of the preheatInstances." }),
  repositories: patternSchema.default("**").meta({ description: "Repositories it is about, without the project." }),
  tags: patternSchema.default("**").meta({ description: "Tags it is about." }),
  labels: z.array(lineSchema).default([]).meta({ description: "Only artifacts with all of these labels." }),
  when: scheduleOr("manual", "event")
    .default("manual")
    .meta({ description: "event (after each push), manual, or a schedule: daily, … or five fields of cron." }),
  scope: z
    .enum(["single_peer", "all_seed_peers", "all_peers"])
    .default("single_peer")
    .meta({ description: "Which peers of a dragonfly get it." }),
  clusters: z.array(z.int().min(1)).default([]).meta({ description: "Numbers of dragonfly's clusters; none: all." }),
  enabled: z.boolean().default(true).meta({ description: "Whether the rule counts." }),
});
export type PreheatInstance = z.output<typeof preheatInstanceSchema>;
export type PreheatPolicy = z.output<typeof preheatPolicySchema>;
