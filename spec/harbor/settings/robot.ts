import * as z from "zod";
import { lineSchema } from "../../names.js";
import { projectNameSchema } from "./names.js";
import { projectRightsSchema, systemRightsSchema } from "./rights.js";

const daysSchema = z.string().regex(/^(never|[1-9][0-9]{0,3}d)$/, {
  error: "never, or whole days: 90d",
});

const common = {
  name: projectNameSchema.meta({
    description: "Name of the robot, without Harbor's prefix. Its secret is made here and kept in the secret store.",
  }),
  description: lineSchema.optional().meta({ description: "What it is for." }),
  expires: daysSchema
    .default("never")
    .meta({ description: "Days after its creation when it stops to work: 90d; or never." }),
  enabled: z.boolean().default(true).meta({ description: "Whether it may log in." }),
};

/** A robot of one project. */
export const projectRobotSchema = z.strictObject({
  ...common,
  rights: projectRightsSchema.meta({ description: "What it may do in its project, by resource: repository: [pull]." }),
});

const reachedSchema = z
  .string()
  .max(255)
  .refine((text) => text === "*" || projectNameSchema.safeParse(text).success, {
    error: 'the name of a project, or "*" for all',
  });

/** A robot that reaches several projects, or Harbor itself. */
export const systemRobotSchema = z.strictObject({
  ...common,
  projects: z
    .array(
      z.strictObject({
        name: reachedSchema.meta({ description: 'Name of the project, or "*" for all there are and will be.' }),
        rights: projectRightsSchema.meta({
          description: "What it may do there, by resource: repository: [pull, push].",
        }),
      }),
    )
    .default([])
    .meta({ description: "Projects it reaches." }),
  system: systemRightsSchema.prefault({}).meta({ description: "What it may do outside of projects: project: [list]." }),
});

export type ProjectRobot = z.output<typeof projectRobotSchema>;
export type SystemRobot = z.output<typeof systemRobotSchema>;
