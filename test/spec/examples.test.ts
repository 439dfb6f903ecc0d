import { access, readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { expect, test } from "vitest";
import { parseEnvironment } from "../../spec/parse.js";
import { exampleFiles } from "./example-files.js";
import { problemsOf } from "./problems.js";

const files = await exampleFiles();

test("there are examples of every storage", async () => {
  const environments = await Promise.all(
    files.map(async (file) => parseEnvironment(await readFile(file, "utf8"), file)),
  );
  const kinds = new Set(environments.map(({ registry }) => registry.storage.kind));
  expect([...kinds].sort()).toEqual(["azure", "filesystem", "managed", "oss", "s3"]);
});

test.each(files)("%s parses", async (file) => {
  expect(problemsOf(await readFile(file, "utf8"), file)).toEqual([]);
});

test.each(files)("%s leads an editor to the schema", async (file) => {
  const [first] = (await readFile(file, "utf8")).split("\n");
  const path = first?.match(/^# yaml-language-server: \$schema=(\S+)$/)?.[1];
  await expect(access(resolve(dirname(file), path ?? "no such file"))).resolves.toBeUndefined();
});

test("the environment to begin with is short, and its comments teach", async () => {
  const text = await readFile(files.find((file) => file.endsWith("/local.yaml")) ?? "", "utf8");
  const lines = text.trimEnd().split("\n");
  expect(lines.filter((line) => !line.trim().startsWith("#")).length).toBeLessThanOrEqual(15);
  expect(lines.filter((line) => line.includes("# ")).length).toBeGreaterThan(5);
});
