import { $ } from "zx/core";
import { Problem } from "../spec/problem.js";

/** What a command of the engine is given. */
export interface DockerOptions {
  /** Text for its standard input. Secrets travel here: arguments are seen by every user of the machine. */
  readonly input?: string;
}

/** How a command of the engine ended. */
export interface DockerResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `docker` and says how it ended. The program itself finds the engine (`DOCKER_HOST`, its context). */
export async function attemptDocker(args: readonly string[], options: DockerOptions = {}): Promise<DockerResult> {
  const ended = await $({ quiet: true, nothrow: true, input: options.input ?? "" })`docker ${args}`;
  return { exitCode: ended.exitCode, stdout: ended.stdout, stderr: ended.stderr };
}

/**
 * Runs `docker` and gives what it printed.
 * @throws Problem `lab/engine-refused` with what the engine said
 */
export async function docker(args: readonly string[], options: DockerOptions = {}): Promise<string> {
  const ended = await attemptDocker(args, options);
  if (ended.exitCode !== 0) throw engineRefused(args, ended.stderr);
  return ended.stdout.trim();
}

/** Makes a named thing of the engine, unless it is there: an earlier, killed run may still be making it as well. */
export async function createUnlessThere(args: readonly string[], there: () => Promise<boolean>): Promise<void> {
  if (await there()) return;
  const created = await attemptDocker(args);
  if (created.exitCode !== 0 && !(await there())) throw engineRefused(args, created.stderr);
}

/**
 * Runs a shell script as root inside a host, past its network: also a host that is cut off is reached.
 * @throws Problem `lab/engine-refused` when the script fails
 */
export async function inside(container: string, script: string, options: DockerOptions = {}): Promise<string> {
  return docker(execution(container, script), options);
}

/** The arguments that run a shell script inside a host; more arguments become the script's own `$0`, `$1`, … */
export function execution(container: string, script: string): string[] {
  return ["exec", "--interactive", container, "sh", "-euc", script];
}

function engineRefused(args: readonly string[], stderr: string): Problem {
  return new Problem({
    code: "lab/engine-refused",
    says: `the Docker engine did not do: docker ${args.slice(0, 3).join(" ")}`,
    instead: "read what it says, mend it, and type the same command again",
    log: stderr.trim().split("\n").slice(-12),
  });
}
