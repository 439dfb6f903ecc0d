import type { Change, Plan } from "./plan.js";
import { isWritten, shown } from "./shape.js";

const SIGNS = { create: "+", update: "~", delete: "-" } as const;

/** A plan for people's eyes, a line for each change and each value; secrets stay hidden. */
export function planText({ changes, left }: Plan): readonly string[] {
  return [
    ...changes.flatMap((change) => [`${SIGNS[change.action]} ${changeName(change)}`, ...details(change)]),
    ...left.map(({ title, project, name, because }) => `  ${titled(title, project, name)} stays: ${because}`),
  ];
}

/** What a change is about: `robot team/ci`. */
export function changeName({ section, name }: Change): string {
  return titled(section.title, section.project, name);
}

function titled(title: string, project: string | undefined, name: string): string {
  if (name === title) return project === undefined ? title : `${title} of ${project}`;
  return `${title} ${project === undefined ? "" : `${project}/`}${name}`;
}

function details(change: Change): readonly string[] {
  if (change.action === "delete") return [];
  if (change.action === "update") {
    return change.differences.map(({ name, found, wanted }) => `    ${name}: ${shown(found)} → ${shown(wanted)}`);
  }
  return Object.entries(change.wanted.shape)
    .filter(([, value]) => isWritten(value))
    .map(([name, value]) => `    ${name}: ${shown(value)}`);
}
