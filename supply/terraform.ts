import * as z from "zod";
import { $ } from "zx/core";
import { parsedJson } from "../spec/parsed-json.js";
import { Problem } from "../spec/problem.js";
import { goTool } from "./go-tool.js";
import { findProgram } from "./machine.js";
import { GO_TOOL_PINS } from "./pins.js";
import type { Progress } from "./progress.js";

/** Which of the two programs makes the infrastructure. They read the same files, but not each other's lock files. */
export type TerraformEngine = "terraform" | "opentofu";

/** A program that makes infrastructure. */
export interface Terraform {
  readonly engine: TerraformEngine;
  /** Its path. */
  readonly program: string;
  /** 1.11.4 */
  readonly version: string;
}

const PROGRAMS = { terraform: "terraform", opentofu: "tofu" } as const;
/** From here on both lock a state in S3 without a table beside it. */
const OLDEST = [1, 10] as const;
/** Settings with which both keep to themselves: no look for news on the network, no hints for people. */
export const ALONE = { CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1" } as const;

const versionSchema = z.object({ terraform_version: z.string() });

/**
 * The program that makes infrastructure: Terraform or OpenTofu of this machine, 1.10 or newer. OpenTofu is built from
 * its Go module and kept where it is asked for and missing, and where neither is there.
 * @param engine - which of the two. @default - Terraform if this machine has it, else OpenTofu
 * @throws Problem `supply/terraform-missing` when Terraform is asked for and not there, or there is no way to OpenTofu
 */
export async function provideTerraform(engine: TerraformEngine | undefined, progress: Progress): Promise<Terraform> {
  const wanted: readonly TerraformEngine[] = engine === undefined ? ["terraform", "opentofu"] : [engine];
  for (const one of wanted) {
    const present = await presentTerraform(one);
    if (present !== undefined && isRecent(present.version)) return present;
    if (present !== undefined) {
      progress.note(`${present.program} is ${present.version}; ${OLDEST.join(".")} or newer is needed`);
    }
  }
  if (engine === "terraform") throw terraformMissing("this machine has no Terraform 1.10 or newer");
  const program = await goTool("tofu", progress).catch(explainMissing);
  return { engine: "opentofu", program, version: GO_TOOL_PINS.tofu.version.slice(1) };
}

/** The program of this machine, whatever its version; undefined when there is none that runs. Nothing is built. */
export async function presentTerraform(engine: TerraformEngine): Promise<Terraform | undefined> {
  const program = await findProgram(PROGRAMS[engine]);
  if (program === undefined) return undefined;
  const env = { ...process.env, ...ALONE };
  const asked = await $({ quiet: true, nothrow: true, env })`${program} version -json`;
  const answer = versionSchema.safeParse(parsedJson(asked.stdout));
  return answer.success ? { engine, program, version: answer.data.terraform_version } : undefined;
}

/** Whether a version locks states as needed. A preview of a version counts as that version. */
export function isRecent(version: string): boolean {
  const [, major, minor] = /^(\d+)\.(\d+)\./.exec(version) ?? [];
  if (major === undefined || minor === undefined) return false;
  return Number(major) > OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) >= OLDEST[1]);
}

/** OpenTofu could not be built: what is missing for that is told together with the easier way out. */
function explainMissing(error: unknown): never {
  if (!(error instanceof Problem)) throw error;
  const { says, instead, log } = error.details;
  throw terraformMissing(
    `this machine has neither Terraform nor OpenTofu, and OpenTofu cannot be built: ${says}`,
    instead,
    log,
  );
}

function terraformMissing(says: string, orElse?: string, log?: readonly string[]): Problem {
  return new Problem({
    code: "supply/terraform-missing",
    says,
    instead: `install Terraform or OpenTofu, 1.10 or newer${orElse === undefined ? ", or let the environment file say infrastructure.engine: opentofu, which is built here" : `; or ${orElse}`}`,
    log,
  });
}
