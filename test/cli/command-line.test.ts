import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { $ } from "zx";
import { candidates } from "../../cli/completion.js";
import { buildProgram } from "../../cli/program.js";

const BUILD = fileURLToPath(new URL("../../bin/build.mjs", import.meta.url));
const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const PROJECT = fileURLToPath(new URL("../..", import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "harborwright-cli-"));
  // Seconds, or minutes on a machine that has much else to do: on a fresh clone the provider's classes are made, too.
  await $({ quiet: true })`${process.execPath} ${BUILD}`;
}, 300_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs the program as a shell would, in the project's folder. */
async function harborwright(args: readonly string[], input = "") {
  const env = { ...process.env, HARBORWRIGHT_IDENTITY: join(folder, "identity.txt") };
  const { exitCode, stdout, stderr } = await $({
    quiet: true,
    nothrow: true,
    cwd: PROJECT,
    env,
    input,
  })`${process.execPath} ${MAIN} ${args}`;
  return { code: exitCode, stdout, stderr };
}

describe("the command line", () => {
  test("--version prints the version of package.json", async () => {
    const { version } = JSON.parse(await readFile(join(PROJECT, "package.json"), "utf8")) as { version: string };
    expect(await harborwright(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  });

  test("an unknown command ends with 1 and a suggestion on stderr", async () => {
    const { code, stdout, stderr } = await harborwright(["pln", "local"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("plan");
  });

  test("an environment that does not exist is named, with where it was looked for", async () => {
    const { code, stderr } = await harborwright(["validate", "nowhere"]);
    expect(code).toBe(1);
    expect(stderr).toContain('"nowhere"');
    expect(stderr).toContain("environments/nowhere.yaml");
    expect(stderr).toContain("environment/not-found");
  });

  test("with --json a failure is JSON on stderr, and stdout stays empty", async () => {
    const { code, stdout, stderr } = await harborwright(["validate", "nowhere", "--json"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(JSON.parse(stderr)).toMatchObject({ problems: [{ code: "environment/not-found" }] });
  });

  test("a mistake in a file is shown with its line and column", async () => {
    const file = join(folder, "typo.yaml");
    await writeFile(file, "environment: typo\nregistry:\n  hostnam: registry.example.com\nsites: []\n");
    const { code, stderr } = await harborwright(["validate", file]);
    expect(code).toBe(1);
    expect(stderr).toContain(`${file}:3:3`);
    expect(stderr).toContain("hostname");
  });

  test("init writes a file that validate accepts, and never overwrites one", async () => {
    const flags = ["--hostname", "registry.example.com", "--provider", "local", "--directory", folder];
    expect((await harborwright(["init", "fresh", ...flags])).code).toBe(0);
    expect((await harborwright(["validate", join(folder, "fresh.yaml")])).code).toBe(0);
    const again = await harborwright(["init", "fresh", ...flags]);
    expect(again.code).toBe(1);
    expect(again.stderr).toContain("exists already");
  });

  test("init for own hosts takes them from flags", async () => {
    const hosts = ["--host", "10.20.0.11", "10.20.0.12", "spare=10.20.0.13", "--entry", "10.20.0.100"];
    const storage = ["--storage", "s3", "--bucket", "images", "--region", "eu-central-1"];
    const flags = ["--hostname", "r.example.com", "--provider", "hosts", "--directory", folder, ...hosts, ...storage];
    const { code, stderr } = await harborwright(["init", "own", ...flags]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { stdout } = await harborwright(["validate", join(folder, "own.yaml"), "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      sites: [{ hosts: [{ name: "node-1" }, { name: "node-2" }, { name: "spare", address: "10.20.0.13" }] }],
    });
  });

  test("a secret is read from standard input and never printed", async () => {
    const file = join(folder, "own.yaml");
    const set = await harborwright(["secret", "set", file, "storage-secret-key"], "s3cr3t-of-mine\n");
    expect(set.code).toBe(0);
    const list = await harborwright(["secret", "list", file]);
    expect(list.stdout).toContain("storage-secret-key");
    expect(set.stdout + set.stderr + list.stdout).not.toContain("s3cr3t-of-mine");
    expect(await readFile(join(folder, "own.secrets.age"), "utf8")).not.toContain("s3cr3t-of-mine");
  });

  test("a missing secret is asked for with the command that sets it", async () => {
    const { code, stderr } = await harborwright(["render", join(folder, "own.yaml"), "--out", join(folder, "out")]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/harborwright secret set \S*own\S* storage-access-key/);
  });
});

describe("completion", () => {
  test("offers commands, then environments, then options", async () => {
    expect(await candidates(buildProgram(), ["st"])).toEqual(["start", "status"]);
    expect(await candidates(buildProgram(), ["status", "lo"])).toEqual(["local"]);
    expect(await candidates(buildProgram(), ["status", "local", "--js"])).toEqual(["--json"]);
  });

  test("offers the nodes of the environment that was named", async () => {
    expect(await candidates(buildProgram(), ["drain", "local", ""])).toEqual(["node-1", "node-2", "node-3"]);
    expect(await candidates(buildProgram(), ["lab", "kill", "local", "node-3"])).toEqual(["node-3"]);
  });

  test.each(["bash", "zsh", "fish"])("the %s script asks the program itself", async (shell) => {
    expect((await harborwright(["completion", shell])).stdout).toContain("harborwright complete --");
  });
});
