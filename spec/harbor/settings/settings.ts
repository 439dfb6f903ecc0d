import * as z from "zod";
import { labelSchema } from "./label.js";
import { loginSchema } from "./login.js";
import { auditPurgeSchema, gcSchema, scanAllSchema } from "./maintenance.js";
import { otherRegistrySchema } from "./other-registry.js";
import { preheatInstanceSchema } from "./preheat.js";
import { projectSchema } from "./project.js";
import { replicationSchema } from "./replication.js";
import { systemRobotSchema } from "./robot.js";
import { systemSchema } from "./system.js";

/** What is kept inside of Harbor and is set through its API. What is not written stays as it is. */
export const harborSettingsSchema = z.strictObject({
  prune: z.boolean().default(false).meta({
    description:
      "Delete what is in Harbor and not here: projects without images, members, robots, registries, rules, labels, receivers. Users and single settings stay.",
  }),
  login: loginSchema.optional().meta({ description: "Where people come from." }),
  system: systemSchema.prefault({}).meta({ description: "Settings of Harbor itself." }),
  gc: gcSchema.optional().meta({ description: "Deletion of layers that no image needs any more." }),
  scanAll: scanAllSchema.optional().meta({ description: "Scans of all images again." }),
  auditPurge: auditPurgeSchema.optional().meta({ description: "Deletion of old entries of the log of actions." }),
  registries: z.array(otherRegistrySchema).default([]).meta({ description: "Other registries, to copy from or to." }),
  labels: z.array(labelSchema).default([]).meta({ description: "Labels for artifacts of all projects." }),
  preheatInstances: z
    .array(preheatInstanceSchema)
    .default([])
    .meta({ description: "Networks of peers that images are brought to." }),
  projects: z.array(projectSchema).default([]).meta({ description: "Projects and all that belongs to them." }),
  robots: z
    .array(systemRobotSchema)
    .default([])
    .meta({ description: "Accounts of programs that reach several projects, or Harbor itself." }),
  replications: z.array(replicationSchema).default([]).meta({ description: "What is copied between registries." }),
});

/** Harbor's settings whose defaults are filled in. */
export type HarborSettings = z.output<typeof harborSettingsSchema>;
/** Harbor's settings as a person writes them. */
export type HarborSettingsFile = z.input<typeof harborSettingsSchema>;
