import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { $ } from "zx/core";
import type { Node } from "../spec/inventory.js";
import { sshOptions } from "./ssh-options.js";

/** Longest folder for sockets: 104 bytes is all that a socket's path may have on macOS, and ssh adds 20 of its own. */
const LONGEST_FOLDER = 60;

/**
 * The connection that the commands of one host share. The first command gets one of its own, since one is all that
 * many programs send; sharing begins with the second.
 */
export class SharedConnection {
  readonly #node: Node;
  readonly #knownHosts: string;
  #uses = 0;
  #socket: string | undefined;

  constructor(node: Node, knownHosts: string) {
    this.#node = node;
    this.#knownHosts = knownHosts;
  }

  /** The arguments of ssh for the next command. */
  nextOptions(): string[] {
    this.#uses += 1;
    if (this.#uses > 1) this.#socket ??= nextSocket();
    return sshOptions(this.#node, this.#knownHosts, this.#socket);
  }

  /** Ends it, if it ever began. */
  async close(): Promise<void> {
    if (this.#socket === undefined) return;
    const options = sshOptions(this.#node, this.#knownHosts, this.#socket);
    this.#socket = undefined;
    this.#uses = 0;
    await $({ quiet: true, nothrow: true })`ssh -O exit ${options}`;
  }
}

let folder: string | undefined;
let sockets = 0;

/** A path for a socket that nobody else can reach. It goes with this program. */
function nextSocket(): string {
  folder ??= makeFolder();
  sockets += 1;
  return join(folder, `${sockets}`);
}

function makeFolder(): string {
  const parent = tmpdir().length > LONGEST_FOLDER ? "/tmp" : tmpdir();
  const made = mkdtempSync(join(parent, "harborwright-"));
  process.once("exit", () => rmSync(made, { recursive: true, force: true }));
  return made;
}
