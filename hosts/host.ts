import type { Node } from "../spec/inventory.js";

/** What a remote command is given and how long it may take. */
export interface RunOptions {
  /** Text or bytes for its standard input, after the script. Secrets travel here and nowhere else. */
  readonly input?: string | Uint8Array;
  /** Milliseconds until it is given up. @default 30000 */
  readonly timeout?: number;
}

/** A machine behind SSH, as root. The only door to it. */
export interface Host {
  readonly node: Node;
  /**
   * Runs a POSIX shell script that changes nothing, and gives what it printed.
   * @throws Problem `ssh/…` when the host cannot be reached, `host/command-failed` when the script fails
   */
  read(script: string, options?: RunOptions): Promise<string>;
  /**
   * Runs a POSIX shell script that changes the host: the one gate for change. Under `--dry-run` nothing runs and the
   * result is empty.
   * @param what - the change, as the journal and the progress show it: "install 3 files"
   */
  change(what: string, script: string, options?: RunOptions): Promise<string>;
  /** Ends the shared connection. */
  close(): Promise<void>;
}
