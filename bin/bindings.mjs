import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { exchange } from "./exchange.mjs";
import { giveUp, PROJECT } from "./project.mjs";

const PACKAGE = join(PROJECT, "providers", "alicloud");
const SCHEMA = join(PACKAGE, "schema.json");
const LIB = join(PACKAGE, "lib");
/** What the classes in lib/ were made of. */
const STAMP = join(LIB, ".made-of");
/** To be raised when this file makes something else of the same schema. */
const RECIPE = 1;
/** The provider as the generator knows it; it wants the host of a registry before the name, and puts it into links. */
const ADDRESS = "registry/aliyun/alicloud";
/** The generator's packages are CommonJS, and are loaded only when there is something to make. */
const require = createRequire(import.meta.url);

/**
 * Makes a class of each resource in providers/alicloud/schema.json, unless it was made of the very same; to find out
 * takes some milliseconds.
 */
export async function ensureBindings() {
  const madeOf = fingerprint();
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === madeOf) return;
  process.stderr.write("● make classes of the Alibaba Cloud provider's schema (about 10 s)\n");
  const partial = join(PACKAGE, `lib.partial-${process.pid}`);
  try {
    await generate(partial);
    compile(partial);
    // The classes are CommonJS, as in cdktf's own provider packages, while the sources beside them are not.
    writeFileSync(join(partial, "package.json"), '{ "type": "commonjs" }\n');
    writeFileSync(join(partial, ".made-of"), madeOf);
    exchange(partial, LIB);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

/** Changes with the schema, with the versions of what makes the classes, and with this recipe. */
function fingerprint() {
  const hash = createHash("sha256").update(`recipe ${RECIPE}\n`);
  for (const name of ["@cdktf/provider-generator", "typescript"]) {
    const file = join(PROJECT, "node_modules", name, "package.json");
    if (!existsSync(file)) giveUp("the npm packages are missing", "type: npm ci");
    hash.update(`${name} ${JSON.parse(readFileSync(file, "utf8")).version}\n`);
  }
  return hash.update(readFileSync(SCHEMA)).digest("hex");
}

/** Writes TypeScript with cdktf's own generator: a folder for each resource, as in cdktf's provider packages. */
async function generate(folder) {
  // As soon as they load they run terraform and look for news of themselves on the network, and show what goes wrong.
  process.env.TERRAFORM_BINARY_NAME = "true";
  process.env.CHECKPOINT_DISABLE = "1";
  // The package's front door needs a compiler for four other languages, which it does not bring along.
  const { TerraformProviderGenerator } = require("@cdktf/provider-generator/lib/get/generator/provider-generator");
  const { ConstructsMakerProviderTarget, TerraformProviderConstraint, Language } = require("@cdktf/commons");
  const { CodeMaker } = require("codemaker");
  const { version, provider, resources, dataSources } = JSON.parse(readFileSync(SCHEMA, "utf8"));
  const schema = {
    format_version: "1.0",
    provider_schemas: {
      // Without provider_versions, which would pin required_providers to one version instead of a range.
      [ADDRESS]: { provider, resource_schemas: resources, data_source_schemas: dataSources },
    },
  };
  const [major, minor] = version.split(".");
  const constraint = new TerraformProviderConstraint(`${ADDRESS}@~> ${major}.${minor}`);
  const code = new CodeMaker();
  new TerraformProviderGenerator(code, schema).generate(
    new ConstructsMakerProviderTarget(constraint, Language.TYPESCRIPT),
  );
  await code.save(folder);
  const generated = join(folder, "providers", "alicloud");
  for (const name of readdirSync(generated)) renameSync(join(generated, name), join(folder, name));
  rmSync(join(folder, "providers"), { recursive: true });
}

/** JavaScript and declarations of all sources in a folder, which are then removed. */
function compile(folder) {
  const sources = readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name));
  for (const source of sources) correctLinks(source);
  writeDeclarations(sources);
  writePrograms(sources, folder);
  for (const source of sources) rmSync(source);
}

/** Types are not checked: the generator's code is sound, and checking it takes longer than all the rest. */
function writeDeclarations(sources) {
  const typescript = require("typescript");
  const program = typescript.createProgram(sources, {
    target: typescript.ScriptTarget.ES2022,
    module: typescript.ModuleKind.CommonJS,
    strict: true,
    declaration: true,
    emitDeclarationOnly: true,
    noCheck: true,
    skipLibCheck: true,
    types: [],
  });
  program.emit();
}

/** By esbuild, which needs a twentieth of the time that TypeScript's compiler takes for it. */
function writePrograms(sources, folder) {
  const { buildSync } = require("esbuild");
  buildSync({
    entryPoints: sources,
    outdir: folder,
    outbase: folder,
    format: "cjs",
    platform: "node",
    target: "node20",
  });
}

/** The name without a host, and links to the documents of the very version the classes were made for. */
function correctLinks(source) {
  const { version } = JSON.parse(readFileSync(SCHEMA, "utf8"));
  const documents = `https://github.com/aliyun/terraform-provider-alicloud/blob/v${version}/website/docs`;
  const links = new RegExp(`https://${ADDRESS.replace("/", "/providers/")}/latest/docs/(r|d)[a-z-]+/([a-z0-9_]+)`, "g");
  const text = readFileSync(source, "utf8").replace(links, `${documents}/$1/$2.html.markdown`);
  writeFileSync(source, text.replaceAll(ADDRESS, "aliyun/alicloud"));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await ensureBindings();
