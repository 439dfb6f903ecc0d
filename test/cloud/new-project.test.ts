import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { $ } from "zx";
import type { ProviderName } from "../../supply/pins.js";
import { silentProgress } from "../../supply/progress.js";
import { provideTerraform } from "../../supply/terraform.js";
import { terraformEnvironment } from "../../supply/terraform-environment.js";
import { TerraformRun } from "./terraform-run.js";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));
const PAGE = await readFile(join(PROJECT, "docs", "constructs.md"), "utf8");
/** A project of either kind, as TypeScript has to be told of it. */
const KINDS = {
  "as `cdktf init` makes it": ["--module", "CommonJS", "--moduleResolution", "node"],
  "of ES modules": ["--module", "NodeNext", "--moduleResolution", "NodeNext"],
};
const QUIET = ["--no-audit", "--no-fund", "--loglevel=error"];

/** The folder of somebody who has read the page, and nothing else. */
let project: string;
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "harborwright-new-project-"));
  const { stdout } = await $({ cwd: PROJECT, quiet: true })`npm pack --json --pack-destination ${project}`;
  const [packed] = JSON.parse(stdout) as [{ filename: string }];
  await writeFile(join(project, "package.json"), blockOf("json", '"name": "infrastructure"'));
  await $({ cwd: project, quiet: true })`npm install --prefer-offline ${QUIET} ./${packed.filename}`;
});
afterAll(() => rm(project, { recursive: true }));

/** The block of code on the page that has a line. */
function blockOf(language: string, line: string): string {
  const blocks = [...PAGE.matchAll(/```(\w+)\n(.*?)```/gs)];
  const [block, ...more] = blocks.filter(([, written, text = ""]) => written === language && text.includes(line));
  if (block?.[2] === undefined || more.length > 0) throw new Error(`the page has not one block with ${line}`);
  return block[2];
}

/** Writes an example of the page, and makes what Terraform reads of it. */
async function synthesized(cloud: string): Promise<string> {
  const folder = join(project, cloud.replace(" ", "-"));
  await mkdir(folder);
  await writeFile(join(folder, "main.ts"), blockOf("ts", `// main.ts, on ${cloud}`));
  await $({ cwd: folder, quiet: true })`npx tsx main.ts`;
  const made = join(folder, "terraform");
  await mkdir(made);
  await copyFile(join(folder, "cdktf.out", "stacks", "registry", "cdk.tf.json"), join(made, "cdk.tf.json"));
  return made;
}

test.each(["cdktf", "constructs"])("the project and the constructs have one and the same %s", (name) => {
  const seenFrom = (folder: string) => createRequire(join(folder, "package.json")).resolve(name);
  expect(seenFrom(join(project, "node_modules", "harborwright"))).toBe(seenFrom(project));
});

test.each<[string, ProviderName]>([
  ["AWS", "aws"],
  ["Alibaba Cloud", "alicloud"],
])("the example for %s is of the right types, and Terraform takes what it makes", async (cloud, provider) => {
  const made = await synthesized(cloud);
  const main = join(made, "..", "main.ts");
  for (const [kind, options] of Object.entries(KINDS)) {
    const run = $({ cwd: project, quiet: true, nothrow: true });
    const checked = await run`npx tsc --noEmit --strict --target ES2022 --skipLibCheck ${options} ${main}`;
    expect(checked.stdout, `in a project ${kind}`).toBe("");
  }
  const terraform = await provideTerraform(undefined, silentProgress);
  const run = new TerraformRun(terraform, made, await terraformEnvironment(terraform, [provider], silentProgress));
  await run.init();
  expect(await run.validate()).toEqual([]);
});

test("the program says that the package is not all of it", async () => {
  const run = $({ cwd: project, quiet: true, nothrow: true });
  const { stderr, exitCode } = await run`npx harborwright status`;
  expect(exitCode).toBe(1);
  expect(stderr).toContain("clone the repository");
});
