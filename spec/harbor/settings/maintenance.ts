import * as z from "zod";
import { durationSchema } from "../../duration.js";
import { scheduleOr } from "./schedule.js";

const whenSchema = scheduleOr("never");
const SCHEDULE = "never, daily, weekly, … or five fields of cron, in UTC.";

/** What the log of actions tells of (src/pkg/auditext/model/model.go; other: all but the first three). */
export const AUDIT_EVENTS = [
  "create_artifact",
  "delete_artifact",
  "pull_artifact",
  "create_project",
  "delete_project",
  "delete_repository",
  "login_user",
  "logout_user",
  "create_user",
  "delete_user",
  "update_user",
  "create_robot",
  "delete_robot",
  "update_configuration",
] as const;

/** Deletes layers that no image needs any more. */
export const gcSchema = z.strictObject({
  schedule: whenSchema.meta({ description: SCHEDULE }),
  deleteUntagged: z.boolean().default(false).meta({ description: "Delete artifacts without a tag, too." }),
  workers: z.int().min(1).max(10).default(1).meta({ description: "Layers that are deleted at the same time." }),
});

/** Looks into every image for what became known since it was pushed. */
export const scanAllSchema = z.strictObject({
  schedule: whenSchema.meta({ description: SCHEDULE }),
});

/** Deletes old entries of the log of actions. */
export const auditPurgeSchema = z.strictObject({
  schedule: whenSchema.meta({ description: SCHEDULE }),
  keep: durationSchema.default("90d").meta({ description: "How long entries are kept; counted in whole hours." }),
  events: z
    .array(z.enum(AUDIT_EVENTS))
    .min(1)
    .default(["create_artifact", "delete_artifact", "pull_artifact"])
    .meta({ description: "Entries that are deleted when they are old." }),
});
