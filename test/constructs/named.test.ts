import fc from "fast-check";
import { expect, test } from "vitest";
import { fitName, siteTags } from "../../constructs/named.js";

const names = fc.stringMatching(/^[a-z][a-z0-9-]{0,80}[a-z0-9]$/);

test("a name that fits stays as it is, and a longer one becomes no longer than the limit", () => {
  fc.assert(
    fc.property(names, fc.integer({ min: 8, max: 64 }), (name, limit) => {
      const fitted = fitName(name, limit);
      expect(fitted.length).toBeLessThanOrEqual(limit);
      expect(fitted).toMatch(/^[a-z][a-z0-9-]*[a-z0-9]$/);
      if (name.length <= limit) expect(fitted).toBe(name);
    }),
  );
});

test("two long names that begin alike stay two", () => {
  const long = "production-frankfurt-registry-nodes";
  expect(fitName(`${long}-a`, 32)).not.toBe(fitName(`${long}-b`, 32));
});

test("tags of the file do not take away whose a thing is", () => {
  const tags = siteTags("prod", { name: "frankfurt", tags: { team: "platform", "harborwright:site": "elsewhere" } });
  expect(tags).toEqual({ team: "platform", "harborwright:environment": "prod", "harborwright:site": "frankfurt" });
});
