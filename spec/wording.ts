import type { JsonSchema } from "./json-schema.js";

/** Longest value that is shown whole. */
const MOST_SHOWN = 60;

/** A value as a message names it. Texts are quoted, so that blanks and control characters can be seen. */
export function valueText(value: unknown, written?: string): string {
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object" && value !== null) return "a mapping";
  const text = typeof value === "string" ? JSON.stringify(value) : (written ?? String(value));
  return text.length <= MOST_SHOWN ? text : `${text.slice(0, MOST_SHOWN)}…`;
}

const TYPES: Readonly<Record<NonNullable<JsonSchema["type"]>, string>> = {
  object: "a mapping",
  array: "a list",
  string: "a text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
};

/** What a schema asks for: "a whole number from 1 to 9", "nginx or haproxy". */
export function wantedText(schema: JsonSchema | undefined): string {
  if (schema?.enum !== undefined) return oneOf(schema.enum);
  if (schema?.const !== undefined) return schema.const;
  if (schema?.type === undefined) return "a mapping";
  return [TYPES[schema.type], range(schema)].filter(Boolean).join(" ");
}

/** "a, b or c". */
export function oneOf(values: readonly string[]): string {
  const [last, ...before] = [...values].reverse();
  return before.length === 0 ? `${last}` : `${before.reverse().join(", ")} or ${last}`;
}

function range({ minimum, maximum, minItems, maxItems }: JsonSchema): string {
  if (minItems !== undefined || maxItems !== undefined) {
    const most = maxItems === undefined ? "or more" : `to ${maxItems}`;
    return `of ${minItems ?? 0} ${most} entries`;
  }
  if (minimum === undefined || maximum === undefined) return "";
  return `from ${minimum} to ${maximum}`;
}
