import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureBindings } from "./bindings.mjs";
import { exchange } from "./exchange.mjs";
import { giveUp, OLDEST_NODE, PROJECT } from "./project.mjs";

/** Rooms whose sources are compiled. */
const ROOMS = [
  "spec",
  "constructs",
  "stacks",
  "secrets",
  "certificates",
  "release",
  "hosts",
  "harbor",
  "cluster",
  "dataservices",
  "recovery",
  "supply",
  "infrastructure",
  "graph",
  "cost",
  "lab",
  "operations",
  "cli",
];
/** The cdktf app. Like everything else it is compiled into a folder of its own. */
const APP = { from: "main.ts", to: "app/main" };
/** What is started, or loaded by the scripts beside this one. */
const ENTRIES = [
  "cli/main.ts",
  "lab/host-image.ts",
  "spec/problem.ts",
  "supply/engine.ts",
  "supply/go-tool.ts",
  "supply/images.ts",
  "supply/pins.ts",
  "supply/progress.ts",
  "supply/python-tool.ts",
  "supply/terraform.ts",
  "supply/terraform-environment.ts",
];
/** Packages that nearly every command loads: bundled they cost half. All others Node loads when one needs them. */
const BUNDLED = [
  "age-encryption",
  "bcryptjs",
  "commander",
  "diff",
  "fastest-levenshtein",
  "handlebars",
  "picocolors",
  "yaml",
  "zod",
  "zx",
];
/** Packages that are made when this one is installed; who installs the packed one gets them with the constructs. */
const MADE_HERE = ["@cdktf/provider-alicloud"];
const BUILT = join(PROJECT, "dist");
/** What a build was made of: the time of the newest source then. */
const STAMP = join(BUILT, ".newest-source");

/**
 * Compiles the sources into dist/, and makes the classes they build on, unless that was made of the very same; to find
 * out takes some milliseconds.
 */
export async function ensureBuilt() {
  await ensureBindings();
  const newest = newestSource();
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === newest) return;
  process.stderr.write("● compile harborwright (about 2 s)\n");
  // Beside node_modules, for it must be on the same disk to be renamed, and git and the linters look into neither.
  const partial = join(PROJECT, "node_modules", `.harborwright-${process.pid}`);
  await compile(partial);
  linkOtherFiles(partial);
  writeFileSync(join(partial, ".newest-source"), newest);
  exchange(partial, BUILT);
}

/** Names of the newest source and its time, as text that changes when any source does. */
function newestSource() {
  let newest = 0;
  let count = 0;
  const look = (path) => {
    newest = Math.max(newest, statSync(path).mtimeMs);
    count += 1;
  };
  const lookInto = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) lookInto(path);
      else if (entry.name.endsWith(".ts")) look(path);
    }
  };
  for (const room of ROOMS) lookInto(join(PROJECT, room));
  for (const file of [APP.from, "tsconfig.json", "package-lock.json"]) look(join(PROJECT, file));
  return `${count} files, the newest from ${newest}\n`;
}

/**
 * Bundles the program: Node then reads a few files instead of some hundred. What a command loads only when it runs
 * stays a file of its own. All files lie one folder deep, as the sources do, for they look for their templates and
 * scripts from where they are. Types are checked by `npm run types`; here they would cost seconds at the first command.
 */
async function compile(folder) {
  if (!existsSync(join(PROJECT, "node_modules", "esbuild"))) giveUp("the npm packages are missing", "type: npm ci");
  const { build } = await import("esbuild");
  const packages = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8"));
  const bundling = {
    absWorkingDir: PROJECT,
    entryPoints: [
      ...ENTRIES.map((file) => ({ in: file, out: file.replace(/\.ts$/, "") })),
      { in: APP.from, out: APP.to },
    ],
    outdir: folder,
    outbase: PROJECT,
    chunkNames: "shared/[name]-[hash]",
    bundle: true,
    external: [...Object.keys(packages.dependencies).filter((name) => !BUNDLED.includes(name)), ...MADE_HERE],
    plugins: [byRequire],
    splitting: true,
    format: "esm",
    platform: "node",
    target: `node${OLDEST_NODE.join(".")}`,
    minifySyntax: true,
    minifyWhitespace: true,
    logLevel: "silent",
    // Packages of the older kind ask for Node's own modules by `require`.
    banner: {
      js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);',
    },
  };
  await build(bundling).catch((error) => giveUp("the sources do not compile", error.message));
}

/**
 * Has the classes of cdktf loaded by `require`. Where one is imported Node first reads through its whole text for the
 * names in it, and a class of a provider is some thousand lines long: that is a third of the time to make a stack.
 */
const byRequire = {
  name: "by-require",
  setup(build) {
    build.onResolve({ filter: /^(cdktf|constructs|@cdktf\/.*)$/ }, ({ path, kind }) =>
      kind === "require-call" ? { path, external: true } : { path, namespace: "by-require" },
    );
    build.onLoad({ filter: /.*/, namespace: "by-require" }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)});`,
    }));
  },
};

/** What lies beside the sources and is none, scripts and folders of files, is found beside what was compiled, too. */
function linkOtherFiles(folder) {
  for (const room of ROOMS) {
    const others = readdirSync(join(PROJECT, room)).filter((name) => !holdsSources(join(PROJECT, room, name)));
    if (others.length > 0) mkdirSync(join(folder, room), { recursive: true });
    for (const name of others) {
      // From where it will be once it has its final name.
      symlinkSync(relative(join(BUILT, room), join(PROJECT, room, name)), join(folder, room, name));
    }
  }
}

function holdsSources(path) {
  if (!statSync(path).isDirectory()) return path.endsWith(".ts");
  return readdirSync(path, { recursive: true }).some((name) => name.endsWith(".ts"));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await ensureBuilt();
