import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { buildProgram } from "../../cli/program.js";
import { fileText } from "../arbitrary/environment.js";
import { harbor } from "../spec/harbor-environments.js";

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "harborwright-harbor-"));
  file = join(folder, "prod.yaml");
  await writeFile(file, fileText(harbor()));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function run(args: readonly string[]): Promise<unknown> {
  return buildProgram().parseAsync([...args], { from: "user" });
}

describe("an environment with Harbor", () => {
  test("can be checked and drawn", async () => {
    const written: string[] = [];
    const spy = vi.spyOn(process.stdout, "write").mockImplementation((text) => written.push(String(text)) > 0);
    await run(["validate", file]);
    await run(["graph", file, "--format", "mermaid"]);
    spy.mockRestore();
    expect(written.join("")).toContain("is right: harbor 2.15 as registry.example.com, 3 nodes");
  });

  test("is shown with the defaults of its block", async () => {
    const written: string[] = [];
    const spy = vi.spyOn(process.stdout, "write").mockImplementation((text) => written.push(String(text)) > 0);
    await run(["validate", file, "--json"]);
    spy.mockRestore();
    expect(JSON.parse(written.join(""))).toMatchObject({
      registry: { version: "2.15" },
      harbor: { database: { kind: "own" }, settings: { prune: false } },
    });
  });
});
