import * as z from "zod";
import { lineSchema } from "../../names.js";
import { urlSchema } from "../../url.js";
import { thingNameSchema } from "./names.js";

/** Events of a project, in our words, and Harbor's name for each (src/pkg/notification/notification.go). */
export const WEBHOOK_EVENTS = {
  push: "PUSH_ARTIFACT",
  pull: "PULL_ARTIFACT",
  delete: "DELETE_ARTIFACT",
  scanned: "SCANNING_COMPLETED",
  "scan-failed": "SCANNING_FAILED",
  "scan-stopped": "SCANNING_STOPPED",
  "quota-warning": "QUOTA_WARNING",
  "quota-exceeded": "QUOTA_EXCEED",
  replication: "REPLICATION",
  retention: "TAG_RETENTION",
} as const;
export type WebhookEvent = keyof typeof WEBHOOK_EVENTS;

const [FIRST, ...OTHERS] = Object.keys(WEBHOOK_EVENTS).filter((key): key is WebhookEvent => key in WEBHOOK_EVENTS);

/** Somebody who is told what happens in a project. */
export const webhookSchema = z.strictObject({
  name: thingNameSchema.meta({ description: "Name of the receiver." }),
  description: lineSchema.optional().meta({ description: "What it is for." }),
  events: z
    .array(z.enum([FIRST ?? "push", ...OTHERS]))
    .min(1)
    .meta({ description: "What it is told of." }),
  url: urlSchema.meta({ description: "Where events are sent with POST." }),
  kind: z.enum(["http", "slack"]).default("http").meta({ description: "Who listens there." }),
  format: z
    .enum(["default", "cloud-events"])
    .default("default")
    .meta({ description: "What an event looks like; slack has a form of its own." }),
  authorization: z.boolean().default(false).meta({
    description: "Send the secret harbor/webhook/<project>/<name> as the Authorization header.",
  }),
  verifyCertificate: z
    .boolean()
    .default(true)
    .meta({ description: "Whether the receiver's certificate must be valid." }),
  enabled: z.boolean().default(true).meta({ description: "Whether it is told anything." }),
});
export type Webhook = z.output<typeof webhookSchema>;
