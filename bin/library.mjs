import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureBindings } from "./bindings.mjs";
import { exchange } from "./exchange.mjs";
import { giveUp, OLDEST_NODE, PROJECT } from "./project.mjs";

/** What other projects import; what these import of other rooms is taken along. */
const ENTRANCE = "constructs";
/** Rooms that sources may come from. */
const ROOMS = [ENTRANCE, "spec"];
const LIBRARY = join(PROJECT, "lib");
/** What the library was made of. */
const STAMP = join(LIBRARY, ".made-of");
/** To be raised when this file makes something else of the same sources. */
const RECIPE = 1;
/** Loaded only when there is something to make. */
const require = createRequire(import.meta.url);

/**
 * Compiles the constructs for cdktf projects of others into lib/, a file for each source, unless that was made of the
 * very same. They are CommonJS like cdktf itself, so that projects of either kind can import them.
 */
export async function ensureLibrary() {
  await ensureBindings();
  const madeOf = fingerprint();
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === madeOf) return;
  process.stderr.write("● compile the constructs for other projects (about 5 s)\n");
  const partial = `${LIBRARY}.partial-${process.pid}`;
  try {
    const sources = writeDeclarations(partial);
    await writePrograms(sources, partial);
    writeFileSync(join(partial, "package.json"), '{ "type": "commonjs" }\n');
    writeFileSync(join(partial, ".made-of"), madeOf);
    exchange(partial, LIBRARY);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

function fingerprint() {
  const hash = createHash("sha256").update(`recipe ${RECIPE}\n`);
  for (const file of [...ROOMS.flatMap(sourcesIn), "tsconfig.json", "package-lock.json"]) {
    hash.update(`${file}\n`).update(readFileSync(join(PROJECT, file)));
  }
  return hash.digest("hex");
}

function sourcesIn(room) {
  return readdirSync(join(PROJECT, room), { recursive: true })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(room, name))
    .sort();
}

/**
 * Types are not checked: `npm run types` does it.
 * @returns all sources that the entrance needs, by paths below the project
 */
function writeDeclarations(folder) {
  const typescript = require("typescript");
  const { config } = typescript.readConfigFile(join(PROJECT, "tsconfig.json"), typescript.sys.readFile);
  const { options } = typescript.convertCompilerOptionsFromJson(config.compilerOptions, PROJECT);
  const program = typescript.createProgram(
    sourcesIn(ENTRANCE).map((file) => join(PROJECT, file)),
    {
      ...options,
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      noCheck: true,
      rootDir: PROJECT,
      outDir: folder,
    },
  );
  const sources = program
    .getSourceFiles()
    .map(({ fileName }) => relative(PROJECT, fileName))
    .filter((file) => ROOMS.some((room) => file.startsWith(`${room}/`)));
  program.emit(undefined, (path, text) => write(folder, relative(folder, path), text));
  return sources;
}

async function writePrograms(sources, folder) {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    absWorkingDir: PROJECT,
    entryPoints: sources,
    outdir: folder,
    outbase: PROJECT,
    format: "cjs",
    platform: "node",
    target: `node${OLDEST_NODE.join(".")}`,
    write: false,
    logLevel: "silent",
  }).catch((error) => giveUp("the constructs do not compile", error.message));
  for (const { path, text } of outputFiles) write(folder, relative(folder, path), text);
}

/**
 * The classes of Alibaba Cloud's provider are on no registry of packages: they go along, and are found by their place
 * instead of by their name.
 */
function write(folder, name, text) {
  const file = join(folder, name);
  const classes = relative(dirname(join("lib", name)), join("providers", "alicloud", "lib"));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(
    file,
    text.replace(/"@cdktf\/provider-alicloud\/lib\/([^"/]+)(?:\/index\.js)?"/g, `"${classes}/$1/index.js"`),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await ensureLibrary();
