import * as z from "zod";
import { $ } from "zx";
import { ALONE, type Terraform } from "../../supply/terraform.js";

const diagnosticSchema = z.object({
  severity: z.enum(["error", "warning"]),
  summary: z.string(),
  detail: z.string().default(""),
  address: z.string().optional(),
});
const validationSchema = z.object({ diagnostics: z.array(diagnosticSchema) });
const planSchema = z.object({
  resource_changes: z
    .array(z.object({ address: z.string(), change: z.object({ actions: z.array(z.string()) }) }))
    .default([]),
});
const lineSchema = z.object({ diagnostic: diagnosticSchema.optional() });
const outputsSchema = z.record(z.string(), z.object({ value: z.json() }));

export type Diagnostic = z.output<typeof diagnosticSchema>;

/** What a plan does with resources: by their addresses "create", "update", "delete" or "replace". */
export type PlannedChanges = Readonly<Record<string, string>>;

/** What came of a command. */
export interface Outcome {
  readonly ok: boolean;
  /** Errors and warnings, the provider's among them. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Terraform or OpenTofu in a folder with a synthesized stack. */
export class TerraformRun {
  readonly #run: typeof $;
  readonly #program: string;

  /** @param env - how it finds its providers, and more for its environment */
  constructor(terraform: Terraform, folder: string, env: Readonly<Record<string, string>>) {
    this.#program = terraform.program;
    this.#run = $({ cwd: folder, env: { ...process.env, ...ALONE, ...env }, quiet: true, nothrow: true });
  }

  /** @throws Error with what was printed when it fails */
  async init(): Promise<void> {
    const done = await this.#run`${this.#program} init -input=false -no-color`;
    if (done.exitCode !== 0) throw new Error(`${done.stdout}${done.stderr}`);
  }

  async validate(): Promise<readonly Diagnostic[]> {
    const { stdout } = await this.#run`${this.#program} validate -json`;
    return validationSchema.parse(JSON.parse(stdout)).diagnostics;
  }

  /** Plans, and tells what would change. @throws Error with the diagnostics when there is no plan */
  async plan(...options: readonly string[]): Promise<PlannedChanges> {
    const { ok, diagnostics } = await this.tryPlan(...options);
    if (!ok) throw new Error(told(diagnostics));
    return this.planned();
  }

  /** What would change by the last plan; resources that stay as they are are left out. */
  async planned(): Promise<PlannedChanges> {
    const { stdout } = await this.#run`${this.#program} show -json planned`;
    const changes = planSchema
      .parse(JSON.parse(stdout))
      .resource_changes.map(({ address, change: { actions } }) => [
        address,
        actions.length > 1 ? "replace" : actions[0],
      ]);
    return Object.fromEntries(changes.filter(([, action]) => action !== "no-op" && action !== "read"));
  }

  tryPlan(...options: readonly string[]): Promise<Outcome> {
    return this.#change("plan", ["-out=planned", ...options]);
  }

  /** @throws Error with the diagnostics when something fails */
  async apply(...options: readonly string[]): Promise<void> {
    const { ok, diagnostics } = await this.tryApply(...options);
    if (!ok) throw new Error(told(diagnostics));
  }

  tryApply(...options: readonly string[]): Promise<Outcome> {
    return this.#change("apply", ["-auto-approve", ...options]);
  }

  /** @throws Error with the diagnostics when something stays */
  async destroy(): Promise<void> {
    const { ok, diagnostics } = await this.tryDestroy();
    if (!ok) throw new Error(told(diagnostics));
  }

  tryDestroy(): Promise<Outcome> {
    return this.#change("destroy", ["-auto-approve"]);
  }

  async output(name: string): Promise<unknown> {
    const { stdout } = await this.#run`${this.#program} output -json`;
    return outputsSchema.parse(JSON.parse(stdout))[name]?.value;
  }

  async #change(verb: string, options: readonly string[]): Promise<Outcome> {
    const done = await this.#run`${this.#program} ${verb} -json -input=false ${options}`;
    const diagnostics = done.stdout.split("\n").flatMap((line) => {
      if (!line.startsWith("{")) return [];
      return lineSchema.parse(JSON.parse(line)).diagnostic ?? [];
    });
    const unread = done.exitCode !== 0 && diagnostics.length === 0;
    return {
      ok: done.exitCode === 0,
      diagnostics: unread
        ? [{ severity: "error", summary: `${verb} failed`, detail: done.stdout + done.stderr }]
        : diagnostics,
    };
  }
}

/** Diagnostics as an error tells them. */
export function told(diagnostics: readonly Diagnostic[]): string {
  return diagnostics
    .map(({ severity, address, summary, detail }) => `${severity} ${address ?? ""}: ${summary}\n${detail}`)
    .join("\n\n");
}
