import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { Readable, type Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { $, type ProcessPromise } from "zx/core";
import type { Node } from "../spec/inventory.js";
import { Problem } from "../spec/problem.js";
import type { Gate } from "./gate.js";
import type { Conversation, Host, RunOptions } from "./host.js";
import { pinHostKeys } from "./known-hosts.js";
import { exclusive, framed, remoteCommand } from "./remote-shell.js";
import { SharedConnection } from "./shared-connection.js";
import { type Attempt, sshFailure } from "./ssh-failure.js";
import { sshOptions } from "./ssh-options.js";

export interface ConnectOptions {
  /** File of host keys, this environment's own. */
  readonly knownHosts: string;
  /** What changes pass. */
  readonly gate: Gate;
}

const DEFAULT_TIMEOUT = 30_000;
/** Milliseconds that a connection may wait for its first command. */
const DIALLED_FOR = 30_000;
/** Milliseconds that a script gets beyond its own time: connecting, and the host's own killing of it. */
const CONNECTION_TIME = 15_000;
/** Milliseconds that a conversation may take to end by itself. */
const FAREWELL = 3_000;

/** The door to a node's host, through OpenSSH. Nothing is sent before the first command. */
export function connect(node: Node, options: ConnectOptions): Host {
  return new SshHost(node, options);
}

/** A connection that waits for a script. */
interface Dialled {
  readonly ssh: ProcessPromise;
  /** When it began, by `performance.now()`. */
  readonly since: number;
}

class SshHost implements Host {
  readonly node: Node;
  readonly #options: ConnectOptions;
  readonly #connection: SharedConnection;
  #dialled: Dialled | undefined;

  constructor(node: Node, options: ConnectOptions) {
    this.node = node;
    this.#options = options;
    this.#connection = new SharedConnection(node, options.knownHosts);
    if (node.ssh.hostKeys !== undefined) pinHostKeys(options.knownHosts, node, node.ssh.hostKeys);
  }

  dial(): void {
    this.#dialled ??= { ssh: this.#start(DEFAULT_TIMEOUT + DIALLED_FOR), since: performance.now() };
  }

  read(script: string, options: RunOptions = {}): Promise<string> {
    return this.#run("answer", script, options);
  }

  async *stream(script: string, { input, timeout = DEFAULT_TIMEOUT }: RunOptions = {}): AsyncIterable<Uint8Array> {
    const command = remoteCommand(this.node.ssh.user, Math.ceil(timeout / 1000));
    // Not by zx, which keeps all that a program prints.
    const ssh = spawn("ssh", [...this.#connection.nextOptions(), command], { stdio: ["pipe", "pipe", "pipe"] });
    const ended = once(ssh, "close");
    const stderr = text(ssh.stderr);
    ssh.stdin.on("error", () => {});
    ssh.stdin.write(framed(script));
    if (input instanceof Readable) input.pipe(ssh.stdin);
    else ssh.stdin.end(input);
    try {
      yield* ssh.stdout;
    } finally {
      // Whoever stops listening has no use for the rest.
      if (!ssh.stdout.readableEnded) ssh.kill();
    }
    const [code] = await ended;
    if (code === 0) return;
    const end = { code: typeof code === "number" ? code : null, stderr: await stderr, expired: false };
    throw sshFailure(end, this.#attempt("answer", timeout));
  }

  async change(what: string, script: string, options: RunOptions = {}): Promise<string> {
    if (!this.#options.gate.pass({ node: this.node.name, what })) return "";
    return this.#run(what, exclusive(script), options);
  }

  converse(script: string, change?: string): Conversation {
    const { gate, knownHosts } = this.#options;
    if (change !== undefined && !gate.pass({ node: this.node.name, what: change })) throw dryRun(this.node, change);
    const ssh = startSsh(sshOptions(this.node, knownHosts), remoteCommand(this.node.ssh.user));
    ssh.stdin.write(framed(script));
    const attempt = this.#attempt(change ?? "answer", 0);
    return {
      lines: linesOf(ssh, attempt),
      say: (line) => {
        if (ssh.stdin.writable) ssh.stdin.write(`${line}\n`);
      },
      end: () => endConversation(ssh),
    };
  }

  close(): Promise<void> {
    this.#hangUp();
    return this.#connection.close();
  }

  #start(timeout: number): ProcessPromise {
    return startSsh(this.#connection.nextOptions(), remoteCommand(this.node.ssh.user, Math.ceil(timeout / 1000)));
  }

  /** The connection that was dialled, unless it has not the time that a script needs. */
  #takeDialled(timeout: number): ProcessPromise | undefined {
    const dialled = this.#dialled;
    const late = dialled !== undefined && performance.now() - dialled.since > DIALLED_FOR;
    if (late || timeout > DEFAULT_TIMEOUT) this.#hangUp();
    const taken = this.#dialled?.ssh;
    this.#dialled = undefined;
    return taken;
  }

  #hangUp(): void {
    this.#dialled?.ssh.child?.kill();
    this.#dialled = undefined;
  }

  async #run(what: string, script: string, { input, timeout = DEFAULT_TIMEOUT }: RunOptions): Promise<string> {
    const ssh = this.#takeDialled(timeout) ?? this.#start(timeout);
    let expired = false;
    const timer = setTimeout(() => {
      expired = true;
      ssh.child?.kill();
    }, timeout + CONNECTION_TIME);
    const [output] = await Promise.all([ssh, send(ssh, script, input)]).finally(() => clearTimeout(timer));
    if (output.exitCode === 0) return output.stdout;
    throw sshFailure({ code: output.exitCode, stderr: output.stderr, expired }, this.#attempt(what, timeout));
  }

  #attempt(what: string, timeout: number): Attempt {
    return { node: this.node, knownHosts: this.#options.knownHosts, what, timeout };
  }
}

/** With `exec` bash becomes ssh, so that ending our child ends the connection and not a shell in between. */
function startSsh(options: readonly string[], command: string): ProcessPromise {
  const ssh = $({ quiet: true, nothrow: true, prefix: "exec " })`ssh ${options} ${command}`;
  // An ssh that ends before it has read everything says why in its exit code.
  ssh.stdin.on("error", () => {});
  return ssh;
}

async function send(ssh: ProcessPromise, script: string, input: RunOptions["input"]): Promise<void> {
  ssh.stdin.write(framed(script));
  if (input instanceof Readable) await sendStream(ssh, input);
  else ssh.stdin.end(input);
}

/** A source that fails ends the connection, so that the host never takes a part for the whole. */
async function sendStream(ssh: ProcessPromise, input: Readable): Promise<void> {
  let broken: Error | undefined;
  input.once("error", (error) => {
    broken = error;
    ssh.child?.kill();
  });
  await pipeline(input, ssh.stdin as Writable).catch(() => {});
  if (broken !== undefined) throw broken;
}

/** Listens from now on, so that no line is lost before somebody asks for the first. */
function linesOf(ssh: ProcessPromise, attempt: Attempt): AsyncIterable<string> {
  const lines = createInterface({ input: ssh.stdout })[Symbol.asyncIterator]();
  return {
    async *[Symbol.asyncIterator]() {
      for (let next = await lines.next(); next.done !== true; next = await lines.next()) yield next.value;
      const { exitCode, signal, stderr } = await ssh;
      if (exitCode !== 0 && signal === null) throw sshFailure({ code: exitCode, stderr, expired: false }, attempt);
    },
  };
}

async function endConversation(ssh: ProcessPromise): Promise<void> {
  ssh.stdin.end();
  if (ssh.child === undefined || ssh.child.exitCode !== null || ssh.child.signalCode !== null) return;
  const timer = setTimeout(() => ssh.child?.kill(), FAREWELL);
  await once(ssh.child, "close");
  clearTimeout(timer);
}

function dryRun(node: Node, change: string): Problem {
  return new Problem({
    code: "host/dry-run",
    says: `a dry run does not ${change} on ${node.name}`,
    instead: "give the command without --dry-run",
  });
}
