import { createHash } from "node:crypto";

/** Tags as every cloud takes them: a name, a value. */
export type Tags = Readonly<Record<string, string>>;

/** What every construct takes. */
export interface NamedProps {
  /** Begins the names of all that is made in the cloud: prod-frankfurt. */
  readonly name: string;
  /** Tags on all that is made. @default - none but those of the provider block */
  readonly tags?: Tags;
}

/** Characters of a hash that stand for what was cut off a name. */
const HASH_LENGTH = 6;

/**
 * A name that fits where the cloud allows only so many characters. A long one is cut and ends with a hash of the whole,
 * so that two long names do not become one.
 * @param limit - most characters, more than seven
 */
export function fitName(name: string, limit: number): string {
  if (name.length <= limit) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, HASH_LENGTH);
  return `${name.slice(0, limit - HASH_LENGTH - 1).replace(/-+$/, "")}-${hash}`;
}

/** Tags that tell whose a thing is, and what the environment file adds; the file cannot take the first two away. */
export function siteTags(environment: string, site: { readonly name: string; readonly tags: Tags }): Tags {
  return { ...site.tags, "harborwright:environment": environment, "harborwright:site": site.name };
}
