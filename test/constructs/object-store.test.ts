import fc from "fast-check";
import { expect, test } from "vitest";
import { folderOf, lifecycleRules } from "../../constructs/object-store.js";

const days = fc.integer({ min: 1, max: 3650 });

test("whatever is asked for, no current object expires", () => {
  fc.assert(
    fc.property(days, days, fc.option(days, { nil: undefined }), (keepVersionsDays, abandon, infrequent) => {
      const rules = lifecycleRules({
        keepVersionsDays,
        abandonUploadsAfterDays: abandon,
        ...(infrequent === undefined ? {} : { infrequentAfterDays: infrequent }),
      });
      const known = ["id", "abandonUploadsAfterDays", "expireVersionsAfterDays", "removeLoneMarkers"];
      const moving = ["prefix", "largerThan", "infrequentAfterDays"];
      for (const rule of rules) expect([...known, ...moving]).toEqual(expect.arrayContaining(Object.keys(rule)));
    }),
  );
});

test("only layers of more than 128 KiB move to a cheaper class", () => {
  expect(lifecycleRules({ infrequentAfterDays: 60 }, "registry").at(-1)).toEqual({
    id: "layers-infrequent",
    prefix: "registry/docker/registry/v2/blobs/",
    largerThan: 131_072,
    infrequentAfterDays: 60,
  });
});

test("nothing moves unless it is asked for", () => {
  expect(lifecycleRules({}).map(({ id }) => id)).toEqual(["abandon-uploads", "expire-versions"]);
});

test.each([
  ["/registry", "registry"],
  ["registry/eu", "registry/eu"],
  ["/", ""],
  ["", ""],
])("the folder %j is %j in names of objects", (prefix, folder) => {
  expect(folderOf(prefix)).toBe(folder);
});
