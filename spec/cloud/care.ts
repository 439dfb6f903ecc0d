import * as z from "zod";
import { durationSchema } from "../duration.js";
import { hostnameSchema, lineSchema, mailSchema } from "../names.js";

/** What the cloud writes down about a site. */
export const cloudLogsSchema = z
  .strictObject({
    audit: z
      .boolean()
      .default(true)
      .meta({ description: "Write down who changed what in the account (ActionTrail, CloudTrail)." }),
    keep: durationSchema.default("90d").meta({
      description: "How long logs are kept. How long ActionTrail keeps events is set in its own console.",
    }),
  })
  .prefault({})
  .meta({ description: "Logs of the site in the cloud's own log service." });

/** Days before the end of a certificate at which somebody is told, where nothing else is said. */
export const DEFAULT_CERTIFICATE_DAYS = 21;

/** What the cloud calls somebody for. */
export const cloudAlarmsSchema = z
  .strictObject({
    mail: z
      .array(mailSchema)
      .max(20)
      .default([])
      .meta({ description: "Who is told. Empty: alarms are made all the same." }),
    cpu: z.int().min(1).max(100).default(85).meta({ description: "Percent of a node's processors over ten minutes." }),
    storage: z
      .int()
      .min(1)
      .max(100)
      .default(85)
      .meta({ description: "Percent of bucket.plannedSize and of a node's disk." }),
    certificateDays: z
      .int()
      .min(1)
      .max(90)
      .default(DEFAULT_CERTIFICATE_DAYS)
      .meta({ description: "AWS: days before the end of a certificate of ACM. Alibaba Cloud reminds by itself." }),
  })
  .prefault({})
  .meta({ description: "Alarms: a node that fails its checks, processors, storage, certificates." });

/** A budget that tells before the bill does. */
export const cloudBudgetSchema = z
  .strictObject({
    monthly: z.int().min(1).max(10_000_000).meta({ description: "What a month may cost, in the account's currency." }),
    currency: z.enum(["USD", "CNY", "EUR"]).default("USD").meta({ description: "The account's currency." }),
  })
  .meta({ description: "AWS: tell alarms.mail when 80 % of it is spent. Absent: nobody is told." });

/** A content delivery network before the balancer. */
export const cloudCdnSchema = z
  .strictObject({
    hostname: hostnameSchema.meta({ description: "Name under which clients reach the registry through the CDN." }),
    certificate: lineSchema.meta({ description: "Id or ARN of the certificate for that name." }),
  })
  .meta({
    description:
      "Clients far away come in through the cloud's CDN. It keeps layers only when nobody is asked for a password.",
  });
