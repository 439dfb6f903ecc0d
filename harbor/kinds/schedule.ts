import * as z from "zod";
import { milliseconds } from "../../spec/duration.js";
import { sixFields } from "../../spec/harbor/settings/schedule.js";
import type { HarborSettings } from "../../spec/harbor/settings/settings.js";
import { parsedJson } from "../../spec/parsed-json.js";
import { Problem } from "../../spec/problem.js";
import { HarborError } from "../harbor-error.js";
import type { Harbor, Kind } from "../kind.js";
import { SETTINGS } from "../kind.js";
import type { Shape } from "../shape.js";

const HOUR = 3_600_000;

const answer = z.object({
  schedule: z.object({ type: z.string().default("None"), cron: z.string().default("") }).nullish(),
  // A text of JSON, without what is false.
  job_parameters: z.string().nullish(),
});
const parameters = z.record(z.string(), z.unknown());

/** Something that Harbor does again and again; there is one of each. */
interface Job {
  readonly title: string;
  readonly path: string;
  readonly field: keyof HarborSettings;
  readonly schedule: (settings: HarborSettings) => string | undefined;
  /** What the job is told, by the API's names. */
  readonly parameters: (settings: HarborSettings) => Shape;
}

/** Deletion of layers that no image needs any more. */
export const gcKind = scheduleKind({
  title: "garbage collection",
  path: "/system/gc/schedule",
  field: "gc",
  schedule: ({ gc }) => gc?.schedule,
  parameters: ({ gc }) => ({
    delete_untagged: gc?.deleteUntagged ?? false,
    delete_tag: false,
    dry_run: false,
    workers: gc?.workers ?? 1,
  }),
});

/** Scans of all images again. */
export const scanAllKind = scheduleKind({
  title: "scan of all images",
  path: "/system/scanAll/schedule",
  field: "scanAll",
  schedule: ({ scanAll }) => scanAll?.schedule,
  parameters: () => ({}),
});

/** Deletion of old entries of the log of actions. */
export const auditPurgeKind = scheduleKind({
  title: "purge of the audit log",
  path: "/system/purgeaudit/schedule",
  field: "auditPurge",
  schedule: ({ auditPurge }) => auditPurge?.schedule,
  parameters: ({ auditPurge }) => ({
    audit_retention_hour: Math.ceil(milliseconds(auditPurge?.keep ?? "90d") / HOUR),
    dry_run: false,
    // Harbor wants it even when there is nothing to do.
    include_event_types: [...(auditPurge?.events ?? [])].sort().join(","),
  }),
});

function scheduleKind({ title, path, field, schedule, parameters: told }: Job): Kind {
  return {
    title,
    prunable: false,
    want: ({ settings }) => {
      const when = schedule(settings);
      if (when === undefined) return [];
      const shape = when === "never" ? { cron: "" } : { cron: sixFields(when), ...told(settings) };
      return [{ name: title, field: `${SETTINGS}.${field}`, shape }];
    },
    read: async (harbor) => [{ name: title, id: title, shape: await readSchedule(harbor, path, schedule, field) }],
    create: async () => undefined,
    // PUT makes a schedule, too; POST would begin one more time where there is one.
    update: async ({ client, settings }, { shape }) =>
      client.put(path, {
        schedule: shape.cron === "" ? { type: "None", cron: "" } : { type: "Custom", cron: shape.cron },
        parameters: told(settings),
      }),
    remove: async () => undefined,
  };
}

async function readSchedule(
  { client, settings }: Harbor,
  path: string,
  schedule: Job["schedule"],
  field: Job["field"],
): Promise<Shape> {
  const when = schedule(settings);
  if (when === undefined) return {};
  try {
    const found = await client.get(path, answer);
    const { type, cron } = found?.schedule ?? { type: "None", cron: "" };
    const told = parameters.safeParse(parsedJson(found?.job_parameters ?? "")).data ?? {};
    return { ...Object.fromEntries(Object.entries(told).map(known)), cron: type === "None" ? "" : cron };
  } catch (error) {
    // Harbor has no scanner: there is nothing to be scanned, and nothing to be set.
    if (!(error instanceof HarborError) || error.status !== 412) throw error;
    if (when === "never") return { cron: "" };
    throw new Problem({
      code: "harbor/no-scanner",
      field: `${SETTINGS}.${field}`,
      says: `Harbor cannot scan: ${error.says}`,
      instead: "switch harbor.trivy on, or leave it away",
    });
  }
}

function known([name, value]: readonly [string, unknown]): readonly [string, string | number | boolean | undefined] {
  if (name === "include_event_types" && typeof value === "string") return [name, value.split(",").sort().join(",")];
  return [
    name,
    typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : undefined,
  ];
}
