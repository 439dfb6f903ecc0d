import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { RegistryClient } from "../../operations/registry-client.js";
import { sampleImage } from "../../operations/sample-image.js";
import { type Failure, type Fault, failureOf, type Operation } from "./load-failure.js";
import { Skopeo } from "./load-skopeo.js";
import { assertOwnMachine, type LoadTarget } from "./load-target.js";

export interface LoadOptions {
  /** @default "load/app" */
  readonly repository?: string;
  /** Workers that push, each a new image every time. @default 2 */
  readonly pushers?: number;
  /** Workers that pull what was pushed. @default 2 */
  readonly pullers?: number;
  /** Bytes of each layer of an image. @default [8 KiB, 256 KiB, 2 MiB] */
  readonly layerSizes?: readonly number[];
  /** Skopeo's own retries. @default 3 */
  readonly retries?: number;
  /** Decides what the layers hold. @default "load" */
  readonly seed?: string;
  /** Most operations in all. @default 5000 */
  readonly mostOperations?: number;
  /** Milliseconds after which the load ends by itself. @default 600000 */
  readonly mostTime?: number;
}

/** What came of a load. */
export interface LoadReport {
  readonly pushes: number;
  readonly pulls: number;
  readonly failures: readonly Failure[];
  /** The operation that took longest, failed ones and retries included. */
  readonly slowest: Operation;
  /** Pushed tags that could not be pulled at the end, or came with another digest, each with the reason. */
  readonly lost: readonly string[];
  readonly faults: readonly Fault[];
}

const DEFAULTS = {
  repository: "load/app",
  pushers: 2,
  pullers: 2,
  layerSizes: [8 * 1024, 256 * 1024, 2 * 1024 ** 2],
  retries: 3,
  seed: "load",
  mostOperations: 5_000,
  mostTime: 600_000,
} as const satisfies Required<LoadOptions>;

/** How many images are checked at the same time at the end. */
const CHECKERS = 4;
/** A worker that fails at once would otherwise do nothing but fail. */
const PAUSE_AFTER_FAILURE = 200;

/** An image that the registry said it has. */
interface Pushed {
  readonly tag: string;
  readonly digest: string;
}

/** Pushes and pulls that go on until they are stopped. */
export class Load {
  readonly #target: LoadTarget;
  readonly #options: Required<LoadOptions>;
  readonly #folder: string;
  readonly #skopeo: Skopeo;
  readonly #operations: Operation[] = [];
  readonly #pushed: Pushed[] = [];
  readonly #faults: Fault[] = [];
  readonly #until: number;
  #stopped = false;
  #workers: Promise<void>[] = [];

  private constructor(target: LoadTarget, options: Required<LoadOptions>, folder: string, skopeo: Skopeo) {
    this.#target = target;
    this.#options = options;
    this.#folder = folder;
    this.#skopeo = skopeo;
    this.#until = Date.now() + options.mostTime;
  }

