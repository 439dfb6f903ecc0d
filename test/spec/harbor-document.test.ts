import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { explain } from "../../spec/explain.js";
import { parseEnvironment } from "../../spec/parse.js";

const DOCUMENT = await readFile(new URL("../../docs/harbor.md", import.meta.url), "utf8");

const examples = [...DOCUMENT.matchAll(/```yaml\n# (\S+)\n(.*?)```/gs)].map(([, file = "", text = ""]) => ({
  file,
  text,
}));

test("the examples of docs/harbor.md are three hosts with Harbor each", () => {
  const [team, trial, ...others] = examples.map(({ file, text }) => parseEnvironment(text, file));
  expect(others).toEqual([]);
  expect(team).toMatchObject({
    registry: { engine: "harbor", version: "2.15" },
    harbor: { database: { kind: "own" }, redis: { kind: "own" } },
    sites: [{ hosts: [{}, {}, {}] }],
  });
  expect(trial).toMatchObject({ registry: { engine: "harbor" }, sites: [{ provider: "local", nodes: { count: 3 } }] });
});

test("every field that docs/harbor.md names is one", () => {
  const fields = [...DOCUMENT.matchAll(/`((?:registry|harbor|sites)(?:\[\])?(?:\.[A-Za-z]+)+)`/g)].map(
    ([, field = ""]) => field.replaceAll("[]", ""),
  );
  expect(fields.length).toBeGreaterThan(25);
  for (const field of fields) expect(explain(field), field).toContain("\n");
});
