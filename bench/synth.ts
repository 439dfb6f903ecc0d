import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { $ } from "zx";
import { type Figure, median, ratio } from "./figure.js";

const ROUNDS = 9;
const PROJECT = fileURLToPath(new URL("../", import.meta.url));
/** Environments whose stacks are made: the shortest one alone, and three with nearly everything that can be set. */
const ONE = ["environments/frankfurt.yaml"];
const THREE = [...ONE, "environments/hangzhou.yaml", "environments/examples/aws-everything.yaml"];

/**
 * CPU time of the app against one of cdktf alone that makes the same resources by the providers' own classes, as a
 * person would write it without harborwright. Both are compiled before.
 */
export async function synth(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), "harborwright-bench-synth-"));
  try {
    await $({ quiet: true })`node ${join(PROJECT, "bin", "build.mjs")}`;
    await writeFile(join(folder, "cpu.mjs"), REPORTS_CPU);
    return [await compare("one site", ONE, folder), await compare("three sites", THREE, folder)];
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Writes the milliseconds of CPU that the program took to where it is told. */
const REPORTS_CPU = `import { writeFileSync } from "node:fs";
process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  writeFileSync(process.env.CPU_REPORT, String((user + system) / 1000));
});
`;

async function compare(what: string, files: readonly string[], parent: string): Promise<Figure> {
  const folder = join(parent, what.replace(" ", "-"));
  await mkdir(folder);
  const copies = files.map((file) => join(folder, basename(file)));
  for (const [index, file] of files.entries()) await copyFile(join(PROJECT, file), copies[index] ?? "");
  const env = {
    HARBORWRIGHT_ENVIRONMENTS: copies.join(":"),
    HARBORWRIGHT_IDENTITY: join(folder, "identity.txt"),
    CDKTF_OUTDIR: join(folder, "made"),
  };
  const ours = join(PROJECT, "dist", "app", "main.js");
  // The first run makes keys, as the first of an environment does.
  await cpuOf(ours, folder, env);
  const bare = await writeBareApp(folder, join(folder, "made", "stacks"));
  const theirs = { CDKTF_OUTDIR: join(folder, "bare") };
  await cpuOf(bare, folder, theirs);
  const measured: { ours: number[]; bare: number[] } = { ours: [], bare: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    measured.ours.push(await cpuOf(ours, folder, env));
    measured.bare.push(await cpuOf(bare, folder, theirs));
  }
  const times = ratio(median(measured.ours), median(measured.bare));
  return {
    name: `synth of ${what}, CPU time`,
    value: `${times} times a bare cdktf app (${median(measured.ours).toFixed(0)} ms against ${median(measured.bare).toFixed(0)} ms)`,
    target: "at most 2 times",
    met: times <= 2,
  };
}

/** Milliseconds of CPU time, user's and system's. */
async function cpuOf(program: string, folder: string, env: Readonly<Record<string, string>>): Promise<number> {
  const report = join(folder, "cpu");
  const everything = { ...process.env, ...env, CPU_REPORT: report };
  await $({ quiet: true, cwd: folder, env: everything })`node --import ${join(folder, "..", "cpu.mjs")} ${program}`;
  return Number(await readFile(report, "utf8"));
}

interface Stack {
  readonly terraform: unknown;
  readonly provider: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
  readonly resource: Bodies;
  readonly data?: Bodies;
  readonly output: unknown;
}
type Bodies = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

/** An app that names every resource and every argument of some stacks one by one. */
async function writeBareApp(folder: string, stacks: string): Promise<string> {
  await symlink(join(PROJECT, "node_modules"), join(folder, "node_modules"));
  const imports = new Map<string, string>();
  const lines: string[] = [];
  for (const name of (await readdir(stacks)).sort()) {
    const stack: Stack = JSON.parse(await readFile(join(stacks, name, "cdk.tf.json"), "utf8"));
    lines.push("{", `const stack = new TerraformStack(app, ${JSON.stringify(name)});`);
    for (const [types, prefix] of [
      [stack.resource, ""],
      [stack.data ?? {}, "data-"],
    ] as const) {
      for (const [type, named] of Object.entries(types)) {
        const made = type === "terraform_data" ? "DataResource" : classOf(type, prefix, imports);
        for (const [id, body] of Object.entries(named)) lines.push(...creation(made, id, body));
      }
    }
    for (const [provider, [body = {}]] of Object.entries(stack.provider)) {
      lines.push(...creation(classOf(`${provider}_provider`, "", imports), provider, body));
    }
    lines.push(`new TerraformOutput(stack, "site", { value: ${JSON.stringify(stack.output)} });`, "}");
  }
  const head = [...imports].map(([path, exported]) => `const { ${exported} } = require(${JSON.stringify(path)});`);
  const text = [
    'const { App, DataResource, TerraformOutput, TerraformStack } = require("cdktf");',
    ...head,
    "const app = new App();",
    ...lines,
    "app.synth();",
  ];
  const program = join(folder, "bare.cjs");
  await writeFile(program, text.join("\n"));
  return program;
}

function creation(made: string, id: string, body: Readonly<Record<string, unknown>>): string[] {
  const given = Object.entries(body).filter(([name]) => name !== "//");
  return [
    "{",
    `const one = new ${made}(stack, ${JSON.stringify(id)}, {});`,
    ...given.map(([name, value]) => `one.addOverride(${JSON.stringify(name)}, ${JSON.stringify(value)});`),
    "}",
  ];
}

const require = createRequire(import.meta.url);

/** The class of a type of resource, which is then imported from its own file. */
function classOf(type: string, prefix: string, imports: Map<string, string>): string {
  const [cloud = "", ...words] = type.split("_");
  const path = `@cdktf/provider-${cloud}/lib/${prefix}${prefix === "" ? "" : `${cloud}-`}${words.join("-")}`;
  const exported: Record<string, { readonly tfResourceType?: string }> = require(path);
  const [name] = Object.entries(exported).find(([, one]) => one.tfResourceType !== undefined) ?? [];
  if (name === undefined) throw new Error(`${path} has no class`);
  // Both clouds have classes of the same name.
  const known = `${cloud}${name}`;
  imports.set(path, `${name}: ${known}`);
  return known;
}
