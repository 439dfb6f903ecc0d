import * as z from "zod";

const cveSchema = z.string().regex(/^(CVE-\d{4}-\d{4,}|GHSA(-[a-z0-9]{4}){3}|[A-Z]+-[A-Za-z0-9:.-]+)$/, {
  error: "the id of a vulnerability: CVE-2024-3094",
});

const daySchema = z
  .string()
  .regex(/^20[2-9]\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, { error: "a day: 2027-01-31", abort: true })
  .refine(isDay, { error: "this month has no such day" });

/** February has no 30th, whatever a calendar makes of it. */
function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** Vulnerabilities that do not block a pull, and for how long. */
export const ownAllowList = {
  cves: z.array(cveSchema).default([]).meta({ description: "Vulnerabilities that do not block a pull." }),
  until: daySchema.optional().meta({ description: "Last day on which the list counts: 2027-01-31." }),
};
