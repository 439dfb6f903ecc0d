import type { SettingChange, SettingsPlan } from "../spec/settings-plan.js";
import type { Change, Plan } from "./plan.js";
import { isWritten, shown } from "./shape.js";

const SIGNS = { create: "+", update: "~", delete: "-" } as const;

/** A plan without what it takes to carry it out; secrets are hidden. */
export function plannedSettings({ changes, left }: Plan): SettingsPlan {
  return {
    changes: changes.map((change) => ({ action: change.action, what: changeName(change), values: values(change) })),
    left: left.map(({ title, project, name, because }) => ({ what: titled(title, project, name), because })),
  };
}

/** A plan for people's eyes, a line for each change and each value. */
export function settingsText({ changes, left }: SettingsPlan): readonly string[] {
  return [
    ...changes.flatMap(({ action, what, values }) => [
      `${SIGNS[action]} ${what}`,
      ...values.map(
        ({ name, before, after }) => `    ${name}: ${before === undefined ? after : `${before} → ${after}`}`,
      ),
    ]),
    ...left.map(({ what, because }) => `  ${what} stays: ${because}`),
  ];
}

/** As {@link settingsText}, of a plan that can be carried out. */
export function planText(plan: Plan): readonly string[] {
  return settingsText(plannedSettings(plan));
}

/** What a change is about: `robot team/ci`. */
export function changeName({ section, name }: Change): string {
  return titled(section.title, section.project, name);
}

function titled(title: string, project: string | undefined, name: string): string {
  if (name === title) return project === undefined ? title : `${title} of ${project}`;
  return `${title} ${project === undefined ? "" : `${project}/`}${name}`;
}

function values(change: Change): SettingChange["values"] {
  if (change.action === "delete") return [];
  if (change.action === "update") {
    return change.differences.map(({ name, found, wanted }) => ({ name, before: shown(found), after: shown(wanted) }));
  }
  return Object.entries(change.wanted.shape)
    .filter(([, value]) => isWritten(value))
    .map(([name, value]) => ({ name, after: shown(value) }));
}
