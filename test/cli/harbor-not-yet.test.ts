import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { buildProgram } from "../../cli/program.js";
import { Problem } from "../../spec/problem.js";
import { fileText } from "../arbitrary/environment.js";
import { harbor } from "../spec/harbor-environments.js";

/** Commands that read the file and leave hosts alone. */
const READERS = ["validate", "graph", "secret"];

const REST: Readonly<Record<string, readonly string[]>> = {
  render: ["--out", "nowhere"],
  scale: ["--nodes", "3"],
  resize: ["--size", "c7i.large"],
  rotate: ["operator"],
};

/** Every command that is given an environment: its words before the environment, and what it needs after it. */
const asking = buildProgram()
  .commands.flatMap((command) =>
    command.commands.length === 0
      ? [{ words: [command.name()], command }]
      : command.commands.map((inner) => ({ words: [command.name(), inner.name()], command: inner })),
  )
  .filter(({ command }) => command.registeredArguments[0]?.name() === "environment")
  .filter(({ words }) => !READERS.includes(words[0] ?? ""))
  .map(({ words, command }) => ({
    name: words.join(" "),
    words,
    rest: [
      ...command.registeredArguments.slice(1).flatMap((argument) => (argument.name() === "node" ? ["node-1"] : [])),
      ...(REST[words[0] ?? ""] ?? []),
    ],
  }));

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "harborwright-harbor-"));
  file = join(folder, "prod.yaml");
  await writeFile(file, fileText(harbor()));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(() => {
  vi.stubEnv("HARBORWRIGHT_IDENTITY", join(folder, "identity.txt"));
});

async function problemOf(work: Promise<unknown>): Promise<string | undefined> {
  return work.then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof Problem) return error.details.code;
      throw error;
    },
  );
}

function run(args: readonly string[]): Promise<unknown> {
  return buildProgram().parseAsync([...args], { from: "user" });
}

describe("an environment with Harbor", () => {
  test.each(asking)("is refused by $name before anything is made", async ({ words, rest }) => {
    expect(await problemOf(run([...words, file, ...rest]))).toBe("harbor/not-supported-yet");
    expect(await readdir(folder)).toEqual(["prod.yaml"]);
  });

  test("is refused by nearly all commands, and by those that change hosts in any case", () => {
    const names = asking.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["start", "plan", "up", "down", "rollback", "replace", "lab kill"]));
    expect(names.length).toBeGreaterThan(20);
  });

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
