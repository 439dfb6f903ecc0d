import type pc from "picocolors";
import type { ResourcePlan } from "../cluster/plan.js";

type Colours = ReturnType<typeof pc.createColors>;

/** Resources of one kind of change that are shown one by one; more are counted by the part of the site they are in. */
const SHOWN = 12;

const SIGNS = { create: "+", update: "~", replace: "±", delete: "-" } as const;
const WORDS = { create: "to make", update: "to change", replace: "to replace", delete: "to delete" } as const;
const ACTIONS = ["create", "update", "replace", "delete"] as const;

/** What Terraform would do, in lines: how much of what, then what a person should look at before saying yes. */
export function describeResources(resources: readonly ResourcePlan[], colours: Colours): string[] {
  if (resources.length === 0) return [];
  const of = (action: ResourcePlan["action"]) => resources.filter((resource) => resource.action === action);
  const counts = ACTIONS.filter((action) => of(action).length > 0).map(
    (action) => `${of(action).length} ${WORDS[action]}`,
  );
  return [`Terraform: ${counts.join(", ")}`, ...ACTIONS.flatMap((action) => linesOf(action, of(action), colours))];
}

function linesOf(action: ResourcePlan["action"], resources: readonly ResourcePlan[], colours: Colours): string[] {
  const sign = paint(action, colours)(SIGNS[action]);
  // Whatever stops a node is named, however much else there is.
  const few = resources.length <= SHOWN ? resources : resources.filter(({ node }) => node !== undefined);
  const many = resources.length <= SHOWN ? [] : resources.filter(({ node }) => node === undefined);
  const parts = new Map<string, number>();
  for (const { path } of many) {
    const part = path.split("/")[0] ?? path;
    parts.set(part, (parts.get(part) ?? 0) + 1);
  }
  return [
    ...few.map((resource) => `    ${sign} ${describe(resource, colours)}`),
    ...[...parts].map(([part, number]) => `    ${sign} ${part}  (${number})`),
  ];
}

function describe({ path, type, arguments: named, node, action }: ResourcePlan, colours: Colours): string {
  const why = named.length === 0 ? "" : `  ${named.join(", ")}`;
  const stops = node === undefined ? "" : `  ${colours.yellow(stopsFor(node, action))}`;
  return `${path}  ${colours.dim(type)}${why}${stops}`;
}

function stopsFor(node: string, action: ResourcePlan["action"]): string {
  if (action === "replace") return `(${node} is drained, remade and joins again)`;
  return action === "delete" ? `(${node} goes)` : `(${node} is drained, stops and comes back)`;
}

function paint(action: ResourcePlan["action"], colours: Colours): (text: string) => string {
  if (action === "create") return colours.green;
  return action === "update" ? colours.yellow : colours.red;
}
