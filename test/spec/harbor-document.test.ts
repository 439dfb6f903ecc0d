import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { explain } from "../../spec/explain.js";
import { parseEnvironment } from "../../spec/parse.js";

const DOCUMENT = await readFile(new URL("../../docs/harbor.md", import.meta.url), "utf8");

test("the example of docs/harbor.md is three hosts with Harbor", () => {
  const [, text = ""] = DOCUMENT.match(/```yaml\n(.*?)```/s) ?? [];
  const environment = parseEnvironment(text, "environments/team.yaml");
  expect(environment.registry).toMatchObject({ engine: "harbor", version: "2.15" });
  expect(environment.harbor).toMatchObject({ database: { kind: "own" }, redis: { kind: "own" } });
  expect(environment.sites).toMatchObject([{ hosts: [{}, {}, {}] }]);
});

test("every field that docs/harbor.md names is one", () => {
  const fields = [...DOCUMENT.matchAll(/`((?:registry|harbor|sites)(?:\[\])?(?:\.[A-Za-z]+)+)`/g)].map(
    ([, field = ""]) => field.replaceAll("[]", ""),
  );
  expect(fields.length).toBeGreaterThan(25);
  for (const field of fields) expect(explain(field), field).toContain("\n");
});
