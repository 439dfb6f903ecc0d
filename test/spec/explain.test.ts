import { expect, test } from "vitest";
import { explain } from "../../spec/explain.js";
import { Problem } from "../../spec/problem.js";
import { refusals } from "../../spec/refusals.js";

test("a field is told with what it may be, its default and what is refused", () => {
  expect(explain("front.readTimeout")).toBe(`front.readTimeout
  How long a node may be silent in a pull before another is asked.

  is       a text
  matches  ^[1-9][0-9]{0,8}(ms|s|m|h|d)$
  default  "2500ms"

  refused
    front/read-timeout
      shorter, and a slow storage looks like a hung node; longer, and a hung node stops every third pull so long
      instead: 500ms to 60s
      source: measured with a stopped node: the longest pull waits this time
    front/read-outlasts-upload
      a pull is given up early because another node can answer it, a push is not
      instead: less than uploadTimeout: 2500ms with 300s
      source: measured: one time for both makes pulls hang on a hung node, or cuts pushes`);
});

test("the whole file is a list of its parts", () => {
  const text = explain("");
  for (const part of ["environment", "registry", "front", "limits", "hosts", "secrets", "sites"]) {
    expect(text).toMatch(new RegExp(`^  ${part} +\\S`, "m"));
  }
});

test("a union lists its kinds with their fields", () => {
  const text = explain("registry.storage");
  for (const kind of ["managed", "s3", "oss", "azure", "filesystem"]) expect(text).toContain(`\n  kind: ${kind}\n`);
  expect(text).toMatch(/^ {6}forcePathStyle {2}\S/m);
});

test("a field can be named with its kind, without it, or with the place in a list", () => {
  const text = explain("registry.storage.s3.endpoint");
  expect(text).toMatch(/^registry\.storage\.endpoint {2}\(kind: s3\)$/m);
  expect(explain("registry.storage.endpoint")).toContain(text);
  expect(explain("sites[0].nodes.count")).toBe(explain("sites.nodes.count"));
  expect(explain("sites.local.nodes.memory")).toBe(explain("sites.nodes.memory"));
});

test("the key that tells kinds apart lists them", () => {
  expect(explain("sites.provider")).toContain("is       local, hosts, alicloud or aws");
  expect(explain("registry.version")).toContain("is       3.1, 2.8, 2.15, 2.14 or 2.13");
});

test("what Harbor reads is explained like everything else", () => {
  const text = explain("harbor.database");
  for (const kind of ["own", "given"]) expect(text).toContain(`\n  kind: ${kind}\n`);
  expect(text).toMatch(/^ {6}sslMode {2,}\S/m);
  expect(explain("harbor.database.given.sslMode")).toContain("is       verify-full, verify-ca, require or disable");
});

test("a field that must be given says so", () => {
  expect(explain("registry.hostname")).toContain("none: it must be given");
});

test("every refusal is told at its field", () => {
  for (const { code, field } of refusals) {
    const anyKey = field.replace("ports.*", "ports.https").replace("limits.*", "limits.front");
    const text = explain(
      anyKey.replaceAll("[]", "").replace("databases.*", "databases.jobs").replace("storage.*", "storage.bucket"),
    );
    expect(text).toContain(`    ${code}\n`);
  }
});

test("a field that there is not gets the one that was meant", () => {
  const unknown = (field: string) => {
    try {
      return explain(field);
    } catch (error) {
      if (error instanceof Problem) return error.details;
      throw error;
    }
  };
  expect(unknown("registry.storag.kind")).toMatchObject({
    code: "explain/unknown-field",
    says: '"registry.storag.kind" is not a field: registry has no "storag"',
    instead: expect.stringMatching(/^did you mean storage\? /),
  });
  expect(unknown("environment.x")).toMatchObject({ instead: "environment has no fields of its own" });
  expect(unknown("__proto__")).toMatchObject({ code: "explain/unknown-field" });
  expect(unknown("constructor.name")).toMatchObject({ code: "explain/unknown-field" });
});
