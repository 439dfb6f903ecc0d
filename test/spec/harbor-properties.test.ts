import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { stringify } from "yaml";
import { environmentSchema } from "../../spec/environment.js";
import { harborOf } from "../../spec/harbor/software.js";
import { parseEnvironment } from "../../spec/parse.js";
import { fileText, hostileText, validHarborEnvironments } from "../arbitrary/environment.js";
import { harbor } from "./harbor-environments.js";
import { problemsOf } from "./problems.js";

// Hundreds of files each: more than five seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

function fileOf({ environment }: { readonly environment: string }): string {
  return `environments/${environment}.yaml`;
}

test("an environment with Harbor that is meant to be valid is never refused", () => {
  fc.assert(
    fc.property(validHarborEnvironments(), (environment) => {
      expect(problemsOf(fileText(environment), fileOf(environment))).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

test("Harbor's defaults that are filled in and written down change nothing", () => {
  fc.assert(
    fc.property(validHarborEnvironments(), (environment) => {
      const once = parseEnvironment(fileText(environment), fileOf(environment));
      const twice = parseEnvironment(stringify(once, { aliasDuplicateObjects: false }), fileOf(environment));
      expect(twice).toEqual(once);
    }),
    { numRuns: 150 },
  );
});

test("one line of it that is lost or bent is refused with a place, or does no harm", () => {
  fc.assert(
    fc.property(validHarborEnvironments(), fc.nat(), hostileText(), (environment, at, text) => {
      const lines = fileText(environment).split("\n");
      lines[at % lines.length] = text;
      for (const { location, says, instead } of problemsOf(lines.join("\n"), fileOf(environment))) {
        expect(location?.line).toBeLessThanOrEqual(lines.length + 1);
        expect(`${says}${instead}`).not.toMatch(/undefined|\[object/);
      }
    }),
    { numRuns: 100 },
  );
});

test("a file that says nothing of Harbor means what an empty block means", () => {
  const { harbor: _, ...bare } = harbor();
  const unsaid = environmentSchema.parse(bare);
  const empty = environmentSchema.parse(harbor({ release: {} }));
  expect(unsaid.harbor).toBeUndefined();
  expect(harborOf(unsaid)).toEqual(harborOf(empty));
  expect(harborOf(empty)).toMatchObject({
    database: { kind: "own" },
    redis: { kind: "own" },
    jobs: { loggers: ["STD_OUTPUT", "DB"] },
    quotaProvider: "db",
    dataVolume: "/data",
  });
});
