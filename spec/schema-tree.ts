import type { FieldPath } from "./field.js";
import type { JsonSchema } from "./json-schema.js";

/** One kind of a discriminated union: the key that tells the kinds apart, and this kind's value of it. */
export interface Kind {
  readonly key: string;
  readonly value: string;
  readonly schema: JsonSchema;
}

/** The kinds of a discriminated union, none for anything else. */
export function kindsOf(schema: JsonSchema): Kind[] {
  return (schema.oneOf ?? []).flatMap((kind) =>
    Object.entries(kind.properties ?? {}).flatMap(([key, { const: value }]) =>
      value === undefined ? [] : [{ key, value, schema: kind }],
    ),
  );
}

/** The schema of the field at a path. Which kind of a union counts is read from the value that was given. */
export function schemaAt(schema: JsonSchema, path: FieldPath, given: unknown): JsonSchema | undefined {
  const chosen = chosenKind(schema, given);
  const [step, ...rest] = path;
  if (step === undefined) return chosen;
  const inner = typeof step === "number" ? chosen?.items : ownProperty(chosen, step);
  return inner && schemaAt(inner, rest, valueAt(given, [step]));
}

/** The value at a path, undefined where nothing is. */
export function valueAt(given: unknown, path: FieldPath): unknown {
  return path.reduce<unknown>((value, step) => {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    return Reflect.get(value, step);
  }, given);
}

function chosenKind(schema: JsonSchema, given: unknown): JsonSchema | undefined {
  const kinds = kindsOf(schema);
  if (kinds.length === 0) return schema;
  return kinds.find(({ key, value }) => valueAt(given, [key]) === value)?.schema;
}

/** The schema of a key. `constructor` and `__proto__` are no keys of ours, though every object has them. */
export function ownProperty(schema: JsonSchema | undefined, key: string): JsonSchema | undefined {
  const properties = schema?.properties ?? {};
  if (Object.hasOwn(properties, key)) return properties[key];
  // Every key of a record holds the same; what a record is has no properties of its own.
  return schema?.properties === undefined && schema?.additionalProperties ? schema.additionalProperties : undefined;
}
