import * as z from "zod";
import { lineSchema } from "../../names.js";
import { sizeSchema } from "../../size.js";
import { ownAllowList } from "./cve.js";
import { labelSchema } from "./label.js";
import { limitSchema } from "./limit.js";
import { projectNameSchema, thingNameSchema } from "./names.js";
import { preheatPolicySchema } from "./preheat.js";
import { immutabilitySchema, retentionSchema } from "./retention.js";
import { projectRobotSchema } from "./robot.js";
import { webhookSchema } from "./webhook.js";

/** Roles in a project, and Harbor's number for each. */
export const ROLES = { admin: 1, developer: 2, guest: 3, maintainer: 4, "limited-guest": 5 } as const;

/** A person or a group, and what they may do in a project. */
export const memberSchema = z.strictObject({
  user: lineSchema.max(255).optional().meta({ description: "Name of a user." }),
  group: lineSchema
    .max(512)
    .optional()
    .meta({ description: "Name of a group; of LDAP: its DN. Either a user or a group." }),
  role: z
    .enum(["admin", "maintainer", "developer", "guest", "limited-guest"])
    .meta({ description: "What they may do." }),
});

/** A project and all that belongs to it. What is left away stays as it is in Harbor. */
export const projectSchema = z.strictObject({
  name: projectNameSchema.meta({ description: "Name of the project: the first part of its images' names." }),
  public: z.boolean().default(false).meta({ description: "Whether anybody may pull without a login." }),
  quota: limitSchema
    .optional()
    .meta({ description: "Storage it may use: 100GiB, or unlimited. Absent: system.quota.default when it is made." }),
  proxyCache: z
    .strictObject({
      registry: thingNameSchema.meta({ description: "Name of the registry whose images it keeps copies of." }),
      speed: sizeSchema.optional().meta({ description: "Most that is fetched in a second: 10MiB. Absent: no limit." }),
      connections: z
        .int()
        .min(1)
        .max(10_000)
        .optional()
        .meta({ description: "Most connections for one artifact. From 2.14. Absent: no limit." }),
      serveDeleted: z.boolean().optional().meta({ description: "Serve a copy of what is no longer there. From 2.15." }),
    })
    .optional()
    .meta({ description: "Makes it a cache of another registry. This cannot be changed later." }),
  contentTrust: z
    .array(z.enum(["cosign", "notation"]))
    .optional()
    .meta({ description: "Signatures without which an image cannot be pulled." }),
  scanOnPush: z.boolean().optional().meta({ description: "Look into each image that is pushed." }),
  sbomOnPush: z.boolean().optional().meta({ description: "Make a list of what is in each image that is pushed." }),
  blockFrom: z
    .enum(["off", "low", "medium", "high", "critical"])
    .optional()
    .meta({ description: "The severity from which on an image cannot be pulled." }),
  cveAllowList: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("system") }).meta({ description: "That of all projects." }),
      z
        .strictObject({
          kind: z.literal("own"),
          ...ownAllowList,
        })
        .meta({ description: "Its own." }),
    ])
    .optional()
    .meta({ description: "Vulnerabilities that do not block a pull." }),
  members: z.array(memberSchema).default([]).meta({ description: "Who may do what." }),
  robots: z.array(projectRobotSchema).default([]).meta({ description: "Accounts of programs." }),
  labels: z.array(labelSchema).default([]).meta({ description: "Labels for artifacts of this project." }),
  retention: retentionSchema.optional().meta({ description: "Which artifacts are kept; all others are deleted." }),
  immutability: z
    .array(immutabilitySchema)
    .default([])
    .meta({ description: "Tags that can be neither overwritten nor deleted." }),
  webhooks: z.array(webhookSchema).default([]).meta({ description: "Who is told what happens." }),
  preheat: z.array(preheatPolicySchema).default([]).meta({ description: "What is brought to peers before a pull." }),
});
export type Project = z.output<typeof projectSchema>;
export type Member = z.output<typeof memberSchema>;
