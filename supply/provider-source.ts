import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { $ } from "zx/core";
import { Problem } from "../spec/problem.js";
import { PROVIDER_PINS } from "./pins.js";
import type { Progress } from "./progress.js";
import { sourceByReach } from "./reach.js";
import { ALONE, type Terraform } from "./terraform.js";

/** Where providers come from: each program's own registry, or a folder of this machine. */
export type ProviderSource = "registry" | "mirror";

/** Milliseconds a registry may take to say what it offers. */
const ANSWER_WITHIN = 3_000;

/**
 * Whether providers come from a registry. `HARBORWRIGHT_PROVIDERS=registry|mirror` decides; else whether this machine
 * reaches the registry. Once it was reached it is taken to be reachable for good; that it was not is believed for a day.
 * @param host - the registry, as registryHost has it
 * @throws Problem `supply/providers-unknown` for another value of the variable
 */
export async function providerSource(host: string, progress: Progress, now = Date.now()): Promise<ProviderSource> {
  const forced = process.env.HARBORWRIGHT_PROVIDERS;
  if (forced === "registry" || forced === "mirror") return forced;
  if (forced) throw unknownSource(forced);
  const { source, fresh } = await sourceByReach(
    { name: `providers-${host}`, whenReached: "registry", whenNot: "mirror", look: () => registryAnswers(host) },
    now,
  );
  if (source === "mirror" && fresh) {
    progress.note("the registry of Terraform's providers cannot be reached: they come from this machine");
  }
  return source;
}

/** The host of the registry that a program asks for a provider whose name says nothing of one. It knows it by heart. */
export async function registryHost(terraform: Terraform): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "harborwright-registry-"));
  try {
    const { source } = PROVIDER_PINS.aws;
    const asking = { terraform: { required_providers: { aws: { source } } } };
    await writeFile(join(folder, "main.tf.json"), JSON.stringify(asking));
    const env = { ...process.env, ...ALONE };
    const { stdout } = await $({ quiet: true, cwd: folder, env })`${terraform.program} providers -no-color`;
    const [, host] = new RegExp(`provider\\[([^/\\]]+)/${source}\\]`).exec(stdout) ?? [];
    if (host === undefined) throw new Error(`${terraform.program} providers named no registry: ${stdout}`);
    return host;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Asks as the programs do, by their protocol for what a host offers. */
async function registryAnswers(host: string): Promise<boolean> {
  try {
    const answer = await fetch(`https://${host}/.well-known/terraform.json`, {
      signal: AbortSignal.timeout(ANSWER_WITHIN),
    });
    return z.object({ "providers.v1": z.string() }).safeParse(await answer.json()).success;
  } catch {
    return false;
  }
}

function unknownSource(value: string): Problem {
  return new Problem({
    code: "supply/providers-unknown",
    says: `HARBORWRIGHT_PROVIDERS is ${value}`,
    instead: "registry (of Terraform or OpenTofu), mirror (folders of this machine), or unset to find out",
  });
}
