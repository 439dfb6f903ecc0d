import * as z from "zod";
import { durationSchema } from "../../duration.js";
import { hostPortSchema, lineSchema } from "../../names.js";

import { ownAllowList } from "./cve.js";
import { limitSchema } from "./limit.js";
import { AUDIT_EVENTS } from "./maintenance.js";

/** Settings of Harbor itself. What is not written stays as it is. */
export const systemSchema = z.strictObject({
  projectCreation: z.enum(["everyone", "admins"]).optional().meta({ description: "Who may make projects." }),
  readOnly: z.boolean().optional().meta({ description: "Refuse pushes and deletions." }),
  tokenLifetime: durationSchema
    .optional()
    .meta({ description: "How long a token of a client is good, in whole minutes: 30m." }),
  sessionTimeout: durationSchema
    .optional()
    .meta({ description: "How long a login in the browser lasts, in whole minutes: 60m." }),
  robotLifetime: durationSchema
    .optional()
    .meta({ description: "How long a robot made by hand works when nothing else is said, in whole days: 30d." }),
  robotPrefix: z
    .string()
    .regex(/^[a-z0-9]+[$+._-]$/, { error: "a word and one of $ + . _ -: robot$" })
    .max(32)
    .optional()
    .meta({ description: "What every robot's name begins with: robot$." }),
  webhooks: z.boolean().optional().meta({ description: "Whether receivers of events are told anything." }),
  quota: z
    .strictObject({
      enabled: z.boolean().default(true).meta({ description: "Whether projects have limits at all." }),
      default: limitSchema
        .default("unlimited")
        .meta({ description: "Limit of a project that says none: 100GiB, or unlimited." }),
    })
    .optional()
    .meta({ description: "Storage that projects may use." }),
  auditForward: z
    .strictObject({
      address: hostPortSchema.meta({ description: "Address of a syslog server, TCP: syslog.example.com:514." }),
      keepInDatabase: z.boolean().default(true).meta({ description: "Keep entries in the data base, too." }),
    })
    .optional()
    .meta({ description: "Send the log of actions to a syslog server." }),
  auditIgnore: z.array(z.enum(AUDIT_EVENTS)).optional().meta({ description: "Actions that are not logged." }),
  scannerKeepsPullTime: z
    .boolean()
    .optional()
    .meta({ description: "A scan does not count as a pull, which retention looks at." }),
  cveAllowList: z.strictObject(ownAllowList).optional().meta({
    description: "Vulnerabilities that do not block a pull from projects whose cveAllowList is that of the system.",
  }),
  banner: z
    .strictObject({
      message: lineSchema.meta({ description: "The text." }),
      type: z.enum(["info", "success", "warning", "danger"]).default("info").meta({ description: "Its colour." }),
      closable: z.boolean().default(true).meta({ description: "Whether it can be closed." }),
    })
    .optional()
    .meta({ description: "A line above every page." }),
});
export type System = z.output<typeof systemSchema>;
