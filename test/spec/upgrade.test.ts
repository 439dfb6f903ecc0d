import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  assertUpgrade,
  compareVersions,
  HARBOR_STEPS,
  harborHops,
  harborOfSchema,
  versionNamed,
} from "../../spec/upgrade.js";
import { codeOf } from "../secrets/fixture.js";

const refusal = (work: () => unknown) => codeOf(new Promise((resolve) => resolve(work())));

describe("Harbor's ways up", () => {
  test.each([
    ["2.13", "2.14", ["2.14"]],
    ["2.13", "2.15", ["2.15"]],
    ["2.12", "2.15", ["2.15"]],
    ["2.11", "2.15", ["2.14", "2.15"]],
    ["2.10", "2.15", ["2.12", "2.15"]],
    ["2.7", "2.15", ["2.9", "2.11", "2.14", "2.15"]],
    ["2.5", "2.15", ["2.7", "2.9", "2.11", "2.14", "2.15"]],
    ["1.10", "2.15", []],
    ["2.15", "2.13", []],
  ])("from %s to %s", (from, to, hops) => {
    expect(harborHops(from, to)).toEqual(hops);
  });

  test("each hop is one that upstream documents, and they end where one wants to go", () => {
    const versions = fc.constantFrom(...HARBOR_STEPS.map(({ version }) => version));
    fc.assert(
      fc.property(versions, versions, (from, to) => {
        let at = from;
        for (const hop of harborHops(from, to)) {
          const step = HARBOR_STEPS.find(({ version }) => version === hop);
          expect(compareVersions(step?.from ?? "9", at)).toBeLessThanOrEqual(0);
          at = hop;
        }
        expect(at).toBe(compareVersions(from, to) < 0 ? to : from);
      }),
    );
  });

  test("a jump names the hops", () => {
    expect(() => assertUpgrade("harbor", "2.9", "2.15")).toThrow("go over 2.11, then 2.14, then 2.15");
  });

  test("nothing goes back", async () => {
    expect(await refusal(() => assertUpgrade("harbor", "2.15", "2.14"))).toBe("upgrade/downgrade");
    expect(await refusal(() => assertUpgrade("distribution", "3.1", "2.8"))).toBe("upgrade/downgrade");
  });

  test("every version that this program brings is one step from the one before it", () => {
    expect(() => assertUpgrade("harbor", "2.13", "2.14")).not.toThrow();
    expect(() => assertUpgrade("harbor", "2.13", "2.15")).not.toThrow();
    expect(() => assertUpgrade("distribution", "2.8", "3.1")).not.toThrow();
  });
});

test("a version is named by its minor or by the patch that belongs to it", async () => {
  expect(versionNamed("harbor", "2.15")).toBe("2.15");
  expect(versionNamed("harbor", "2.15.2")).toBe("2.15");
  expect(versionNamed("distribution", "3.1.1")).toBe("3.1");
  expect(await refusal(() => versionNamed("harbor", "2.15.9"))).toBe("upgrade/other-patch");
  expect(await refusal(() => versionNamed("harbor", "2.16"))).toBe("upgrade/unknown-version");
  expect(await refusal(() => versionNamed("harbor", "2.1"))).toBe("upgrade/unknown-version");
});

test.each([
  [160, "2.13"],
  [171, "2.14"],
  [180, "2.15"],
  [181, "2.15"],
  [190, undefined],
  [1, undefined],
])("schema %i is of Harbor %s", (schema, version) => {
  expect(harborOfSchema(schema)).toBe(version);
});
