import { describe, expect, test } from "vitest";
import { environmentJsonSchema, type JsonSchema } from "../../spec/json-schema.js";
import { kindsOf } from "../../spec/schema-tree.js";
import { aws } from "../spec/environments.js";
import { NOT_IN_THE_STACK, OTHER_REGISTRIES, OTHER_VALUES } from "./aws-fields.js";
import { awsTemplate, templateOf } from "./aws-stack.js";

const PLAIN = awsTemplate().json;

/** Paths of all fields in a schema, with those of every kind of a union; other certificates are for the nodes. */
function fieldsIn(schema: JsonSchema, path = ""): string[] {
  const kinds = kindsOf(schema).filter(({ value }) => path !== "certificate" || value === "acm");
  if (kinds.length > 0) return kinds.flatMap((kind) => fieldsIn(kind.schema, path));
  if (schema.properties === undefined) return [path];
  return Object.entries(schema.properties).flatMap(([name, inner]) =>
    fieldsIn(inner, path === "" ? name : `${path}.${name}`),
  );
}

/** All fields of a site on AWS. */
function fieldsOfSite(): string[] {
  const site = environmentJsonSchema().properties?.sites?.items;
  const kind = kindsOf(site ?? {}).find(({ value }) => value === "aws");
  if (kind === undefined) throw new RangeError("the schema has no site on AWS");
  return [...new Set(fieldsIn(kind.schema))];
}

describe("every field of a site has its effect", () => {
  test.each(OTHER_VALUES)("$path", ({ before = {}, after }) => {
    const was = Object.keys(before).length === 0 ? PLAIN : awsTemplate(before).json;
    expect(awsTemplate(after).json).not.toBe(was);
  });

  test("and none is left out here", () => {
    const named = [...OTHER_VALUES.map(({ path }) => path), ...Object.keys(NOT_IN_THE_STACK)];
    expect(fieldsOfSite().sort()).toEqual(named.sort());
  });
});

describe("what concerns the machines in the rest of the environment has its effect", () => {
  test.each(OTHER_REGISTRIES)("%s", (_, registry) => {
    expect(awsTemplate({}, registry).json).not.toBe(PLAIN);
  });

  test("the front's patience in a push", () => {
    expect(templateOf({ ...aws(), front: { uploadTimeout: "600s" } }).json).not.toBe(PLAIN);
  });

  test("where the state is", () => {
    const state = { in: "s3", bucket: "states", region: "eu-central-1" } as const;
    expect(templateOf({ ...aws(), infrastructure: { state } }).json).not.toBe(PLAIN);
  });
});
