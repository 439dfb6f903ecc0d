import { SITE_OUTPUT, type SiteOutputs, siteOutputsSchema } from "../spec/cloud/outputs.js";
import type { Configuration } from "./configuration.js";
import type { State } from "./state.js";

/** Text that is one attribute of one resource. */
const REFERENCE = /^\$\{([a-z][a-z0-9_]*\.[A-Za-z0-9_-]+)\.([a-z0-9_.[\]]+)\}$/;

/**
 * What a site tells of itself. Terraform brings an output up to date only when everything is planned: after the machine
 * of one node was remade its output still names the old one. So each attribute is looked up in the state itself, and
 * what is no plain attribute is taken from the output.
 * @returns undefined when no machine is there, or not yet all that is told
 */
export function readOutputs(configuration: Configuration, state: State): SiteOutputs | undefined {
  const told = evaluate(configuration.output(SITE_OUTPUT), state.output(SITE_OUTPUT), state);
  const parsed = siteOutputsSchema.safeParse(withoutMissingNodes(told));
  return parsed.success && Object.keys(parsed.data.nodes).length > 0 ? parsed.data : undefined;
}

/** The value of an expression: what the state has now, else what was told before. */
function evaluate(expression: unknown, before: unknown, state: State): unknown {
  if (typeof expression === "string") {
    const [, address, path] = REFERENCE.exec(expression) ?? [];
    if (address !== undefined && path !== undefined) return state.attribute(address, path);
    return expression.includes("${") ? before : expression;
  }
  if (typeof expression !== "object" || expression === null) return expression;
  const told = new Map(Object.entries(typeof before === "object" && before !== null ? before : {}));
  const values = Object.entries(expression).map(([name, inner]) => [name, evaluate(inner, told.get(name), state)]);
  return Array.isArray(expression) ? values.map(([, value]) => value) : Object.fromEntries(values);
}

/** A node without an id is still to be made, or is gone. */
function withoutMissingNodes(told: unknown): unknown {
  if (typeof told !== "object" || told === null || !("nodes" in told)) return told;
  const { nodes } = told;
  if (typeof nodes !== "object" || nodes === null) return told;
  const there = Object.entries(nodes).filter(([, node]) => typeof node?.id === "string");
  return { ...told, nodes: Object.fromEntries(there) };
}
