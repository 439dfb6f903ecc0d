import type { Readable } from "node:stream";
import type { Node } from "../spec/inventory.js";

/** What a remote command is given and how long it may take. */
export interface RunOptions {
  /** Text or bytes for its standard input, after the script. Secrets travel here and nowhere else. */
  readonly input?: string | Uint8Array | Readable;
  /** Milliseconds until it is given up, on the host too. @default 30000 */
  readonly timeout?: number;
}

/** A script that runs on until it is ended, and is spoken to: the lease of the lock, a log that is followed. */
export interface Conversation {
  /**
   * The lines it prints, as they come. Ends with the script.
   * @throws Problem as {@link Host.read} does, when the script or its connection fails
   */
  readonly lines: AsyncIterable<string>;
  /** Sends a line to its standard input. Nothing happens once it has ended. */
  say(line: string): void;
  /** Closes its standard input, ends it, and waits until it is gone. */
  end(): Promise<void>;
}

/** A machine behind SSH, as root. The only door to it. */
export interface Host {
  readonly node: Node;
  /**
   * Begins to connect, so that the first command need not wait for the handshake: it costs a tenth of a second and
   * more. Shows no failure; the command does.
   */
  dial(): void;
  /**
   * Runs a POSIX shell script that changes nothing, and gives what it printed.
   * @throws Problem `ssh/…` when the host cannot be reached, `host/command-failed` when the script fails
   */
  read(script: string, options?: RunOptions): Promise<string>;
  /**
   * The same for what is too much to hold: gives what the script prints as it comes. It is whole only when it ends
   * without an error.
   * @throws Problem as {@link Host.read} does, after the last bytes
   */
  stream(script: string, options?: RunOptions): AsyncIterable<Uint8Array>;
  /**
   * Runs a POSIX shell script that changes the host: the one gate for change. Under `--dry-run` nothing runs and the
   * result is empty.
   * @param what - the change, as the journal and the progress show it: "install 3 files"
   */
  change(what: string, script: string, options?: RunOptions): Promise<string>;
  /**
   * Starts a script with a connection of its own, which lasts until it ends.
   * @param change - what it changes on the host; it passes the gate then. @default - nothing
   * @throws Problem `host/dry-run` when the gate is closed for the change
   */
  converse(script: string, change?: string): Conversation;
  /** Ends the shared connection. */
  close(): Promise<void>;
}
