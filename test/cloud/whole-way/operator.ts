import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { stringify } from "yaml";
import { credentials } from "../../../operations/credentials.js";
import { verify } from "../../../operations/verify.js";
import { openWorkspace } from "../../../operations/workspace.js";
import type { EnvironmentFile } from "../../../spec/environment.js";
import type { LoadTarget } from "../../lab/load-target.js";

export const PROJECT = fileURLToPath(new URL("../../../", import.meta.url));

/** Somebody with an environment file and an identity of their own, who types commands. */
export class Operator {
  private constructor(
    private readonly environment: string,
    readonly folder: string,
  ) {}

  static async make(environment: string): Promise<Operator> {
    const folder = await mkdtemp(join(tmpdir(), `harborwright-${environment}-`));
    await mkdir(join(folder, "environments"));
    return new Operator(environment, folder);
  }

  get file(): string {
    return join(this.folder, "environments", `${this.environment}.yaml`);
  }

  /** Names the identity; it has to be in the environment of whatever reads the secrets, this process too. */
  get identity(): { readonly HARBORWRIGHT_IDENTITY: string } {
    return { HARBORWRIGHT_IDENTITY: join(this.folder, "identity.txt") };
  }

  async write(content: EnvironmentFile): Promise<void> {
    await writeFile(this.file, stringify(content));
  }

  /** Begins `harborwright <verb> <file> <options>`. */
  start(
    env: NodeJS.ProcessEnv,
    verb: string,
    ...options: readonly string[]
  ): ChildProcessByStdio<null, Readable, Readable> {
    const program = join(PROJECT, "bin", "harborwright.mjs");
    return spawn(process.execPath, [program, verb, this.file, ...options], {
      cwd: this.folder,
      env: { ...env, ...this.identity },
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  /** Runs it to its end. @returns what it printed. @throws Error with that when it fails */
  async harborwright(env: NodeJS.ProcessEnv, verb: string, ...options: readonly string[]): Promise<string> {
    const program = this.start(env, verb, ...options);
    const printed: string[] = [];
    for (const stream of [program.stdout, program.stderr]) stream.on("data", (text) => printed.push(`${text}`));
    const [code] = await once(program, "close");
    if (code === 0) return printed.join("");
    throw new Error(`${[verb, ...options].join(" ")} ended with ${code}\n${printed.join("")}`);
  }

  /**
   * Begins it and kills it without warning as soon as a line of its progress matches.
   * @throws Error with its progress when no line did before it ended
   */
  async killAt(line: RegExp, env: NodeJS.ProcessEnv, verb: string, ...options: readonly string[]): Promise<void> {
    const program = this.start(env, verb, ...options);
    const closed = once(program, "close");
    program.stdout.resume();
    const progress: string[] = [];
    let isKilled = false;
    for await (const printed of createInterface({ input: program.stderr })) {
      progress.push(printed);
      if (!isKilled && line.test(printed)) isKilled = program.kill("SIGKILL");
    }
    await closed;
    if (!isKilled) throw new Error(`${verb} ended before ${line}\n${progress.join("\n")}`);
  }

  /** How a client comes in at an address. */
  async door(address: string): Promise<LoadTarget> {
    const workspace = await openWorkspace(this.file);
    const { username, password, caFile } = await credentials(workspace);
    const { hostname } = workspace.environment.registry;
    return { hostname, address, port: 443, ca: await readFile(caFile, "utf8"), credentials: { username, password } };
  }

  /** Pushes an image through the entry, pulls it by tag and by digest, and deletes it. */
  async pushAndPull(entry: string): Promise<void> {
    const doors = [{ through: "entry", node: false, address: await this.door(entry) }];
    const verified = await verify({ doors, run: "whole", leaveOut: [] });
    expect(verified.steps.filter((step) => !step.ok)).toEqual([]);
    expect(verified.steps.map(({ step }) => step)).toEqual(expect.arrayContaining(["push", "pull-by-tag"]));
  }

  async end(): Promise<void> {
    await rm(this.folder, { recursive: true });
  }
}
