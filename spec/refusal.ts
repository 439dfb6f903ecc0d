import type { Environment } from "./environment.js";
import { type FieldPath, fieldAt } from "./field.js";
import type { ProblemDetails } from "./problem.js";

/** A combination that is known to fail, or to lose data: each part is allowed alone, together they are not. */
export interface Refusal {
  /** Stable name: `storage/oss-on-distribution-3`. */
  readonly code: string;
  /** The field that has to change; `[]` stands for any entry of a list, `*` for any key. */
  readonly field: string;
  /** What happens to somebody who does it anyway. */
  readonly because: string;
  /** What to write, where it is the same for everybody. */
  readonly instead: string | undefined;
  /** Where the fact comes from: an issue, a document, a measurement. */
  readonly source: string;
  /** Where this environment does it; empty when it does not. */
  findIn(environment: Environment): Finding[];
}

/** A problem whose field is known, and its place in a file not yet. */
export type Finding = ProblemDetails & { readonly field: string };

/** What a rule looks at; `at` are the indices and keys that its field's gaps stand for. */
export interface View {
  readonly at: FieldPath;
}

/** A refusal as it is written down. */
export interface Rule<Seen extends View> {
  readonly when: (seen: Seen) => boolean;
  readonly field: string;
  /** The value got, in the user's words. */
  readonly says: string | ((seen: Seen) => string);
  readonly because: string;
  readonly instead: string | ((seen: Seen) => string);
  readonly source: string;
}

/** The whole environment, with the parts that rules ask for most. */
export interface Whole extends View {
  readonly environment: Environment;
  readonly registry: Environment["registry"];
  readonly storage: Environment["registry"]["storage"];
  readonly front: Environment["front"];
  readonly sites: Environment["sites"];
  /** Nodes of all sites. */
  readonly nodes: number;
}

/** A refusal that looks at the environment as a whole. */
export function refusal(code: string, rule: Rule<Whole>): Refusal {
  return refusalOfEach((environment) => [whole(environment)], code, rule);
}

/** A refusal that looks at each of several things, and names the field of each that is refused. */
export function refusalOfEach<Seen extends View>(
  each: (environment: Environment) => readonly Seen[],
  code: string,
  rule: Rule<Seen>,
): Refusal {
  const { field, because, instead, source } = rule;
  return {
    code,
    field,
    because,
    instead: typeof instead === "string" ? instead : undefined,
    source,
    findIn: (environment) =>
      each(environment)
        .filter(rule.when)
        .map((seen) => ({
          code,
          field: fieldAt(field, seen.at),
          says: `${worded(rule.says, seen)}: ${because}`,
          instead: worded(instead, seen),
          source,
        })),
  };
}

/** The environment as {@link refusal} shows it to a rule. */
export function whole(environment: Environment): Whole {
  const { registry, front, sites } = environment;
  const nodes = sites.reduce((sum, site) => sum + nodesOf(site), 0);
  return { at: [], environment, registry, storage: registry.storage, front, sites, nodes };
}

/** How many nodes a site has. */
export function nodesOf(site: Environment["sites"][number]): number {
  return site.provider === "hosts" ? site.hosts.length : site.nodes.count;
}

function worded<Seen>(text: string | ((seen: Seen) => string), seen: Seen): string {
  return typeof text === "string" ? text : text(seen);
}
