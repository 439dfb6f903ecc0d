import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseReleaseManifest, releaseManifest } from "../../release/manifest.js";
import { environmentSchema } from "../../spec/environment.js";
import { Problem } from "../../spec/problem.js";
import { validEnvironments } from "../arbitrary/environment.js";
import { exampleEnvironment, firstRelease, MARK, releasesOf } from "./example.js";

describe("the manifest of a release", () => {
  test("what is written is read back, and says nothing of the secrets", () => {
    fc.assert(
      fc.property(validEnvironments(), (file) => {
        for (const release of releasesOf(environmentSchema.parse(file))) {
          const text = releaseManifest(release);
          const manifest = parseReleaseManifest(text);
          expect(manifest.digest).toBe(release.digest);
          expect(manifest.units).toEqual(release.units);
          expect(manifest.files.map(({ path }) => path)).toEqual(release.files.map(({ path }) => path));
          expect(text).not.toContain(MARK);
        }
      }),
      { numRuns: 30 },
    );
  });

  test("one changed byte of a file changes its digest and the release's", () => {
    const one = firstRelease(exampleEnvironment());
    const other = firstRelease(exampleEnvironment({ log: { level: "warn" } }));
    expect(other.digest).not.toBe(one.digest);
  });

  test.each(["", "{", "null", '{"format":2}', '{"format":1,"node":"node-1"}'])("%j is refused in words", (text) => {
    expect(() => parseReleaseManifest(text)).toThrow(Problem);
    expect(() => parseReleaseManifest(text)).toThrow(/release\.json/);
  });
});