  /**
   * Begins to push and pull through an address on this machine. It returns when the first image is pushed, so that there
   * is something to pull.
   * @throws RangeError for an address elsewhere, Error when the first push fails
   */
  static async start(target: LoadTarget, given: LoadOptions = {}): Promise<Load> {
    assertOwnMachine(target.address);
    const options = { ...DEFAULTS, ...given };
    const folder = await mkdtemp(join(tmpdir(), "load-"));
    try {
      const load = new Load(target, options, folder, await Skopeo.at(target, folder, options.retries));
      await load.#begin();
      return load;
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Breaks or mends something; failures of operations that are under way meanwhile are told apart by it. */
  async during(what: string, fault: () => Promise<void>): Promise<void> {
    const from = Date.now();
    await fault();
    this.#faults.push({ what, from, to: Date.now() });
  }

  /** Operations that have ended so far: to wait for some more of them before and after a fault. */
  get operations(): readonly Operation[] {
    return this.#operations;
  }

  /** Lets the operations under way end, then pulls every image that was pushed and compares digests. */
  async stop(): Promise<LoadReport> {
    this.#stopped = true;
    try {
      await Promise.all(this.#workers);
      return this.#report(await this.#check());
    } finally {
      await rm(this.#folder, { recursive: true, force: true });
    }
  }

  async #begin(): Promise<void> {
    await this.#push("first");
    const [first] = this.#operations;
    if (first?.error !== undefined) throw new Error(`the first push failed: ${first.error}`);
    const { pushers, pullers } = this.#options;
    this.#workers = [
      ...Array.from({ length: pushers }, (_, worker) => this.#repeat((turn) => this.#push(`w${worker}-${turn}`))),
      ...Array.from({ length: pullers }, (_, worker) => this.#repeat((turn) => this.#pull(worker, turn))),
    ];
  }

  async #repeat(work: (turn: number) => Promise<boolean>): Promise<void> {
    for (let turn = 0; this.#goesOn(); turn += 1) {
      if (!(await work(turn))) await pause(PAUSE_AFTER_FAILURE);
    }
  }

  #goesOn(): boolean {
    return !this.#stopped && Date.now() < this.#until && this.#operations.length < this.#options.mostOperations;
  }

  async #push(tag: string): Promise<boolean> {
    const { seed, layerSizes, repository } = this.#options;
    const image = sampleImage(`${seed} ${tag}`, layerSizes);
    const { digest } = image.manifest;
    const succeeded = await this.#time({ action: "push", tag, digest }, () =>
      this.#skopeo.push(image, `${repository}:${tag}`),
    );
    if (succeeded) this.#pushed.push({ tag, digest });
    return succeeded;
  }

  /** Walks through what was pushed so far, each worker in another stride. */
  async #pull(worker: number, turn: number): Promise<boolean> {
    const image = this.#pushed[(turn * (2 * worker + 1)) % this.#pushed.length];
    if (image === undefined) throw new RangeError("workers begin after the first push");
    return this.#time({ action: "pull", ...image }, async () => {
      const digest = await this.#skopeo.pull(`${this.#options.repository}:${image.tag}`, `${worker}-${turn}`);
      if (digest !== image.digest) throw new Error(`wrong digest: ${digest}, pushed as ${image.digest}`);
    });
  }

  async #time(about: Pick<Operation, "action" | "tag" | "digest">, work: () => Promise<void>): Promise<boolean> {
    const began = Date.now();
    const error = await work().then(() => undefined, wordsOf);
    this.#operations.push({ ...about, began, ended: Date.now(), ...(error === undefined ? {} : { error }) });
    return error === undefined;
  }

  async #check(): Promise<string[]> {
    const waiting = [...this.#pushed];
    const lost: string[] = [];
    const client = new RegistryClient(this.#target);
    const checker = async () => {
      for (let image = waiting.pop(); image !== undefined; image = waiting.pop()) {
        const { tag, digest } = image;
        await pullWhole(client, this.#options.repository, image).catch((error: unknown) => {
          lost.push(`${tag} (${digest}): ${wordsOf(error)}`);
        });
      }
    };
    await Promise.all(Array.from({ length: CHECKERS }, checker));
    client.close();
    return lost;
  }

  #report(lost: readonly string[]): LoadReport {
    const operations = this.#operations;
    const failures = operations.flatMap((operation) =>
      operation.error === undefined ? [] : [failureOf({ ...operation, error: operation.error }, this.#faults)],
    );
    return {
      pushes: operations.filter(({ action }) => action === "push").length,
      pulls: operations.filter(({ action }) => action === "pull").length,
      failures,
      slowest: operations.reduce((slowest, next) => (lengthOf(next) > lengthOf(slowest) ? next : slowest)),
      lost,
      faults: this.#faults,
    };
  }
}

async function pullWhole(client: RegistryClient, repository: string, { tag, digest }: Pushed): Promise<void> {
  const manifest = await client.pullManifest(repository, tag);
  if (manifest.digest !== digest) throw new Error(`wrong digest: ${manifest.digest}`);
  const { config, layers } = JSON.parse(Buffer.from(manifest.bytes).toString("utf8")) as {
    config: { digest: string };
    layers: { digest: string }[];
  };
  for (const blob of [config, ...layers]) await client.pullBlob(repository, blob.digest);
}

function lengthOf({ began, ended }: Operation): number {
  return ended - began;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
