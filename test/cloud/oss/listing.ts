/** What of a bucket is asked for. */
export interface ListingQuestion {
  readonly prefix: string;
  /** What a name is cut at; empty for no cut. */
  readonly delimiter: string;
  /** Only what comes after it. */
  readonly after: string;
  /** Most names and groups in one answer. */
  readonly most: number;
}

/** One page of a bucket: names, and groups of names that are cut off at the delimiter. */
export interface Listing {
  readonly keys: readonly string[];
  readonly groups: readonly string[];
  /** Where the next page begins; undefined on the last one. */
  readonly next: string | undefined;
}

/** A page of names in the order of their UTF-8 bytes. A group counts as one, and stands before the next page as a whole. */
export function list(names: Iterable<string>, { prefix, delimiter, after, most }: ListingQuestion): Listing {
  const keys: string[] = [];
  const groups: string[] = [];
  let last: string | undefined;
  for (const name of inOrder([...names].filter((one) => one.startsWith(prefix)))) {
    const group = groupOf(name, prefix, delimiter);
    const shown = group ?? name;
    const passed = compare(name, after) <= 0 || (group !== undefined && group === after);
    if (passed || shown === last) continue;
    if (keys.length + groups.length === most) return { keys, groups, next: last };
    (group === undefined ? keys : groups).push(shown);
    last = shown;
  }
  return { keys, groups, next: undefined };
}

function groupOf(name: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === "") return undefined;
  const end = name.indexOf(delimiter, prefix.length);
  return end === -1 ? undefined : name.slice(0, end + delimiter.length);
}

function inOrder(names: string[]): string[] {
  return names.sort(compare);
}

/** JavaScript orders by UTF-16, which differs beyond the first plane. */
function compare(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
