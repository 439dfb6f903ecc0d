import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { $ } from "zx";
import { kept } from "../../../supply/cache.js";
import { silentProgress } from "../../../supply/progress.js";
import { examplesOn } from "../example-site.js";

/** The successor of cdktf, under cdktf's name: as a project that goes over to it installs it. */
const PACKAGES = { cdktf: "npm:cdktn@0.24.0", constructs: "10.6.0" };
const PROJECT = fileURLToPath(new URL("../../../", import.meta.url));
/** What is loaded from packages; all else is bundled. */
const EXTERNAL = ["cdktf", "constructs", "@cdktf/*"];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "harborwright-cdktn-"));
});
afterAll(() => rm(folder, { recursive: true }));

function installed(): Promise<string> {
  return kept(
    {
      shelf: "npm",
      name: "cdktn-0.24.0",
      inputs: { packages: PACKAGES, recipe: 1 },
      what: "install cdktn 0.24.0",
      make: async (empty) => {
        await writeFile(join(empty, "package.json"), JSON.stringify({ private: true, dependencies: PACKAGES }));
        await $({ cwd: empty, quiet: true })`npm install --no-audit --no-fund --ignore-scripts`;
      },
    },
    silentProgress,
  );
}

/** A folder whose programs find cdktf's name where it is told, and the classes of the providers where they are. */
async function workplace(name: string, packages: string): Promise<string> {
  const place = join(folder, name);
  await mkdir(join(place, "node_modules", "@cdktf"), { recursive: true });
  for (const found of await readdir(packages)) {
    if (!found.startsWith(".") && found !== "@cdktf") {
      await symlink(join(packages, found), join(place, "node_modules", found));
    }
  }
  for (const provider of ["provider-aws", "provider-alicloud"]) {
    const theirs = join(PROJECT, "node_modules", "@cdktf", provider);
    await symlink(theirs, join(place, "node_modules", "@cdktf", provider));
  }
  return place;
}

const madeSchema = z.strictObject({ version: z.string(), stacks: z.record(z.string(), z.unknown()) });

/** The stacks of all examples, by file and name, made with the packages of a place, and the version of cdktf there. */
async function stacksIn(place: string): Promise<z.output<typeof madeSchema>> {
  const program = join(place, "synthesize.mjs");
  await build({
    entryPoints: [join(import.meta.dirname, "synthesize-examples.ts")],
    outfile: program,
    bundle: true,
    external: EXTERNAL,
    format: "esm",
    platform: "node",
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  });
  const files = [...(await examplesOn("alicloud")), ...(await examplesOn("aws"))];
  // Otherwise a class would look for cdktf from where its file really is, and find ours.
  const run = $({ cwd: place, quiet: true });
  const { stdout } = await run`node --preserve-symlinks --preserve-symlinks-main ${program} ${files}`;
  return madeSchema.parse(JSON.parse(stdout));
}

test("cdktf's successor makes the same of every example", async () => {
  const ours = await stacksIn(await workplace("cdktf", join(PROJECT, "node_modules")));
  const theirs = await stacksIn(await workplace("cdktn", join(await installed(), "node_modules")));
  expect([ours.version, theirs.version]).toEqual(["0.21.0", "0.24.0"]);
  expect(Object.keys(ours.stacks).length).toBeGreaterThan(1);
  expect(theirs.stacks).toEqual(ours.stacks);
});

test("the sources are of the right types for cdktf's successor", async () => {
  const packages = join(await installed(), "node_modules");
  const settings = {
    extends: join(PROJECT, "tsconfig.json"),
    compilerOptions: {
      noEmit: true,
      rootDir: "/",
      typeRoots: [join(PROJECT, "node_modules", "@types")],
      paths: Object.fromEntries(
        ["cdktf", "constructs"].map((name) => [name, [join(packages, name, "lib", "index.d.ts")]]),
      ),
    },
    include: [join(PROJECT, "constructs"), join(PROJECT, "stacks"), join(PROJECT, "infrastructure")],
  };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(settings));
  const checked = await $({
    cwd: folder,
    quiet: true,
    nothrow: true,
  })`${PROJECT}/node_modules/.bin/tsc -p ${folder} --listFiles`;
  const lines = checked.stdout.split("\n");
  expect(lines.filter((line) => line.includes("error TS"))).toEqual([]);
  expect(lines.some((line) => line.startsWith(join(packages, "cdktf")))).toBe(true);
  expect(lines.filter((line) => line.startsWith(join(PROJECT, "node_modules", "cdktf/")))).toEqual([]);
});
