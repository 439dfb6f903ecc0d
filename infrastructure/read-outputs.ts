import * as z from "zod";
import { SITE_OUTPUT, type SiteOutputs, siteOutputsSchema } from "../spec/cloud/outputs.js";
import type { Configuration } from "./configuration.js";
import type { State } from "./state.js";

/** What may be missing while something else of the site is there. */
const partialSchema = z.looseObject({
  entry: z.string().optional(),
  storageKey: z.object({ accessKey: z.string().optional(), encryptedSecret: z.string().optional() }).nullish(),
});

/** Text that is one attribute of one resource. */
const REFERENCE = /^\$\{([a-z][a-z0-9_]*\.[A-Za-z0-9_-]+)\.([a-z0-9_.[\]]+)\}$/;

/**
 * What a site tells of itself. Terraform brings an output up to date only when everything is planned: after the machine
 * of one node was remade its output still names the old one. So each attribute is looked up in the state itself, and
 * what is no plain attribute is taken from the output.
 * @returns undefined when no machine is there, or there was no balancer before them yet
 */
export function readOutputs(configuration: Configuration, state: State): SiteOutputs | undefined {
  const before = state.output(SITE_OUTPUT);
  const told = evaluate(configuration.output(SITE_OUTPUT), before, state);
  const parsed = siteOutputsSchema.safeParse(withoutMissingNodes(withoutUnmade(told, before)));
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

/**
 * A balancer or an access key that is still to be made keeps nothing else from being told: machines that nobody knew of
 * would be taken for new ones, and their host keys be forgotten. Clients come in where they did, and of a key there is
 * no half.
 */
function withoutUnmade(told: unknown, before: unknown): unknown {
  const now = partialSchema.safeParse(told).data;
  if (now === undefined) return told;
  const { entry = partialSchema.safeParse(before).data?.entry, storageKey, ...others } = now;
  const isWhole = storageKey?.accessKey !== undefined && storageKey.encryptedSecret !== undefined;
  return { ...others, entry, ...(isWhole ? { storageKey } : {}) };
}

/** A node without an id is still to be made, or is gone. */
function withoutMissingNodes(told: unknown): unknown {
  if (typeof told !== "object" || told === null || !("nodes" in told)) return told;
  const { nodes } = told;
  if (typeof nodes !== "object" || nodes === null) return told;
  const there = Object.entries(nodes).filter(([, node]) => typeof node?.id === "string");
  return { ...told, nodes: Object.fromEntries(there) };
}
