import * as z from "zod";
import type { PreheatPolicy } from "../../spec/harbor/settings/preheat.js";
import { sixFields } from "../../spec/harbor/settings/schedule.js";
import type { HarborSettings } from "../../spec/harbor/settings/settings.js";
import { parsedJson } from "../../spec/parsed-json.js";
import { Problem } from "../../spec/problem.js";
import type { Harbor, ProjectKind, ProjectOf, Wanted } from "../kind.js";
import type { Shape } from "../shape.js";
import { preheatIds } from "./preheat-instance.js";

const policies = z.array(
  z.object({
    id: z.number(),
    name: z.string(),
    description: z.string().default(""),
    provider_name: z.string().default(""),
    enabled: z.boolean().default(false),
    // Texts of JSON, all three.
    filters: z.string().default(""),
    trigger: z.string().default(""),
    extra_attrs: z.string().default(""),
  }),
);
const filters = z.array(z.object({ type: z.string(), value: z.union([z.string(), z.number(), z.boolean()]) }));
const trigger = z.object({
  type: z.string(),
  trigger_setting: z.object({ cron: z.string().default("") }).nullish(),
});
const extraAttributes = z.object({ scope: z.string().default(""), cluster_ids: z.array(z.number()).nullish() });

/** What is brought to peers before somebody pulls it. */
export const preheatPolicyKind: ProjectKind = {
  title: "preheat rule",
  prunable: true,
  want: ({ settings }, { preheat }, field) =>
    preheat.map((policy, index) => ({
      name: policy.name,
      field: `${field}.preheat[${index}]`,
      shape: wantedShape(policy, settings),
    })),
  read: async ({ client }, place) => (await client.list(path(place), policies)).map(found),
  create: async (harbor, wanted, place) => {
    await harbor.client.post(path(place), await body(harbor, wanted, place));
  },
  update: async (harbor, wanted, { id, name }, place) =>
    harbor.client.put(`${path(place)}/${name}`, { id: Number(id), ...(await body(harbor, wanted, place)) }),
  remove: async ({ client }, { name }, place) => client.delete(`${path(place)}/${name}`),
};

function path({ name }: ProjectOf): string {
  return `/projects/${name}/preheat/policies`;
}

function wantedShape(policy: PreheatPolicy, { preheatInstances }: HarborSettings): Shape {
  // Only dragonfly knows peers of several kinds.
  const dragonfly = preheatInstances.find(({ name }) => name === policy.instance)?.vendor === "dragonfly";
  return {
    description: policy.description ?? "",
    instance: policy.instance,
    repositories: policy.repositories,
    tags: policy.tags,
    labels: policy.labels.join(","),
    when: whenOf(policy.when),
    scope: dragonfly ? policy.scope : undefined,
    clusters: dragonfly ? policy.clusters.map((number) => `${number}`) : undefined,
    enabled: policy.enabled,
  };
}

function whenOf(when: string): string {
  if (when === "manual") return "manual";
  return when === "event" ? "event_based" : sixFields(when);
}

function found(policy: z.output<typeof policies>[number]) {
  const chosen = filters.safeParse(parsedJson(policy.filters)).data ?? [];
  const given = trigger.safeParse(parsedJson(policy.trigger)).data;
  const more = extraAttributes.safeParse(parsedJson(policy.extra_attrs)).data;
  const filterOf = (type: string) => chosen.find((filter) => filter.type === type)?.value;
  return {
    name: policy.name,
    id: `${policy.id}`,
    shape: {
      description: policy.description,
      instance: policy.provider_name,
      repositories: filterOf("repository"),
      tags: filterOf("tag"),
      labels: filterOf("label"),
      when: given?.type === "scheduled" ? given.trigger_setting?.cron : (given?.type ?? "manual"),
      scope: more?.scope,
      clusters: (more?.cluster_ids ?? []).map((number) => `${number}`),
      enabled: policy.enabled,
    },
  };
}

async function body({ client }: Harbor, { name, field, shape }: Wanted, place: ProjectOf) {
  const provider = (await preheatIds(client)).get(`${shape.instance}`);
  if (provider === undefined) {
    throw new Problem({
      code: "harbor/no-such-preheat-instance",
      field: `${field}.instance`,
      says: `Harbor has no preheat instance ${shape.instance}`,
      instead: "name it among harbor.settings.preheatInstances",
    });
  }
  const { when } = shape;
  const scheduled = when !== "manual" && when !== "event_based";
  const clusters = Array.isArray(shape.clusters) ? shape.clusters.map(Number) : [];
  return {
    name,
    description: shape.description,
    project_id: place.id,
    provider_id: provider,
    enabled: shape.enabled,
    filters: JSON.stringify([
      { type: "repository", value: shape.repositories },
      { type: "tag", value: shape.tags },
      ...(shape.labels === "" ? [] : [{ type: "label", value: shape.labels }]),
    ]),
    trigger: JSON.stringify({
      type: scheduled ? "scheduled" : when,
      trigger_setting: scheduled ? { cron: when } : {},
    }),
    extra_attrs: JSON.stringify(shape.scope === undefined ? {} : { scope: shape.scope, cluster_ids: clusters }),
  };
}
