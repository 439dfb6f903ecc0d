import { readFile } from "node:fs/promises";
import { Ajv } from "ajv";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { parse } from "yaml";
import { environmentJsonSchema, environmentJsonSchemaText } from "../../spec/json-schema.js";
import { validEnvironments, validHarborEnvironments } from "../arbitrary/environment.js";
import { local } from "./environments.js";
import { exampleFiles } from "./example-files.js";
import { harbor } from "./harbor-environments.js";

// Hundreds of files each: more than five seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const accepts = new Ajv({ allErrors: true, formats: { uri: true, ipv4: true } }).compile(environmentJsonSchema());

test("environment.schema.json is what the schema makes; `npm run schema` writes it", async () => {
  const committed = await readFile(new URL("../../environment.schema.json", import.meta.url), "utf8");
  expect(committed).toBe(environmentJsonSchemaText());
});

test("editors accept every example", async () => {
  for (const file of await exampleFiles()) {
    const environment: unknown = parse(await readFile(file, "utf8"));
    expect(accepts(environment) || accepts.errors, file).toBe(true);
  }
});

test("editors accept whatever is valid", () => {
  fc.assert(
    fc.property(validEnvironments(), (environment) => {
      expect(accepts(environment) || accepts.errors).toBe(true);
    }),
    { numRuns: 300 },
  );
  fc.assert(
    fc.property(validHarborEnvironments(), (environment) => {
      expect(accepts(environment) || accepts.errors).toBe(true);
    }),
    { numRuns: 100 },
  );
});

test.each([
  ["a misspelt key", { ...local(), registri: {} }],
  ["a misspelt key inside a kind", local({ storage: { kind: "managed", prefx: "/a" } as never })],
  ["a kind that there is not", local({ storage: { kind: "s4" } as never })],
  ["a length of time without a unit", local({ drain: "60" })],
  ["a number for a version", local({ version: 3.1 as never })],
  ["Redis without its addresses", harbor({ redis: { kind: "given" } as never })],
  ["a log of jobs that is kept nowhere", harbor({ jobs: { loggers: ["SYSLOG" as never] } })],
  ["a missing key", { environment: "prod", registry: {}, sites: [] }],
  ["a block of addresses without its length", local({}, { network: { cidr: "198.18.0.0" } })],
])("editors mark %s", (_name, environment) => {
  expect(accepts(environment)).toBe(false);
});

test("every field has a description", () => {
  const bare: string[] = [];
  const look = (schema: ReturnType<typeof environmentJsonSchema>, name: string): void => {
    if (schema.const === undefined && schema.description === undefined) bare.push(name);
    for (const [key, inner] of Object.entries(schema.properties ?? {})) look(inner, `${name}.${key}`);
    for (const kind of [...(schema.oneOf ?? []), ...(schema.items?.properties ? [schema.items] : [])]) {
      for (const [key, inner] of Object.entries(kind.properties ?? {})) look(inner, `${name}.${key}`);
    }
  };
  look(environmentJsonSchema(), "environment");
  expect(bare).toEqual([]);
});
