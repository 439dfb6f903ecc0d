import { names } from "./field.js";
import { environmentJsonSchema, type JsonSchema } from "./json-schema.js";
import { Problem } from "./problem.js";
import type { Refusal } from "./refusal.js";
import { refusals } from "./refusals.js";
import { kindsOf, ownProperty } from "./schema-tree.js";
import { didYouMean } from "./suggestion.js";
import { wantedText } from "./wording.js";

/** A field that a name may mean: the same key can stand in several kinds of a union. */
interface Meaning {
  readonly schema: JsonSchema;
  /** The field without kinds and indices: `registry.storage.endpoint`. */
  readonly plain: readonly string[];
  /** The kinds that were chosen on the way: `kind: s3`. */
  readonly kinds: readonly string[];
  readonly needed: boolean;
}

/**
 * What a field of the environment file means, what it may be, and what is refused.
 * @param field - `registry.storage.endpoint`, `registry.storage.s3.endpoint`, `sites[0].nodes.count`; "" for the whole file
 * @throws Problem `explain/unknown-field` with what was probably meant
 */
export function explain(field: string): string {
  const steps = field.split(/[.[\]]+/).filter((step) => step !== "" && !/^\d+$/.test(step));
  const top: Meaning = { schema: environmentJsonSchema(), plain: [], kinds: [], needed: true };
  const found = steps.reduce<readonly Meaning[]>((meanings, step) => descend(meanings, step, field), [top]);
  return found.map(text).join("\n\n");
}

/** What a step means after those before it: a key, or the name of a kind. */
function descend(meanings: readonly Meaning[], step: string, field: string): readonly Meaning[] {
  const keys = meanings.flatMap((meaning) => withKey(meaning, step));
  if (keys.length > 0) return merged(keys);
  const kinds = meanings.flatMap((meaning) =>
    openKinds(meaning).filter((kind) => kind.kinds.at(-1)?.endsWith(`: ${step}`)),
  );
  if (kinds.length > 0) return kinds;
  const known = meanings
    .flatMap((meaning) => openKinds(meaning))
    .flatMap(({ schema }) => Object.keys(schema.properties ?? {}));
  const around = meanings[0]?.plain.join(".") || "an environment";
  throw new Problem({
    code: "explain/unknown-field",
    says: `${JSON.stringify(field)} is not a field: ${around} has no ${JSON.stringify(step)}`,
    instead:
      known.length === 0 ? `${around} has no fields of its own` : didYouMean(step, [...new Set(known)], "there are"),
  });
}

function withKey(meaning: Meaning, key: string): Meaning[] {
  return openKinds(meaning).flatMap((kind) => {
    const schema = ownProperty(kind.schema, key);
    const needed = kind.schema.required?.includes(key) ?? false;
    return schema === undefined ? [] : [{ schema, plain: [...kind.plain, key], kinds: kind.kinds, needed }];
  });
}

/** A list stands for its entries, a union for each of its kinds. */
function openKinds(meaning: Meaning): Meaning[] {
  const schema = meaning.schema.items ?? meaning.schema;
  const kinds = kindsOf(schema);
  if (kinds.length === 0) return [{ ...meaning, schema }];
  return kinds.map(({ key, value, schema: kind }) => ({
    ...meaning,
    schema: kind,
    kinds: [...meaning.kinds, `${key}: ${value}`],
  }));
}

/** The same field of several kinds is told once. The key that tells the kinds apart is an enumeration of them. */
function merged(meanings: readonly Meaning[]): Meaning[] {
  const constants = meanings.flatMap(({ schema }) => (schema.const === undefined ? [] : [schema.const]));
  const [first] = meanings;
  if (first !== undefined && constants.length === meanings.length) {
    return [{ ...first, schema: { type: "string", enum: constants, description: "Which kind this is." }, kinds: [] }];
  }
  const groups = new Map<string, Meaning>();
  for (const meaning of meanings) {
    const key = JSON.stringify([meaning.schema, meaning.needed]);
    const known = groups.get(key);
    groups.set(key, known === undefined ? meaning : { ...known, kinds: [...known.kinds, ...meaning.kinds] });
  }
  return [...groups.values()];
}

function text({ schema, plain, kinds, needed }: Meaning): string {
  const title = plain.join(".") || "the environment file";
  const heading = kinds.length === 0 ? title : `${title}  (${[...new Set(kinds)].join(" or ")})`;
  const parts = [plain.length === 0 ? [] : facts(schema, needed), fields(schema), refused(plain.join("."))].filter(
    (part) => part.length > 0,
  );
  return [
    heading,
    ...(schema.description === undefined ? [] : [`  ${schema.description}`]),
    ...parts.flatMap((part) => ["", ...part]),
  ].join("\n");
}

function facts(schema: JsonSchema, needed: boolean): string[] {
  const rows: [string, string | undefined][] = [
    ["is", wantedText(schema)],
    ["matches", schema.pattern],
    ["entries", schema.items?.type === "string" ? `${wantedText(schema.items)}${matching(schema.items)}` : undefined],
    [
      "default",
      schema.default === undefined ? (needed ? "none: it must be given" : "none") : JSON.stringify(schema.default),
    ],
  ];
  return rows.flatMap(([name, value]) => (value === undefined ? [] : [`  ${name.padEnd(8)} ${value}`]));
}

function matching({ pattern }: JsonSchema): string {
  return pattern === undefined ? "" : ` that matches ${pattern}`;
}

/** The fields of a mapping, or of each kind of a union. */
function fields(schema: JsonSchema): string[] {
  const inner = schema.items ?? schema;
  const kinds = kindsOf(inner);
  if (kinds.length === 0) return rows(inner, "  ", "");
  return kinds.flatMap(({ key, value, schema: kind }) => [
    `  ${key}: ${value}`,
    ...(kind.description === undefined ? [] : [`    ${kind.description}`]),
    ...rows(kind, "      ", key),
  ]);
}

function rows({ properties = {} }: JsonSchema, indent: string, without: string): string[] {
  const keys = Object.keys(properties).filter((key) => key !== without);
  const width = Math.max(0, ...keys.map((key) => key.length));
  return keys.map((key) => `${indent}${key.padEnd(width)}  ${properties[key]?.description ?? ""}`.trimEnd());
}

function refused(plain: string): string[] {
  const named = refusals.filter(({ field }) => names(field, plain));
  return named.length === 0 ? [] : ["  refused", ...named.flatMap(refusalText)];
}

function refusalText({ code, because, instead, source }: Refusal): string[] {
  return [
    `    ${code}`,
    `      ${because}`,
    ...(instead === undefined ? [] : [`      instead: ${instead}`]),
    `      source: ${source}`,
  ];
}
