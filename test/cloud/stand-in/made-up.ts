import { createHash } from "node:crypto";
import { isList, isObject, toValue, type Value } from "./value.js";

/**
 * A value that a cloud might have given: of the right type, and of a form that its name leads to expect. It depends on
 * the seed and the path alone, so a second run meets the same one.
 * @param type - Terraform's type as its schema spells it: "string", ["list", "string"], ["object", {…}]
 */
export function madeUp(type: unknown, path: string, seed: string): Value {
  const shape = toValue(type);
  if (shape === "string") return text(path, seed);
  if (shape === "number") return Number.parseInt(digest(seed, path).slice(0, 4), 16);
  if (shape === "bool") return false;
  if (!isList(shape)) throw new TypeError(`${JSON.stringify(shape)} is no type of Terraform's`);
  const [kind, inside = null] = shape;
  if (kind === "map") return {};
  if (kind === "object" && isObject(inside)) {
    return Object.fromEntries(
      Object.entries(inside).map(([name, type]) => [name, madeUp(type, `${path}.${name}`, seed)]),
    );
  }
  return [madeUp(inside, `${path}.0`, seed)];
}

/** Hexadecimal digits that stand for a seed and more. */
export function digest(...parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\n")).digest("hex");
}

/** Forms of texts by the end of their name. Addresses are of the block that documents use. */
const FORMS: readonly { readonly of: RegExp; readonly form: (hash: string) => string }[] = [
  { of: /(^|[._])dns_name$/, form: (hash) => `balancer-${hash.slice(0, 12)}.nlb.stand-in.test` },
  { of: /(^|[._])cname$/, form: (hash) => `${hash.slice(0, 12)}.cdn.stand-in.test` },
  { of: /endpoint$/, form: (hash) => `${hash.slice(0, 12)}.stand-in.test` },
  { of: /(^|[._])(\w+_)?ip(v4)?(_address)?$|(^|[._])address$/, form: (hash) => `203.0.113.${lastByte(hash)}` },
  { of: /(^|[._])account_id$/, form: () => "1234567890123456" },
  { of: /(^|[._])arn$/, form: (hash) => `acs:stand-in:cn-hangzhou:1234567890123456:${hash.slice(0, 16)}` },
  { of: /(^|[._])status$/, form: () => "Available" },
];

function text(path: string, seed: string): string {
  const hash = digest(seed, path);
  return FORMS.find(({ of }) => of.test(path))?.form(hash) ?? hash.slice(0, 20);
}

function lastByte(hash: string): number {
  return 1 + (Number.parseInt(hash.slice(0, 8), 16) % 254);
}
