import * as z from "zod";
import { milliseconds } from "../../spec/duration.js";
import { limitBytes } from "../../spec/harbor/settings/limit.js";
import type { System } from "../../spec/harbor/settings/system.js";
import { parsedJson } from "../../spec/parsed-json.js";
import type { HarborClient } from "../client.js";
import type { Kind, Wanted } from "../kind.js";
import { SETTINGS } from "../kind.js";
import type { Shape, Value } from "../shape.js";

const PATH = "/configurations";
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

// Some of them have no value: `"scan_all_policy": {}`.
const configuration = z.record(z.string(), z.object({ value: z.unknown().optional() }));

/** All settings of Harbor, by the API's names. */
export async function readConfiguration(client: HarborClient): Promise<Shape> {
  const found = await client.get(PATH, configuration);
  return Object.fromEntries(Object.entries(found ?? {}).map(([name, { value }]) => [name, asValue(name, value)]));
}

function asValue(name: string, value: unknown): Value {
  // A text of JSON, whose keys Harbor may put in another order.
  if (name === "banner_message" && typeof value === "string") return bannerOf(value);
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : undefined;
}

const banner = z.object({
  message: z.string(),
  type: z.string().default("info"),
  closable: z.boolean().default(false),
});

function bannerOf(text: string): Value {
  const parsed = banner.safeParse(parsedJson(text));
  return parsed.success ? parsed.data : text;
}

/** What is sent for a value: the banner travels as a text. */
function asSent(value: Value): unknown {
  return typeof value === "object" ? JSON.stringify(value) : value;
}

/** Settings of one field, which are set together. Names are those of the API. */
export function configurationKind(title: string, want: (system: System) => Shape, field: string): Kind {
  return {
    title,
    prunable: false,
    want: ({ settings }) => oneSetting(title, `${SETTINGS}.${field}`, want(settings.system)),
    read: async ({ client }) => [{ name: title, id: title, shape: await readConfiguration(client) }],
    create: async () => undefined,
    // Only what differs: the data base would otherwise be read anew on all nodes, and the log tell of a change.
    update: async ({ client }, { shape }, _found, _place, changed) =>
      client.put(
        PATH,
        Object.fromEntries(
          Object.entries(shape).flatMap(([name, value]) => (changed.has(name) ? [[name, asSent(value)]] : [])),
        ),
      ),
    remove: async () => undefined,
  };
}

/** Nothing that is wanted is no setting at all. */
export function oneSetting(name: string, field: string, shape: Shape): readonly Wanted[] {
  return Object.values(shape).every((value) => value === undefined) ? [] : [{ name, field, shape }];
}

/** Settings of Harbor itself. */
export const systemKind = configurationKind("settings", systemShape, "system");
/** While Harbor is read-only it refuses every other change: so this comes first where it ends, and last where it begins. */
export const writableKind = configurationKind(
  "end of read-only",
  ({ readOnly }) => ({ read_only: readOnly === false ? false : undefined }),
  "system.readOnly",
);
export const readOnlyKind = configurationKind(
  "read-only",
  ({ readOnly }) => ({ read_only: readOnly === true ? true : undefined }),
  "system.readOnly",
);

function systemShape(system: System): Shape {
  const { projectCreation, quota, auditForward, auditIgnore } = system;
  return {
    project_creation_restriction: projectCreation && (projectCreation === "admins" ? "adminonly" : "everyone"),
    token_expiration: whole(system.tokenLifetime, MINUTE),
    session_timeout: whole(system.sessionTimeout, MINUTE),
    robot_token_duration: whole(system.robotLifetime, DAY),
    robot_name_prefix: system.robotPrefix,
    notification_enable: system.webhooks,
    quota_per_project_enable: quota?.enabled,
    storage_per_project: quota && limitBytes(quota.default),
    audit_log_forward_endpoint: auditForward?.address,
    skip_audit_log_database: auditForward && !auditForward.keepInDatabase,
    disabled_audit_log_event_types: auditIgnore?.join(","),
    scanner_skip_update_pulltime: system.scannerKeepsPullTime,
    banner_message: system.banner,
  };
}

function whole(duration: string | undefined, unit: number): number | undefined {
  return duration === undefined ? undefined : Math.ceil(milliseconds(duration) / unit);
}
