import { decode, ExtensionCodec, encode } from "@msgpack/msgpack";

class Unknown {
  protected readonly known = false;
}

/** A value that a plan does not know yet. */
export const UNKNOWN = new Unknown();

/** A value of Terraform's. Sets are lists whose order says nothing. */
export type Value = null | boolean | number | string | Unknown | ListValue | ObjectValue;
export type ListValue = readonly Value[];
export interface ObjectValue {
  readonly [name: string]: Value;
}

/** MessagePack's types of its own: 0 is unknown, 12 is unknown with what is known about it all the same. */
const TYPES = { unknown: 0, refined: 12 } as const;

const extensionCodec = new ExtensionCodec();
extensionCodec.register({
  type: TYPES.unknown,
  encode: (value) => (value === UNKNOWN ? new Uint8Array([0]) : null),
  decode: () => UNKNOWN,
});
extensionCodec.register({ type: TYPES.refined, encode: () => null, decode: () => UNKNOWN });

/** Reads a value as it comes over the wire; nothing at all is null. */
export function readValue(bytes: Uint8Array): Value {
  return bytes.length === 0 ? null : toValue(decode(bytes, { extensionCodec }));
}

export function writeValue(value: Value): Buffer {
  return Buffer.from(encode(value, { extensionCodec }));
}

/** Makes sure that something is a value, deep down. @throws TypeError for what Terraform has no value for */
export function toValue(something: unknown): Value {
  if (something === null || something instanceof Unknown) return something;
  if (typeof something === "string" || typeof something === "number" || typeof something === "boolean") {
    return something;
  }
  if (Array.isArray(something)) return something.map(toValue);
  if (typeof something === "object") {
    return Object.fromEntries(Object.entries(something).map(([name, inside]) => [name, toValue(inside)]));
  }
  throw new TypeError(`${typeof something} is no value of Terraform's`);
}

export function isObject(value: Value | undefined): value is ObjectValue {
  return typeof value === "object" && value !== null && !(value instanceof Unknown) && !isList(value);
}

export function isList(value: Value | undefined): value is ListValue {
  return Array.isArray(value);
}

/** The text of an argument; undefined when it has none. */
export function textOf(object: ObjectValue, name: string): string | undefined {
  const value = object[name];
  return typeof value === "string" ? value : undefined;
}

/** Whether two values are the same. What is unknown equals nothing. */
export function equal(one: Value | undefined, other: Value | undefined): boolean {
  return !hasUnknown(one) && !hasUnknown(other) && canonical(one) === canonical(other);
}

function hasUnknown(value: Value | undefined): boolean {
  if (value === UNKNOWN) return true;
  if (isList(value)) return value.some(hasUnknown);
  return isObject(value) && Object.values(value).some(hasUnknown);
}

/** The same text for the same value: names sorted, and what is null left out, as in a configuration. */
export function canonical(value: Value | undefined): string {
  if (isList(value)) return `[${value.map(canonical).join()}]`;
  if (!isObject(value)) return JSON.stringify(value === UNKNOWN ? "?" : (value ?? null));
  const named = Object.entries(value).filter(([, inside]) => inside !== null);
  return `{${named
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, inside]) => `${JSON.stringify(name)}:${canonical(inside)}`)
    .join()}}`;
}
