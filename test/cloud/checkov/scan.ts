import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { $ } from "zx";
import { silentProgress } from "../../../supply/progress.js";
import { pythonTool } from "../../../supply/python-tool.js";

const stackSchema = z.object({
  resource: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))),
});
const checkSchema = z.object({
  check_id: z.string(),
  check_name: z.string(),
  file_path: z.string(),
  resource: z.string(),
});
const reportSchema = z.object({
  summary: z.object({ parsing_errors: z.number() }),
  results: z.object({ passed_checks: z.array(checkSchema), failed_checks: z.array(checkSchema) }),
});

/** A resource as the stack writes it. */
export interface StackResource {
  readonly type: string;
  /** The name it has in Terraform's JSON: store_images_bucket_590D8985 */
  readonly id: string;
  /** The same without the hash at its end: the constructs that it is inside. */
  readonly path: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** What Checkov says against a resource. */
export interface Finding {
  /** CKV_AWS_18 */
  readonly check: string;
  /** What is checked, in Checkov's words. */
  readonly name: string;
  readonly resource: StackResource;
  /** All resources of its stack. */
  readonly stack: readonly StackResource[];
}

/** What came of one stack. */
export interface Scanned {
  /** How many checks found nothing. */
  readonly passed: number;
  readonly findings: readonly Finding[];
}

/**
 * Has Checkov look at stacks: at what cdktf writes, for a plan says no more of what the checks ask, and needs a cloud.
 * @param parent - the folder with a folder for each stack
 */
export async function scan(parent: string, names: readonly string[]): Promise<ReadonlyMap<string, Scanned>> {
  const { python, start } = await pythonTool("checkov", silentProgress);
  // Neither its maker's service nor a registry of modules is asked.
  const alone = ["--skip-download", "--download-external-modules", "false"];
  const look = ["--directory", parent, "--framework", "terraform_json", "--output", "json", "--compact"];
  const done = await $({ quiet: true, nothrow: true })`${python} ${start} ${look} ${alone} --soft-fail`;
  if (done.exitCode !== 0) throw new Error(`${done.stdout}${done.stderr}`);
  const { summary, results } = reportSchema.parse(JSON.parse(done.stdout));
  if (summary.parsing_errors > 0) throw new Error(`Checkov could not read ${summary.parsing_errors} files`);
  const scanned = names.map(async (name) => {
    const stack = await resourcesIn(join(parent, name, "cdk.tf.json"));
    const here = ({ file_path }: { file_path: string }) => file_path === `/${name}/cdk.tf.json`;
    const findings = results.failed_checks.filter(here).map(({ check_id, check_name, resource }) => ({
      check: check_id,
      name: check_name,
      resource: resourceCalled(resource, stack),
      stack,
    }));
    return [name, { passed: results.passed_checks.filter(here).length, findings }] as const;
  });
  return new Map(await Promise.all(scanned));
}

async function resourcesIn(file: string): Promise<StackResource[]> {
  const { resource } = stackSchema.parse(JSON.parse(await readFile(file, "utf8")));
  return Object.entries(resource).flatMap(([type, all]) =>
    Object.entries(all).map(([id, found]) => ({ type, id, path: id.replace(/_[0-9A-F]{8}$/, ""), arguments: found })),
  );
}

/** Checkov says aws_lb.entry_1234 or resource.entry_1234; what follows the point is unique, for cdktf makes it of the path. */
function resourceCalled(name: string, stack: readonly StackResource[]): StackResource {
  const [, id] = name.split(".");
  const found = stack.find((resource) => resource.id === id);
  if (found === undefined) throw new Error(`Checkov speaks of ${name}, which the stack does not have`);
  return found;
}
