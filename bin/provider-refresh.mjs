import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { $ } from "zx";
import { changesBetween } from "../providers/alicloud/changes.js";
import { DATA_SOURCES, RESOURCES } from "../providers/alicloud/names.js";
import { keepOf, readKept, writeKept } from "../providers/alicloud/schema.js";
import { giveUp, PROJECT } from "./project.mjs";

const SCHEMA = join(PROJECT, "providers", "alicloud", "schema.json");
const PACKAGE = join(PROJECT, "providers", "alicloud", "package.json");
const PINS = join(PROJECT, "supply", "pins.ts");

/**
 * Takes names and types of the Alibaba Cloud provider anew, of its pinned version or of another one, which is then
 * pinned, and tells what has changed. It asks the real provider, which is built when no registry is reached.
 */
const before = readKept(await readFile(SCHEMA, "utf8"));
const version = process.argv[2] ?? before.version;
if (!/^\d+\.\d+\.\d+$/.test(version)) giveUp(`${version} is no version`, "type: npm run provider:refresh 1.286.0");
const old = await pinVersion(before.version, version);
try {
  const after = keepOf(await schemaOfProvider(), version, { resources: RESOURCES, dataSources: DATA_SOURCES });
  const changes = changesBetween(before, after);
  await writeFile(SCHEMA, writeKept(after));
  process.stdout.write(`${changes.join("\n")}${changes.length > 0 ? "\n" : ""}`);
  process.stdout.write(`${changes.length} changes from ${before.version} to ${version}\n`);
} catch (error) {
  for (const [file, text] of old) await writeFile(file, text);
  if (error.details === undefined) throw error;
  giveUp(error.details.says, error.details.instead);
}

/** @returns the files as they were */
async function pinVersion(from, to) {
  const texts = [];
  for (const [file, among] of [
    [PINS, /aliyun\/[^}]*?version: "v?[^"]+"/g],
    [PACKAGE, /"version": "[^"]+"/g],
  ]) {
    const text = await readFile(file, "utf8");
    texts.push([file, text]);
    await writeFile(
      file,
      text.replace(among, (found) => found.replace(from, to)),
    );
  }
  return texts;
}

/** What `terraform providers schema -json` prints of the pinned version. The pins are read once they are right. */
async function schemaOfProvider() {
  const { PROVIDER_PINS } = await import("../supply/pins.js");
  const { progressLines } = await import("../supply/progress.js");
  const { provideTerraform } = await import("../supply/terraform.js");
  const { terraformEnvironment } = await import("../supply/terraform-environment.js");
  const progress = progressLines((line) => process.stderr.write(`${line}\n`));
  const terraform = await provideTerraform(undefined, progress);
  const env = { ...process.env, ...(await terraformEnvironment(terraform, ["alicloud"], progress)) };
  const folder = await mkdtemp(join(tmpdir(), "harborwright-schema-"));
  try {
    const { source, version } = PROVIDER_PINS.alicloud;
    const asking = { terraform: { required_providers: { alicloud: { source, version } } } };
    await writeFile(join(folder, "main.tf.json"), JSON.stringify(asking));
    const run = $({ cwd: folder, env, quiet: true });
    await run`${terraform.program} init -input=false`;
    return (await run`${terraform.program} providers schema -json`).stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}
