import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { withLock } from "../supply/lock.js";
import type { ProviderName } from "../supply/pins.js";
import type { Progress } from "../supply/progress.js";
import { provideTerraform, type TerraformEngine } from "../supply/terraform.js";
import { terraformEnvironment } from "../supply/terraform-environment.js";
import type { Configuration } from "./configuration.js";
import { setUp } from "./set-up.js";
import { State } from "./state.js";
import { type Message, TerraformProgram } from "./terraform-program.js";

export interface WorkshopOptions {
  /** Folder that is made for it; only its owner reads it, for plans and states hold what is secret. */
  readonly folder: string;
  readonly engine: TerraformEngine;
  readonly providers: readonly ProviderName[];
  readonly progress: Progress;
  /** More for Terraform's environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** Plans that this process has made. */
let plansMade = 0;

/** A folder in which Terraform works on one site, and the program set up for it. */
export class Workshop {
  #program: Promise<{ program: TerraformProgram; settings: Readonly<Record<string, string>> }> | undefined;

  constructor(private readonly options: WorkshopOptions) {}

  /** Does work while no other command of this machine works in the folder. */
  async alone<T>(what: string, work: () => Promise<T>): Promise<T> {
    const { folder, progress } = this.options;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return withLock(join(folder, "lock"), what, progress, work);
  }

  /** Terraform with a configuration before it. */
  async with(configuration: Configuration): Promise<TerraformProgram> {
    this.#program ??= this.#provide();
    const { program, settings } = await this.#program;
    const file = join(this.options.folder, "cdk.tf.json");
    const before = await readFile(file, "utf8").catch(() => undefined);
    if (before !== configuration.text) await writeFile(file, configuration.text, { mode: 0o600 });
    await setUp(program, configuration, settings);
    return program;
  }

  async state(configuration: Configuration): Promise<State> {
    const program = await this.with(configuration);
    return new State(await program.ask("state", "pull"));
  }

  /**
   * Makes a plan and keeps it.
   * @param words - more for `terraform plan`
   * @returns its file, and what `terraform show -json` says of it
   */
  async plan(configuration: Configuration, words: readonly string[]): Promise<{ file: string; shown: unknown }> {
    const program = await this.with(configuration);
    plansMade += 1;
    // Another plan must never take the place of the one that was agreed to.
    const file = `plan-${process.pid}-${plansMade}`;
    await program.work(["plan", "-input=false", "-json", `-out=${file}`, ...words]);
    return { file, shown: JSON.parse(await program.ask("show", "-json", file)) };
  }

  /** Tells the state that resources have, or have not, been made to the end. */
  async mark(how: "taint" | "untaint", addresses: readonly string[], configuration: Configuration): Promise<void> {
    const program = await this.with(configuration);
    for (const address of addresses) await program.work([how, address]);
  }

  /** Carries a plan out and throws it away. */
  async apply(configuration: Configuration, file: string, onMessage: (message: Message) => void): Promise<void> {
    const program = await this.with(configuration);
    try {
      await program.work(["apply", "-input=false", "-json", file], onMessage);
    } finally {
      await this.drop(file);
    }
  }

  async drop(file: string): Promise<void> {
    await rm(join(this.options.folder, file), { force: true });
  }

  async #provide() {
    const { engine, folder, providers, progress, env } = this.options;
    const terraform = await provideTerraform(engine, progress);
    const settings = providers.length === 0 ? {} : await terraformEnvironment(terraform, providers, progress);
    await dropLeftovers(folder);
    const all = { CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1", ...settings, ...env };
    return { program: new TerraformProgram(terraform, folder, all, progress), settings };
  }
}

/** What commands that were killed have left: plans, what Terraform wrote for them, and half of a stack. */
async function dropLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const [, pid] = /^[a-z]+-(\d+)(?:-|\.log$)/.exec(name) ?? [];
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(folder, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
