import fc from "fast-check";
import { expect, test } from "vitest";
import { type ListingQuestion, list } from "./listing.js";

const name = fc.string({
  unit: fc.constantFrom("a", "b", "/", "-", "é", "\u{1f40b}", "\ufffd"),
  minLength: 1,
  maxLength: 6,
});
const question = fc.record({
  prefix: fc.constantFrom("", "a", "a/", "b/a"),
  delimiter: fc.constantFrom("", "/"),
  after: fc.constantFrom("", "a", "a/b", "zz"),
  most: fc.integer({ min: 1, max: 5 }),
});

/** All pages of a listing, one after the other. */
function pages(
  names: readonly string[],
  asked: ListingQuestion,
): { readonly keys: string[]; readonly groups: string[] } {
  const all = { keys: [] as string[], groups: [] as string[] };
  let after: string | undefined = asked.after;
  while (after !== undefined) {
    const page = list(names, { ...asked, after });
    expect(page.keys.length + page.groups.length).toBeLessThanOrEqual(asked.most);
    all.keys.push(...page.keys);
    all.groups.push(...page.groups);
    after = page.next;
  }
  return all;
}

test("small pages together are the one large page", () => {
  fc.assert(
    fc.property(fc.uniqueArray(name, { maxLength: 20 }), question, (names, asked) => {
      const { keys, groups } = list(names, { ...asked, most: 1000 });
      expect(pages(names, asked)).toEqual({ keys, groups });
    }),
  );
});

test("every name behind the beginning is listed once, by itself or in its group", () => {
  fc.assert(
    fc.property(fc.uniqueArray(name, { maxLength: 20 }), question, (names, asked) => {
      const { keys, groups } = list(names, { ...asked, most: 1000 });
      expect(new Set([...keys, ...groups]).size).toBe(keys.length + groups.length);
      const listed = (one: string) => keys.includes(one) || groups.some((group) => one.startsWith(group));
      const after = Buffer.from(asked.after);
      const wanted = names.filter((one) => one.startsWith(asked.prefix) && Buffer.from(one).compare(after) > 0);
      expect(wanted.filter((one) => !listed(one))).toEqual([]);
    }),
  );
});

test("names are in the order of their bytes, not of JavaScript's characters", () => {
  const { keys } = list(["\u{1f40b}", "\ufffd", "a"], { prefix: "", delimiter: "", after: "", most: 10 });
  expect(keys).toEqual(["a", "\ufffd", "\u{1f40b}"]);
});

test("a group is not told again on the next page", () => {
  const names = ["a/1", "a/2", "b/1", "c"];
  const first = list(names, { prefix: "", delimiter: "/", after: "", most: 1 });
  expect(first).toEqual({ keys: [], groups: ["a/"], next: "a/" });
  expect(list(names, { prefix: "", delimiter: "/", after: "a/", most: 5 }).groups).toEqual(["b/"]);
});
