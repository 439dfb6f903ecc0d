import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { connect } from "node:net";

/** How often a condition is looked at, in milliseconds. */
const LOOK_EVERY = 20;

/** Waits until a condition holds. @throws Error when it does not within the time, in milliseconds */
export async function until(what: string, holds: () => boolean | Promise<boolean>, within = 15_000): Promise<void> {
  const end = performance.now() + within;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`waited ${within} ms in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
  }
}

/** Whether something listens. */
export function listens(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, timeout: 1_000 });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
    socket.once("timeout", () => end(false));
  });
}

/** A program that runs until it is stopped; both of its outputs go to a file. */
export class Running {
  readonly #child: ChildProcess;
  readonly #log: string;

  private constructor(child: ChildProcess, log: string) {
    this.#child = child;
    this.#log = log;
  }

  /** Starts a program with no environment but the PATH and what is said here, as in a container. */
  static start(command: readonly string[], log: string, environment: NodeJS.ProcessEnv = {}): Running {
    const [program = "", ...rest] = command;
    const output = openSync(log, "a");
    const child = spawn(program, rest, {
      stdio: ["ignore", output, output],
      env: { PATH: process.env.PATH, ...environment },
    });
    closeSync(output);
    return new Running(child, log);
  }

  /** Whether the program has not ended. */
  get lives(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** What it has said so far. */
  get said(): string {
    return readFileSync(this.#log, "utf8");
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Kills the program, also a stopped one, and waits for its end. */
  async kill(): Promise<void> {
    if (!this.lives) return;
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await ended;
  }

  /** Waits until it listens. @throws Error with what it said when it ends instead */
  async ready(address: string, port: number): Promise<this> {
    await until(`${address}:${port} listens`, async () => {
      if (!this.lives) throw new Error(`the program ended:\n${this.said}`);
      return listens(address, port);
    });
    return this;
  }
}
