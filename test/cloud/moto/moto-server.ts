import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import * as z from "zod";
import { silentProgress } from "../../../supply/progress.js";
import { pythonTool } from "../../../supply/python-tool.js";

/** Names of things by "service Kind": "ec2 Instance". */
const madeSchema = z.record(z.string(), z.array(z.string()));

/** AWS on this machine, in memory; each server is a cloud of its own. */
export class MotoServer {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #said: readonly string[];
  readonly endpoint: string;

  private constructor(child: ChildProcess, lines: AsyncIterator<string>, said: readonly string[], endpoint: string) {
    this.#child = child;
    this.#lines = lines;
    this.#said = said;
    this.endpoint = endpoint;
  }

  /** @param address - of this machine, at which it is reached. @default "127.0.0.1" */
  static async start(address = "127.0.0.1"): Promise<MotoServer> {
    const { python } = await pythonTool("moto", silentProgress);
    const child = spawn(python, [join(import.meta.dirname, "start.py"), address], {
      stdio: ["pipe", "pipe", "pipe"],
      env: { PATH: process.env.PATH, PYTHONDONTWRITEBYTECODE: "1" },
    });
    const said: string[] = [];
    child.stderr.on("data", (text) => said.push(`${text}`));
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const { value: port, done } = await lines.next();
    if (done) throw new Error(`moto ended:\n${said.join("")}`);
    return new MotoServer(child, lines, said, `http://${address}:${port}`);
  }

  /**
   * What has to be in the environment of a program so that it takes this for AWS: every client of every service asks
   * here, and none can reach the real one.
   */
  get environment(): Record<string, string> {
    return {
      AWS_ENDPOINT_URL: this.endpoint,
      AWS_ACCESS_KEY_ID: "placeholder",
      AWS_SECRET_ACCESS_KEY: "placeholder",
      AWS_EC2_METADATA_DISABLED: "true",
    };
  }

  /** What a site says of its provider besides: no name leads to a bucket on this machine, and no answer gets better. */
  readonly providerArguments = { s3_use_path_style: true, max_retries: 2 };

  /** Names of all that is there and was not in an account without anything, by "service Kind": "ec2 Instance". */
  async made(): Promise<Readonly<Record<string, readonly string[]>>> {
    const answer = this.#lines.next();
    this.#child.stdin?.write("made\n");
    return madeSchema.parse(JSON.parse((await answer).value));
  }

  /** What was asked of it that it does not know. The provider asks again and again, and tells nobody. */
  get unknownActions(): readonly string[] {
    const missing = /NotImplementedError: (.+)/g;
    return [...new Set([...this.#said.join("").matchAll(missing)].map(([, what = ""]) => what))];
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, "exit");
    this.#child.stdin?.end();
    await ended;
  }
}
