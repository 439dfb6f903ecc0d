import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { $ } from "zx";

const PROJECT = fileURLToPath(new URL("../", import.meta.url));
const RULE = "bindings of a provider are imported one by one";

/** Sources that load every class of a provider, and such that load one. */
const SHALLOW = [
  'import { vpc } from "@cdktf/provider-aws";',
  'import { vpc } from "@cdktf/provider-aws/lib";',
  'import * as aws from "@cdktf/provider-aws/lib/index.js";',
  'export const later = () => import("@cdktf/provider-aws");',
];
const DEEP = [
  'import { Vpc } from "@cdktf/provider-aws/lib/vpc/index.js";',
  'import { Vpc } from "@cdktf/provider-alicloud/lib/vpc";',
];

/** A folder beside the sources' packages, so that names of packages lead where they lead from a source. */
let folder: string;
/** The rules that each source breaks. */
let broken: ReadonlyMap<string, readonly string[]>;
beforeAll(async () => {
  folder = await mkdtemp(join(PROJECT, "node_modules", ".imports-"));
  await symlink("..", join(folder, "node_modules"));
  broken = await brokenBy([...SHALLOW, ...DEEP]);
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

interface Report {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: {
    readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
  };
}

async function brokenBy(sources: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const files = sources.map((_, index) => join(folder, `planted-${index}.ts`));
  await Promise.all(sources.map((source, index) => writeFile(files[index] ?? "", `${source}\n`)));
  // Our own rules, but for the one that keeps out of packages: the planted sources lie among them.
  const config = join(folder, "rules.cjs");
  const ours = JSON.stringify(join(PROJECT, ".dependency-cruiser.cjs"));
  const follow = '{ path: ["node_modules/[^.]", "^providers/[^/]+/lib/"] }';
  await writeFile(
    config,
    `const ours = require(${ours});\nmodule.exports = { ...ours, options: { ...ours.options, doNotFollow: ${follow} } };\n`,
  );
  const run = $({ cwd: PROJECT, quiet: true, nothrow: true });
  const { stdout } = await run`npx depcruise --config ${config} --output-type json --no-progress ${files}`;
  const { modules, summary } = JSON.parse(stdout) as Report;
  return new Map(
    sources.map((source, index) => {
      const name = `planted-${index}.ts`;
      if (!modules.some((module) => module.source.endsWith(name))) throw new Error(`${name} was not looked at`);
      return [
        source,
        summary.violations.filter(({ from }) => from.endsWith(name)).map(({ rule }) => rule.name),
      ] as const;
    }),
  );
}

test.each(SHALLOW)("%s is refused: it loads every class of the provider", (source) => {
  expect(broken.get(source)).toContain(RULE);
});

test.each(DEEP)("%s is as it should be", (source) => {
  expect(broken.get(source)).toEqual([]);
});
