import { type ChildProcess, spawn } from "node:child_process";
import { type FileHandle, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { parsedJson } from "../spec/parsed-json.js";
import type { Progress } from "../supply/progress.js";
import type { Terraform } from "../supply/terraform.js";
import type { Diagnostic } from "./diagnostics.js";
import { failure } from "./diagnostics.js";

/** A line that Terraform writes with -json. */
const messageSchema = z.looseObject({ type: z.string().optional() });
export type Message = z.output<typeof messageSchema>;

const diagnosticSchema = z.object({
  diagnostic: z.object({
    severity: z.string(),
    summary: z.string(),
    detail: z.string().default(""),
    address: z.string().optional(),
  }),
});

/** What flock exits with when somebody else holds the lock. */
const HELD = 75;
/** Milliseconds between two looks at what Terraform wrote. */
const LOOK_EVERY = 100;

/** Terraform or OpenTofu at work in one folder. */
export class TerraformProgram {
  constructor(
    readonly terraform: Terraform,
    /** Holds the configuration; readable by its owner only. */
    readonly folder: string,
    private readonly env: Readonly<Record<string, string>>,
    private readonly progress: Progress,
  ) {}

  /**
   * Runs a command that reads.
   * @returns what it writes
   * @throws Problem with what it complains about
   */
  async ask(...words: readonly string[]): Promise<string> {
    const child = this.#start([...words], "pipe", "pipe");
    const [code, stdout, stderr] = await Promise.all([ended(child), collected(child.stdout), collected(child.stderr)]);
    if (code === 0) return stdout;
    throw failure(this.#context(words), readDiagnostics(stdout), `${stderr}\n${stdout}`);
  }

  /**
   * Runs a command that may write to the state. It writes to a file, not to us: when we are killed it goes on to its
   * end, so that nothing is made in the cloud that the state does not know. Whoever comes next waits for it.
   * @param onMessage - told each line of its -json as it comes
   * @throws Problem with what it complains about
   */
  async work(words: readonly string[], onMessage: (message: Message) => void = () => {}): Promise<void> {
    const log = join(this.folder, `${words[0]}-${process.pid}.log`);
    let code = await this.#runInto(log, words, ["--nonblock"], onMessage);
    if (code === HELD) {
      code = await this.progress.during("wait for Terraform of an earlier command, which is still at work", () =>
        this.#runInto(log, words, [], onMessage),
      );
    }
    const text = await readFile(log, "utf8");
    await rm(log, { force: true });
    if (code !== 0) throw failure(this.#context(words), readDiagnostics(text), text);
  }

  async #runInto(
    log: string,
    words: readonly string[],
    wait: readonly string[],
    onMessage: (message: Message) => void,
  ): Promise<number> {
    const file = await open(log, "w+", 0o600);
    try {
      const lock = ["flock", "--no-fork", "--conflict-exit-code", `${HELD}`, ...wait, join(this.folder, "at-work")];
      const child = this.#start(words, file.fd, file.fd, lock);
      const end = ended(child);
      let isOver = false;
      const over = end.then((code) => {
        isOver = true;
        return code;
      });
      const follow = new Follower(file, onMessage);
      while (!isOver) {
        await Promise.race([over, pause()]);
        await follow.read();
      }
      await follow.read();
      return await over;
    } finally {
      await file.close();
    }
  }

  /** State and plans hold what is secret: whatever it writes is for its owner only. */
  #start(
    words: readonly string[],
    stdout: "pipe" | number,
    stderr: "pipe" | number,
    before: readonly string[] = [],
  ): ChildProcess {
    const command = [...before, this.terraform.program, ...words];
    return spawn("sh", ["-c", 'umask 077; exec "$@"', "sh", ...command], {
      cwd: this.folder,
      env: { ...process.env, ...this.env },
      stdio: ["ignore", stdout, stderr],
    });
  }

  #context(words: readonly string[]) {
    return { program: this.terraform.program, folder: this.folder, verb: words[0] ?? "" };
  }
}

/** Reads what is added to a file, line by line. */
class Follower {
  #position = 0;
  #rest = Buffer.alloc(0);

  constructor(
    private readonly file: FileHandle,
    private readonly onMessage: (message: Message) => void,
  ) {}

  async read(): Promise<void> {
    const buffer = Buffer.alloc(1 << 16);
    for (;;) {
      const { bytesRead } = await this.file.read(buffer, 0, buffer.length, this.#position);
      if (bytesRead === 0) return;
      this.#position += bytesRead;
      this.#rest = Buffer.concat([this.#rest, buffer.subarray(0, bytesRead)]);
      const end = this.#rest.lastIndexOf("\n");
      if (end < 0) continue;
      const lines = this.#rest.subarray(0, end).toString("utf8").split("\n");
      this.#rest = this.#rest.subarray(end + 1);
      for (const line of lines) this.#tell(line);
    }
  }

  #tell(line: string): void {
    const message = messageSchema.safeParse(parsedJson(line));
    if (message.success) this.onMessage(message.data);
  }
}

/** What Terraform complains about, from its -json. */
function readDiagnostics(text: string): Diagnostic[] {
  return text.split("\n").flatMap((line) => {
    const parsed = diagnosticSchema.safeParse(parsedJson(line));
    if (!parsed.success || parsed.data.diagnostic.severity !== "error") return [];
    const { summary, detail, address } = parsed.data.diagnostic;
    return [{ summary, detail, ...(address === undefined ? {} : { address }) }];
  });
}

function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
}

async function collected(stream: AsyncIterable<Buffer> | null): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream ?? []) parts.push(part);
  return Buffer.concat(parts).toString("utf8");
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
}
