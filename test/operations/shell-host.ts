import { spawn } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Host } from "../../hosts/host.js";
import type { Node } from "../../spec/inventory.js";
import { Problem } from "../../spec/problem.js";

/** A host whose scripts the shell of this machine runs, with programs of the test's own before those of the system. */
export class ShellHost implements Pick<Host, "node" | "read" | "change"> {
  readonly node: Node;
  /** What was changed, in words. */
  readonly changes: string[] = [];
  readonly folder: string;

  private constructor(name: string, folder: string) {
    const address = "127.0.0.1";
    this.node = { site: "here", name, address, privateAddress: address, ssh: { user: "root", port: 22 } };
    this.folder = folder;
  }

  /** @param programs - their scripts, by name */
  static async make(name: string, programs: Readonly<Record<string, string>> = {}): Promise<ShellHost> {
    const folder = await mkdtemp(join(tmpdir(), "harborwright-host-"));
    for (const [program, script] of Object.entries(programs)) {
      await writeFile(join(folder, program), `#!/bin/sh\n${script}\n`);
      await chmod(join(folder, program), 0o755);
    }
    return new ShellHost(name, folder);
  }

  read(script: string): Promise<string> {
    return this.#run(script);
  }

  change(what: string, script: string): Promise<string> {
    this.changes.push(what);
    return this.#run(script);
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }

  async #run(script: string): Promise<string> {
    const shell = spawn("sh", ["-c", `set -eu\n${script}`], {
      env: { ...process.env, LC_ALL: "C", PATH: `${this.folder}:${process.env.PATH}` },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ended = new Promise<number | null>((resolve) => shell.once("exit", resolve));
    const [printed, complaint, code] = await Promise.all([text(shell.stdout), text(shell.stderr), ended]);
    if (code === 0) return printed;
    throw new Problem({ code: "host/command-failed", says: complaint, instead: `exit code ${code}` });
  }
}
