import * as z from "zod";
import type { Configuration } from "./configuration.js";
import { interrupts, type MachineTypes, nodeOfMachine } from "./machines.js";
import type { ChangeAction, InfrastructurePlan, ResourceChange } from "./plan.js";

const actionsSchema = z.array(z.string());

const changeSchema = z.object({
  actions: actionsSchema,
  before: z.unknown(),
  after: z.unknown(),
  after_unknown: z.unknown(),
  replace_paths: z.array(z.array(z.unknown())).optional(),
});

const plannedSchema = z.object({
  resource_changes: z
    .array(z.object({ address: z.string(), mode: z.string(), type: z.string(), change: changeSchema }))
    .default([]),
  output_changes: z.record(z.string(), z.object({ actions: actionsSchema })).default({}),
});

/**
 * What a plan changes, from `terraform show -json`: which resources, and the names of arguments. Values are left behind
 * here, for some are secret.
 * @param ignored - resources that are not told of, and that no plan is worth carrying out for
 */
export function readPlan(
  site: string,
  shown: unknown,
  configuration: Configuration,
  machines: MachineTypes,
  ignored: (path: string) => boolean,
): InfrastructurePlan {
  const { resource_changes, output_changes } = plannedSchema.parse(shown);
  const changes = resource_changes.flatMap(({ address, mode, type, change }): ResourceChange[] => {
    const action = actionOf(change.actions);
    if (mode !== "managed" || action === undefined) return [];
    const path = configuration.path(address);
    const names = argumentsOf(action, change, Object.keys(configuration.bodies.get(address) ?? {}));
    const described = { address, type, path, action, arguments: names };
    const node = nodeOfMachine(type, path, machines);
    return [{ ...described, ...(node !== undefined && interrupts(described, machines) ? { node } : {}) }];
  });
  const told = changes.filter(({ path }) => !ignored(path));
  const outputsStay = Object.values(output_changes).every(({ actions }) => actions.every((one) => one === "no-op"));
  return { site, changes: told, isEmpty: told.length === 0 && outputsStay };
}

function actionOf(actions: readonly string[]): ChangeAction | undefined {
  if (actions.includes("create")) return actions.includes("delete") ? "replace" : "create";
  if (actions.includes("update")) return "update";
  return actions.includes("delete") ? "delete" : undefined;
}

/** What the cloud decides changes along with what is asked for; only the latter says anything to a reader. */
function argumentsOf(action: ChangeAction, change: z.output<typeof changeSchema>, asked: readonly string[]): string[] {
  if (action === "replace") {
    const forcing = (change.replace_paths ?? []).flatMap(([first]) => (typeof first === "string" ? [first] : []));
    return [...new Set(forcing)].sort();
  }
  if (action !== "update") return [];
  const before = fields(change.before);
  const after = fields(change.after);
  const unknown = fields(change.after_unknown);
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after), ...Object.keys(unknown)])]
    .filter((name) => !isSame(before[name], after[name]) || hasUnknown(unknown[name]))
    .sort();
  const wanted = changed.filter((name) => asked.includes(name));
  return wanted.length > 0 ? wanted : changed;
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  const parsed = z.record(z.string(), z.unknown()).safeParse(value);
  return parsed.success ? parsed.data : {};
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}

/** Somewhere in it is a value that only the cloud can give. */
function hasUnknown(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return value === true;
  return Object.values(value).some(hasUnknown);
}
