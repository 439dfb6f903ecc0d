import * as z from "zod";
import type { Label } from "../../spec/harbor/settings/label.js";
import type { Harbor, Kind, ProjectKind, ProjectOf, Wanted } from "../kind.js";
import { SETTINGS } from "../kind.js";

const PATH = "/labels";

const labels = z.array(
  z.object({
    id: z.number(),
    name: z.string(),
    description: z.string().default(""),
    color: z.string().default(""),
  }),
);

/** The same calls for both places; a place is a scope. */
const calls = {
  title: "label",
  prunable: true,
  read: async ({ client }: Harbor, place: ProjectOf | undefined) =>
    (await client.list(PATH, labels, scopeOf(place))).map(({ id, name, description, color }) => ({
      name,
      id: `${id}`,
      shape: { description, color },
    })),
  create: async ({ client }: Harbor, { name, shape }: Wanted, place: ProjectOf | undefined) => {
    await client.post(PATH, { name, ...shape, ...scopeOf(place) });
  },
  update: async (
    { client }: Harbor,
    { name, shape }: Wanted,
    { id }: { readonly id: string },
    place: ProjectOf | undefined,
  ) => client.put(`${PATH}/${id}`, { name, ...shape, ...scopeOf(place) }),
  remove: async ({ client }: Harbor, { id }: { readonly id: string }) => client.delete(`${PATH}/${id}`),
};

/** Labels for artifacts of all projects. */
export const labelKind: Kind = {
  ...calls,
  want: ({ settings }) => settings.labels.map((label, index) => wanted(label, `${SETTINGS}.labels[${index}]`)),
};

/** Labels for artifacts of one project. */
export const projectLabelKind: ProjectKind = {
  ...calls,
  want: (_harbor, project, field) => project.labels.map((label, index) => wanted(label, `${field}.labels[${index}]`)),
};

function wanted({ name, description, color }: Label, field: string): Wanted {
  return { name, field, shape: { description: description ?? "", color } };
}

function scopeOf(place: ProjectOf | undefined): { readonly scope: string; readonly project_id: number } {
  return place === undefined ? { scope: "g", project_id: 0 } : { scope: "p", project_id: place.id };
}
