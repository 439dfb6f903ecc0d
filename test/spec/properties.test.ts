import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { stringify } from "yaml";
import { type Environment, environmentSchema } from "../../spec/environment.js";
import { parseEnvironment } from "../../spec/parse.js";
import { anyEnvironments, fileText, hostileText, validEnvironments } from "../arbitrary/environment.js";
import { anyText } from "../arbitrary/text.js";
import { local } from "./environments.js";
import { problemsOf } from "./problems.js";

// Hundreds of files each: more than five seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

/** The path that fits the name of an environment. */
function fileOf({ environment }: { readonly environment: string }): string {
  return `environments/${environment}.yaml`;
}

test("no text makes anything but located problems", () => {
  const scrap = fc.constantFrom(
    "environment",
    "registry",
    "sites",
    ": ",
    "\n",
    "  ",
    "- ",
    "{",
    "}",
    "[",
    "]",
    "'",
    '"',
    "#",
    "&a",
    "*a",
    "!",
    "|",
    ">",
    "\t",
    "1e9",
    "~",
    "---\n",
  );
  const texts = fc.oneof(
    anyText(),
    fc.array(fc.oneof(scrap, hostileText()), { maxLength: 30 }).map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const problems = problemsOf(text);
      expect(problems.length).toBeGreaterThan(0);
      for (const { location } of problems) expect(location?.line).toBeGreaterThan(0);
    }),
    { numRuns: 500 },
  );
});

test("a good file with one line lost or bent parses or is refused with a place", () => {
  fc.assert(
    fc.property(validEnvironments(), fc.nat(), hostileText(), (environment, at, text) => {
      const lines = fileText(environment).split("\n");
      lines[at % lines.length] = text;
      for (const { location, says, instead } of problemsOf(lines.join("\n"), fileOf(environment))) {
        expect(location?.line).toBeLessThanOrEqual(lines.length + 1);
        expect(`${says}${instead}`).not.toMatch(/undefined|\[object/);
      }
    }),
    { numRuns: 300 },
  );
});

test("what is meant to be valid is never refused", () => {
  fc.assert(
    fc.property(validEnvironments(), (environment) => {
      expect(problemsOf(fileText(environment), fileOf(environment))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test("whatever has the right shape parses, or is refused with a field and a place", () => {
  fc.assert(
    fc.property(anyEnvironments(), (environment) => {
      for (const problem of problemsOf(fileText(environment), fileOf(environment))) {
        expect(problem.field).not.toBe("");
        expect(problem.location?.line).toBeGreaterThan(0);
        expect(problem.code).not.toMatch(/^(yaml|schema)\//);
      }
    }),
    { numRuns: 500 },
  );
});

test("defaults that are filled in and written down change nothing", () => {
  fc.assert(
    fc.property(validEnvironments(), (environment) => {
      const once: Environment = parseEnvironment(fileText(environment), fileOf(environment));
      const twice = parseEnvironment(stringify(once, { aliasDuplicateObjects: false }), fileOf(environment));
      expect(twice).toEqual(once);
    }),
    { numRuns: 200 },
  );
});

test("a hostile text comes back from the file as it was", () => {
  fc.assert(
    fc.property(hostileText(), (ca) => {
      const text = fileText(local({ clientCertificates: { ca } }));
      expect(parseEnvironment(text, "prod.yaml").registry.clientCertificates?.ca).toBe(ca);
    }),
    { numRuns: 300 },
  );
});

test("reading changes nothing that it was given", () => {
  const file = local();
  const before = structuredClone(file);
  environmentSchema.parse(file);
  expect(file).toEqual(before);
});
