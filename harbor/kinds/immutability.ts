import * as z from "zod";
import type { ProjectKind, ProjectOf, Wanted } from "../kind.js";
import { type Chosen, chosenText, foundText, selectors, sentSelectors } from "./selector.js";

const rules = z.array(z.object({ id: z.number(), ...selectors }));

/** Tags that can be neither overwritten nor deleted. A rule has no name: what it is about is what it is called. */
export const immutabilityKind: ProjectKind = {
  title: "immutability",
  prunable: true,
  want: (_harbor, { immutability }, field) =>
    immutability.map((rule, index) => ({
      name: chosenText(rule),
      field: `${field}.immutability[${index}]`,
      shape: { disabled: !rule.enabled },
    })),
  read: async ({ client }, place) =>
    (await client.list(path(place), rules)).map((rule) => ({
      name: foundText(rule),
      id: `${rule.id}`,
      shape: { disabled: rule.disabled },
    })),
  create: async ({ client, settings }, wanted, place) => {
    const sent = body(wanted, chosenIn(settings.projects, wanted, place));
    const id = await client.post(path(place), sent);
    // Harbor switches every new rule on, whatever it is told.
    if (wanted.shape.disabled === true) await client.put(`${path(place)}/${id}`, { id: Number(id), ...sent });
  },
  update: async ({ client, settings }, wanted, { id }, place) =>
    client.put(`${path(place)}/${id}`, { id: Number(id), ...body(wanted, chosenIn(settings.projects, wanted, place)) }),
  remove: async ({ client }, { id }, place) => client.delete(`${path(place)}/${id}`),
};

function path({ name }: ProjectOf): string {
  return `/projects/${name}/immutabletagrules`;
}

function chosenIn(
  projects: readonly { readonly name: string; readonly immutability: readonly Chosen[] }[],
  wanted: Wanted,
  place: ProjectOf,
): Chosen {
  const found = projects
    .find(({ name }) => name === place.name)
    ?.immutability.find((rule) => chosenText(rule) === wanted.name);
  if (found === undefined) throw new RangeError(`no rule ${wanted.name} in ${place.name}`);
  return found;
}

function body({ shape }: Wanted, chosen: Chosen) {
  return {
    disabled: shape.disabled,
    action: "immutable",
    template: "immutable_template",
    ...sentSelectors(chosen),
  };
}
