import * as z from "zod";
import type { Retention, RetentionRule } from "../../spec/harbor/settings/retention.js";
import { sixFields } from "../../spec/harbor/settings/schedule.js";
import { parsedJson } from "../../spec/parsed-json.js";
import type { HarborClient } from "../client.js";
import { HarborError } from "../harbor-error.js";
import type { Harbor, ProjectKind, ProjectOf } from "../kind.js";
import type { Shape } from "../shape.js";
import { chosenText, foundText, selectors, sentSelectors } from "./selector.js";

const PATH = "/retentions";
const NAME = "retention";

const policy = z.object({
  trigger: z.object({ settings: z.object({ cron: z.string().default("") }).nullish() }).nullish(),
  rules: z
    .array(z.object({ ...selectors, template: z.string(), params: z.record(z.string(), z.unknown()).nullish() }))
    .nullish(),
});
const project = z.object({
  registry_id: z.number().nullish(),
  metadata: z.object({ retention_id: z.string().nullish() }).nullish(),
});
const extras = z.object({ untagged: z.boolean().default(false) });

/** Which artifacts of a project are kept: one set of rules, or none. */
export const retentionKind: ProjectKind = {
  title: "retention",
  prunable: true,
  want: (_harbor, { retention }, field) =>
    retention === undefined ? [] : [{ name: NAME, field: `${field}.retention`, shape: wantedShape(retention) }],
  read: readRetention,
  create: async (harbor, _wanted, place) => {
    await harbor.client.post(PATH, body(harbor, place));
  },
  update: async (harbor, _wanted, { id }, place) =>
    harbor.client.put(`${PATH}/${id}`, { id: Number(id), ...body(harbor, place) }),
  remove: async ({ client }, { id }) => client.delete(`${PATH}/${id}`),
  // Not 409 but 400: "project 7 already has retention policy 3".
  exists: ({ status, says }) => status === 409 || (status === 400 && says.includes("already has retention")),
};

async function readRetention({ client }: Harbor, { name }: ProjectOf) {
  const found = await client.get(`/projects/${name}`, project);
  const id = found?.metadata?.retention_id;
  if (!id) return [];
  const rules = await readPolicy(client, id);
  if (rules === undefined) return [];
  const cron = rules.trigger?.settings?.cron ?? "";
  const shape = { schedule: cron, rules: (rules.rules ?? []).map(foundRule).sort() };
  return [{ name: NAME, id, shape, stays: found?.registry_id ? "Harbor made it for a cache" : undefined }];
}

/** The number of a policy that was deleted can linger in the cache; asking for it is answered with 500. */
async function readPolicy(client: HarborClient, id: string): Promise<z.output<typeof policy> | undefined> {
  try {
    return await client.get(`${PATH}/${id}`, policy);
  } catch (error) {
    if (error instanceof HarborError && error.status === 500) return undefined;
    throw error;
  }
}

function wantedShape({ schedule, rules }: Retention): Shape {
  return { schedule: cronOf(schedule), rules: rules.map(wantedRule).sort() };
}

/** Each rule as a line: any of them may keep an artifact, so that their order means nothing. */
function wantedRule(rule: RetentionRule): string {
  const { template, parameter, value } = templateOf(rule.keep);
  return ruleText(template, parameter === undefined ? {} : { [parameter]: value }, chosenText(rule), rule);
}

function foundRule(rule: NonNullable<z.output<typeof policy>["rules"]>[number]): string {
  const params = Object.entries(rule.params ?? {}).map(([name, value]) => [name, Number(value)]);
  const more = extras.safeParse(parsedJson(rule.tag_selectors?.[0]?.extras ?? ""));
  return ruleText(rule.template, Object.fromEntries(params), foundText(rule), {
    untagged: more.success && more.data.untagged,
    enabled: !rule.disabled,
  });
}

function ruleText(
  template: string,
  params: Readonly<Record<string, number>>,
  chosen: string,
  { untagged, enabled }: Pick<RetentionRule, "untagged" | "enabled">,
): string {
  const values = Object.entries(params).map(([name, value]) => `${name}=${value}`);
  return [template, ...values, chosen, untagged ? "and untagged" : "", enabled ? "" : "(off)"]
    .filter((part) => part !== "")
    .join(" ");
}

/** Harbor's rule for what is to be kept, with the one value that it asks for. */
function templateOf(keep: RetentionRule["keep"]): {
  readonly template: string;
  readonly parameter?: string;
  readonly value: number;
} {
  const withValue = (template: string, value: number) => ({ template, parameter: template, value });
  if (keep.newest !== undefined) return withValue("latestPushedK", keep.newest);
  if (keep.lastPulled !== undefined) return withValue("latestPulledN", keep.lastPulled);
  if (keep.pushedWithin !== undefined) return withValue("nDaysSinceLastPush", Number.parseInt(keep.pushedWithin, 10));
  if (keep.pulledWithin !== undefined) return withValue("nDaysSinceLastPull", Number.parseInt(keep.pulledWithin, 10));
  return { template: "always", value: 0 };
}

function cronOf(schedule: string): string {
  return schedule === "never" ? "" : sixFields(schedule);
}

function body({ settings }: Harbor, { name, id }: ProjectOf) {
  const retention = settings.projects.find((one) => one.name === name)?.retention;
  return {
    algorithm: "or",
    scope: { level: "project", ref: id },
    // Without it Harbor answers 500.
    trigger: { kind: "Schedule", settings: { cron: cronOf(retention?.schedule ?? "never") } },
    rules: (retention?.rules ?? []).map(sentRule),
  };
}

function sentRule(rule: RetentionRule) {
  const { template, parameter, value } = templateOf(rule.keep);
  return {
    disabled: !rule.enabled,
    action: "retain",
    template,
    params: parameter === undefined ? {} : { [parameter]: value },
    ...sentSelectors(rule, JSON.stringify({ untagged: rule.untagged })),
  };
}
