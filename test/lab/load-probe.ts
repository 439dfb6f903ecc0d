import { setTimeout as pause } from "node:timers/promises";
import { RegistryClient } from "../../operations/registry-client.js";
import { RegistryProblem } from "../../operations/registry-problem.js";
import { sampleImage } from "../../operations/sample-image.js";
import { assertOwnMachine, type LoadTarget } from "./load-target.js";

/** What the probes of one kind met. Milliseconds. */
export interface Stalls {
  readonly count: number;
  /** Those that did not succeed within all their tries, with the last reason. */
  readonly failures: readonly string[];
  /** Those that needed more than one try. */
  readonly retried: number;
  /** The longest that one probe took from its beginning to its success or end, pauses and retries included. */
  readonly longest: number;
  /** When the longest began, since the epoch. */
  readonly longestBegan: number;
}

export interface ProbeReport {
  readonly pulls: Stalls;
  readonly pushes: Stalls;
}

export interface ProbeOptions {
  /** Milliseconds between the beginnings of two probes. @default 50 */
  readonly every?: number;
  /** Each so-many-th probe is a push, the others pull. @default 10 */
  readonly pushEvery?: number;
  /** Milliseconds after which no more begin. @default 600000 */
  readonly mostTime?: number;
}

const REPOSITORY = "load/probe";
/**
 * A client tries five times, as Docker and containerd do, but again much sooner than they: so the time it takes shows the
 * stall and not its own patience. Milliseconds; each pause is twice as long as the one before.
 */
const TRIES = 5;
const FIRST_PAUSE = 100;
/** Milliseconds that one request may take: more than any stall that we accept, so that it is measured whole. */
const TIMEOUT = 20_000;

interface Probed {
  readonly action: "pull" | "push";
  readonly began: number;
  readonly took: number;
  readonly tries: number;
  readonly error?: string;
}

/**
 * A light client that begins a small operation at a steady rate, each on a connection of its own and without waiting for
 * the one before: what a stall costs shows in their times.
 */
export class Probes {
  readonly #target: LoadTarget;
  readonly #options: Required<ProbeOptions>;
  readonly #image = sampleImage("probe", [1024]);
  readonly #probed: Probed[] = [];
  readonly #underWay = new Set<Promise<void>>();
  readonly #timer: NodeJS.Timeout;
  #begun = 0;

  private constructor(target: LoadTarget, options: Required<ProbeOptions>) {
    this.#target = target;
    this.#options = options;
    const until = Date.now() + options.mostTime;
    this.#timer = setInterval(() => {
      if (Date.now() < until) this.#begin();
    }, options.every);
  }

  /** @throws RangeError for an address elsewhere, RegistryProblem when what is to be pulled cannot be pushed */
  static async start(target: LoadTarget, given: ProbeOptions = {}): Promise<Probes> {
    assertOwnMachine(target.address);
    const patient = { ...target, timeout: TIMEOUT, keepAlive: false };
    const { config, layers, manifest } = sampleImage("probe", [1024]);
    const client = new RegistryClient(patient);
    for (const { bytes } of [config, ...layers]) await client.pushBlob(REPOSITORY, bytes);
    await client.pushManifest(REPOSITORY, "probe", manifest.mediaType, manifest.bytes);
    client.close();
    return new Probes(patient, { every: 50, pushEvery: 10, mostTime: 600_000, ...given });
  }

  /** How many have ended so far. */
  get ended(): number {
    return this.#probed.length;
  }

  /** Begins no more, waits for those under way, and tells what they met. */
  async stop(): Promise<ProbeReport> {
    clearInterval(this.#timer);
    await Promise.all(this.#underWay);
    const of = (action: Probed["action"]) => stallsOf(this.#probed.filter((probed) => probed.action === action));
    return { pulls: of("pull"), pushes: of("push") };
  }

  #begin(): void {
    this.#begun += 1;
    const turn = this.#begun;
    const action = turn % this.#options.pushEvery === 0 ? "push" : "pull";
    const probe = this.#probe(action, turn).finally(() => this.#underWay.delete(probe));
    this.#underWay.add(probe);
  }

  async #probe(action: Probed["action"], turn: number): Promise<void> {
    const began = Date.now();
    let error: string | undefined;
    let tries = 0;
    do {
      if (tries > 0) await pause(FIRST_PAUSE * 2 ** (tries - 1));
      tries += 1;
      error = await this.#once(action, turn);
    } while (error !== undefined && tries < TRIES);
    this.#probed.push({ action, began, took: Date.now() - began, tries, ...(error === undefined ? {} : { error }) });
  }

  /** @returns why it failed */
  async #once(action: Probed["action"], turn: number): Promise<string | undefined> {
    const client = new RegistryClient(this.#target);
    try {
      if (action === "pull") await this.#pull(client);
      else await client.pushBlob(REPOSITORY, Buffer.from(`probe ${turn}`));
      return undefined;
    } catch (error) {
      if (error instanceof RegistryProblem) return error.message;
      throw error;
    } finally {
      client.close();
    }
  }

  async #pull(client: RegistryClient): Promise<void> {
    await client.pullManifest(REPOSITORY, this.#image.manifest.digest);
    for (const { digest } of this.#image.layers) await client.pullBlob(REPOSITORY, digest);
  }
}

function stallsOf(probed: readonly Probed[]): Stalls {
  const longest = probed.reduce<Probed | undefined>(
    (most, next) => (next.took > (most?.took ?? -1) ? next : most),
    undefined,
  );
  return {
    count: probed.length,
    failures: probed.flatMap(({ error }) => (error === undefined ? [] : [error])),
    retried: probed.filter(({ tries }) => tries > 1).length,
    longest: longest?.took ?? 0,
    longestBegan: longest?.began ?? 0,
  };
}
