import { Secret } from "../spec/secret.js";

/** A value as it can be compared: what Harbor has, or what settings want. */
export type Value = string | number | boolean | Secret | readonly Value[] | Shape | undefined;
/** A thing as it can be compared: its values by what they are called. */
export interface Shape {
  readonly [name: string]: Value;
}

/** A value that is not as it is wanted. */
export interface Difference {
  /** What differs: `public`, `rules`. */
  readonly name: string;
  /** @default - Harbor has none */
  readonly found: Value;
  readonly wanted: Value;
}

/**
 * What is wanted and not there. Only names that are wanted are looked at: what settings do not say is left as it is.
 * Harbor leaves out what is false, 0, empty or unset, so that none of these is the same as no value.
 */
export function compare(wanted: Shape, found: Shape): readonly Difference[] {
  return Object.entries(wanted)
    .filter(([name, value]) => value !== undefined && !same(value, found[name]))
    .map(([name, value]) => ({ name, found: found[name], wanted: value }));
}

/** Whether two values mean the same to Harbor. */
export function same(one: Value, other: Value): boolean {
  return canonical(one) === canonical(other);
}

/** A text that is equal for equal values. */
export function canonical(value: Value): string {
  return JSON.stringify(plain(value)) ?? "";
}

function plain(value: Value): unknown {
  if (value instanceof Secret) return { secret: value.reveal() };
  if (isEmpty(value)) return undefined;
  if (isList(value)) return value.map((entry) => plain(entry) ?? null);
  if (typeof value !== "object") return value;
  const entries = Object.entries(value)
    .map(([name, inner]) => [name, plain(inner)] as const)
    .filter(([, inner]) => inner !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function isEmpty(value: Value): boolean {
  return value === undefined || value === false || value === 0 || value === "" || (isList(value) && value.length === 0);
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** Whether a value says anything that no value would not. */
export function isWritten(value: Value): boolean {
  return !isEmpty(value);
}

/** A value for people's eyes; secrets stay hidden. */
export function shown(value: Value): string {
  if (value instanceof Secret) return value.toString();
  if (isEmpty(value)) return isList(value) || value === undefined || value === "" ? "none" : `${value}`;
  if (typeof value === "string") return value;
  return JSON.stringify(value);
}
