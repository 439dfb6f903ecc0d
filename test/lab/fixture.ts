import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { stringify } from "yaml";
import type { EnvironmentFile } from "../../spec/environment.js";

const PROGRAM = fileURLToPath(new URL("../../bin/harborwright.mjs", import.meta.url));

/** What one command line came to. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** An environment of its own in a folder of its own, driven through the command line as a user would. */
export class LabEnvironment {
  readonly name: string;
  readonly folder: string;
  #content: EnvironmentFile;

  private constructor(name: string, folder: string, content: EnvironmentFile) {
    this.name = name;
    this.folder = folder;
    this.#content = content;
  }

  /**
   * Writes the file of a new environment.
   * @param block - second-last number of its network: 198.18.<block>.0/24; each test file has its own
   * @param more - fields beside those that every environment needs
   */
  static async make(name: string, block: number, more: Partial<EnvironmentFile> = {}): Promise<LabEnvironment> {
    const folder = await mkdtemp(join(tmpdir(), `harborwright-${name}-`));
    const environment = new LabEnvironment(name, folder, {
      environment: name,
      registry: { hostname: `registry.${name}` },
      sites: [
        { name: "here", provider: "local", nodes: { memory: "1GiB" }, network: { cidr: `198.18.${block}.0/24` } },
      ],
      ...more,
    });
    await environment.write();
    return environment;
  }

  get file(): string {
    return join(this.folder, `${this.name}.yaml`);
  }

  /** Path of the program, and the variables it is run with: an identity of this environment's own. */
  get program(): string {
    return PROGRAM;
  }

  get env(): NodeJS.ProcessEnv {
    return { ...process.env, HARBORWRIGHT_IDENTITY: join(this.folder, "identity.txt") };
  }

  get stateFolder(): string {
    return join(this.folder, ".harborwright", this.name);
  }

  get content(): EnvironmentFile {
    return this.#content;
  }

  /** Changes the environment file as an editor would. */
  async edit(change: (content: EnvironmentFile) => EnvironmentFile): Promise<void> {
    this.#content = change(this.#content);
    await this.write();
  }

  async write(): Promise<void> {
    await writeFile(this.file, stringify(this.#content));
  }

  /** Runs `harborwright <command> <environment> …` to its end. */
  async run(command: string, ...more: readonly string[]): Promise<Outcome> {
    const program = this.start(command, ...more);
    const [stdout, stderr, [code]] = await Promise.all([
      everything(program.stdout),
      everything(program.stderr),
      once(program, "close"),
    ]);
    return { code: code as number | null, stdout, stderr };
  }

  /** Runs a command that must succeed, and gives what it printed. */
  async succeed(command: string, ...more: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(command, ...more);
    if (code !== 0) throw new Error(`harborwright ${command} ended with ${code}\n${stdout}\n${stderr}`);
    return stdout;
  }

  /** Runs a command with `--json` and reads its result, whatever its exit code. */
  async json<T>(command: string, ...more: readonly string[]): Promise<T> {
    const { stdout, stderr } = await this.run(command, ...more, "--json");
    try {
      return JSON.parse(stdout) as T;
    } catch {
      throw new Error(`harborwright ${command} printed no JSON\n${stdout}\n${stderr}`);
    }
  }

  /** Starts a command. `lab kill` and the like are given as one word with a blank. */
  start(command: string, ...more: readonly string[]): ChildProcessByStdio<null, Readable, Readable> {
    const argv = [PROGRAM, ...command.split(" "), this.file, ...more];
    return spawn(process.execPath, argv, {
      stdio: ["ignore", "pipe", "pipe"],
      env: this.env,
    });
  }

  /** Stores a secret that only the user can know; it goes through standard input. */
  async setSecret(name: string, value: string): Promise<void> {
    const program = spawn(process.execPath, [PROGRAM, "secret", "set", this.file, name], {
      stdio: ["pipe", "ignore", "inherit"],
      env: this.env,
    });
    program.stdin.end(value);
    const [code] = await once(program, "exit");
    if (code !== 0) throw new Error(`${name} was not stored`);
  }

  /**
   * Starts a command and kills it without warning as soon as a line of its progress matches.
   * @throws Error with its progress when no line did before it ended
   */
  async killAt(line: RegExp, command: string, ...more: readonly string[]): Promise<void> {
    const program = this.start(command, ...more);
    program.stdout.resume();
    const progress: string[] = [];
    let killed = false;
    for await (const printed of createInterface({ input: program.stderr })) {
      progress.push(printed);
      if (killed || !line.test(printed)) continue;
      killed = program.kill("SIGKILL");
    }
    if (program.exitCode === null && program.signalCode === null) await once(program, "exit");
    if (!killed) throw new Error(`harborwright ${command} ended before ${line}\n${progress.join("\n")}`);
  }

  /** The CA's certificate, PEM. */
  ca(): Promise<string> {
    return readFile(join(this.stateFolder, "ca.crt"), "utf8");
  }

  /** Removes the hosts, their data and the folder. */
  async remove(): Promise<void> {
    await this.run("down", "--yes", "--delete-data");
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function everything(stream: Readable): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
