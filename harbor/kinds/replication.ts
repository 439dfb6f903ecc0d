import * as z from "zod";
import type { Replication } from "../../spec/harbor/settings/replication.js";
import { sixFields } from "../../spec/harbor/settings/schedule.js";
import { Problem } from "../../spec/problem.js";
import { bytes } from "../../spec/size.js";
import type { Harbor, Kind, Wanted } from "../kind.js";
import { SETTINGS } from "../kind.js";
import type { Shape } from "../shape.js";
import { registryIds } from "./registry.js";

const PATH = "/replication/policies";
const KIB = 1024;

const end = z.object({ id: z.number().default(0), name: z.string().default("") }).nullish();
const filter = z.object({
  type: z.string(),
  value: z.union([z.string(), z.array(z.string())]),
  decoration: z.string().default(""),
});
const policies = z.array(
  z.object({
    id: z.number(),
    name: z.string(),
    description: z.string().default(""),
    src_registry: end,
    dest_registry: end,
    dest_namespace: z.string().default(""),
    dest_namespace_replace_count: z.number().default(0),
    trigger: z
      .object({ type: z.string(), trigger_settings: z.object({ cron: z.string().default("") }).nullish() })
      .nullish(),
    filters: z.array(filter).nullish(),
    // Not replicate_deletion, which the API describes and ignores.
    deletion: z.boolean().default(false),
    override: z.boolean().default(false),
    enabled: z.boolean().default(false),
    speed: z.number().default(0),
    copy_by_chunk: z.boolean().default(false),
    single_active_replication: z.boolean().default(false),
  }),
);

/** What is copied from another registry, or to it. */
export const replicationKind: Kind = {
  title: "replication",
  prunable: true,
  want: ({ settings }) =>
    settings.replications.map((rule, index) => ({
      name: rule.name,
      field: `${SETTINGS}.replications[${index}]`,
      shape: wantedShape(rule),
    })),
  read: async ({ client }) =>
    (await client.list(PATH, policies)).map((policy) => ({
      name: policy.name,
      id: `${policy.id}`,
      shape: foundShape(policy),
    })),
  create: async (harbor, wanted) => {
    await harbor.client.post(PATH, await body(harbor, wanted));
  },
  update: async (harbor, wanted, { id }) =>
    harbor.client.put(`${PATH}/${id}`, { id: Number(id), ...(await body(harbor, wanted)) }),
  remove: async ({ client }, { id }) => client.delete(`${PATH}/${id}`),
};

/** A filter as a line: `tag excludes *-dev`. */
type Filter = readonly [type: string, decoration: string, value: string];

function wantedShape(rule: Replication): Shape {
  const flatten = rule.into?.flatten;
  return {
    description: rule.description ?? "",
    to: rule.to ?? "",
    from: rule.from ?? "",
    filters: filtersOf(rule)
      .map((parts) => parts.join(" "))
      .sort(),
    namespace: rule.into?.namespace ?? "",
    // -1 is Harbor's word for all.
    flatten: flatten === "all" ? -1 : flatten,
    when: whenOf(rule.when),
    deletions: rule.deletions,
    override: rule.override,
    speed: rule.speed === undefined ? 0 : Math.max(1, Math.floor(bytes(rule.speed) / KIB)),
    chunks: rule.chunks,
    oneAtATime: rule.oneAtATime,
    enabled: rule.enabled,
  };
}

function filtersOf(rule: Replication): readonly Filter[] {
  const one = (type: string, decoration: string, value: string | undefined): Filter[] =>
    value === undefined || value === "" ? [] : [[type, decoration, value]];
  return [
    ...one("name", "", rule.repositories),
    ...one("tag", "matches", rule.tags),
    ...one("tag", "excludes", rule.exceptTags),
    ...one("label", "matches", [...rule.labels].sort().join(",")),
    ...one("label", "excludes", [...rule.exceptLabels].sort().join(",")),
    ...one("resource", "", rule.resources === "all" ? undefined : rule.resources),
  ];
}

function foundShape(policy: z.output<typeof policies>[number]): Shape {
  const { trigger } = policy;
  return {
    description: policy.description,
    // The end that is Harbor itself has the number 0.
    to: policy.dest_registry?.id ? policy.dest_registry.name : "",
    from: policy.src_registry?.id ? policy.src_registry.name : "",
    filters: (policy.filters ?? [])
      .map(({ type, value, decoration }) => {
        const known = type === "tag" || type === "label" ? decoration || "matches" : "";
        return [type, known, Array.isArray(value) ? [...value].sort().join(",") : value].join(" ");
      })
      .sort(),
    namespace: policy.dest_namespace,
    flatten: policy.dest_namespace_replace_count,
    when: trigger?.type === "scheduled" ? trigger.trigger_settings?.cron : (trigger?.type ?? "manual"),
    deletions: policy.deletion,
    override: policy.override,
    speed: Math.max(0, policy.speed),
    chunks: policy.copy_by_chunk,
    oneAtATime: policy.single_active_replication,
    enabled: policy.enabled,
  };
}

function whenOf(when: string): string {
  if (when === "manual") return "manual";
  return when === "event" ? "event_based" : sixFields(when);
}

async function body({ client, settings }: Harbor, { name, field, shape }: Wanted) {
  const rule = settings.replications.find((one) => one.name === name);
  const other = rule?.to ?? rule?.from ?? "";
  const id = (await registryIds(client)).get(other);
  if (rule === undefined || id === undefined) {
    throw new Problem({
      code: "harbor/no-such-registry",
      field: `${field}.${rule?.to === undefined ? "from" : "to"}`,
      says: `Harbor has no registry ${other}`,
      instead: "name it among harbor.settings.registries",
    });
  }
  const { when } = shape;
  const scheduled = when !== "manual" && when !== "event_based";
  return {
    name,
    description: shape.description,
    ...(rule.to === undefined ? { src_registry: { id } } : { dest_registry: { id } }),
    dest_namespace: shape.namespace,
    ...(shape.flatten === undefined ? {} : { dest_namespace_replace_count: shape.flatten }),
    trigger: {
      type: scheduled ? "scheduled" : when,
      ...(scheduled ? { trigger_settings: { cron: when } } : {}),
    },
    filters: filtersOf(rule).map(([type, decoration, value]) => ({
      type,
      value: type === "label" ? value.split(",") : value,
      ...(decoration === "" ? {} : { decoration }),
    })),
    deletion: shape.deletions,
    override: shape.override,
    enabled: shape.enabled,
    speed: shape.speed,
    copy_by_chunk: shape.chunks,
    // 2.13 does not know it.
    ...(shape.oneAtATime === true ? { single_active_replication: true } : {}),
  };
}
