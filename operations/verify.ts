import { Problem, type ProblemDetails } from "../spec/problem.js";
import { digestOf, RegistryClient } from "./registry-client.js";
import { RegistryProblem } from "./registry-problem.js";
import type { RegistryAddress } from "./registry-request.js";
import { type SampleImage, sampleImage } from "./sample-image.js";

/** Repository in which trials are made unless another is named, and which they leave empty. */
export const VERIFY_REPOSITORY = "harborwright/verify";

/** A way in: the entry, or one node. */
export interface Door {
  /** `entry`, `published`, or the name of the node. */
  readonly through: string;
  /** Whether it leads to one node alone. */
  readonly node: boolean;
  /** Whether it leads past the network of the hosts. @default false */
  readonly pastNetwork?: boolean;
  readonly address: RegistryAddress;
}

/** What is verified and what it allows. */
export interface VerifyTarget {
  /** The entry first, then each node. */
  readonly doors: readonly Door[];
  /** Name of this run, good for a tag. The same name makes the same images. */
  readonly run: string;
  /** @default {@link VERIFY_REPOSITORY} */
  readonly repository?: string;
  /** What cannot be tried, with the reason. */
  readonly leaveOut: readonly LeftOut[];
}

export type VerifyStep =
  | "reach"
  | "push"
  | "pull-by-tag"
  | "pull-by-digest"
  | "upload-across"
  | "delete"
  | "gone"
  | "agree";

/** A step that is not tried. */
export interface LeftOut {
  readonly step: VerifyStep;
  readonly why: string;
}

/** One thing that was tried. */
export interface VerifyResult {
  /** Where it was tried: `entry`, `node-1`, `node-1 → node-2`. */
  readonly through: string;
  readonly step: VerifyStep;
  readonly milliseconds: number;
  readonly ok: boolean;
  readonly problem?: ProblemDetails;
}

/** The stable form of `verify --json`. */
export interface Verification {
  readonly ok: boolean;
  readonly steps: readonly VerifyResult[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * Tries a registry from outside, through its entry and through each node: an image pushed through one way in is pulled by
 * tag and by digest through the next, an upload is begun on one node and finished on another, and all of it is deleted.
 */
export async function verify(target: VerifyTarget): Promise<Verification> {
  const trial = new Trial(target);
  try {
    const open = await trial.reach();
    const pushed = await trial.push(open);
    await trial.pull(open, pushed);
    await trial.uploadAcross(open);
    await trial.remove(pushed);
  } finally {
    trial.close();
  }
  return {
    ok: trial.steps.every((step) => step.ok),
    steps: trial.steps,
    leftOut: [...target.leaveOut, ...trial.outOfReach],
  };
}

/** An open way in. */
interface Open {
  readonly through: string;
  readonly node: boolean;
  readonly pastNetwork?: boolean;
  readonly client: RegistryClient;
}

/** An image that was pushed, and where. */
interface Pushed extends Open {
  readonly tag: string;
  readonly digest: string;
}

class Trial {
  steps: VerifyResult[] = [];
  /** Ways in that nobody could take from here. */
  outOfReach: LeftOut[] = [];
  readonly #doors: readonly Open[];
  readonly #run: string;
  readonly #repository: string;
  readonly #leftOut: ReadonlySet<VerifyStep>;

  constructor({ doors, run, repository = VERIFY_REPOSITORY, leaveOut }: VerifyTarget) {
    this.#run = run;
    this.#repository = repository;
    this.#doors = doors.map(({ address, ...door }) => ({ ...door, client: new RegistryClient(address) }));
    this.#leftOut = new Set(leaveOut.map(({ step }) => step));
  }

  /** A dead node costs one timeout: what cannot be reached is not asked again. */
  async reach(): Promise<Open[]> {
    const reached = await Promise.all(
      this.#doors.map((door) => this.#try(door.through, "reach", () => door.client.ping())),
    );
    const open = this.#doors.filter((_, index) => reached[index]?.ok);
    if (open.some(isPast) && open.every(isPast) && this.steps.every(isSilentOrWell)) {
      this.steps = this.steps.filter(({ ok }) => ok);
      this.outOfReach = [{ step: "reach", why: BEYOND_REACH }];
    }
    return open;
  }

  async push(doors: readonly Open[]): Promise<Pushed[]> {
    if (this.#leftOut.has("push")) return [];
    const pushed: Pushed[] = [];
    for (const door of doors) {
      const image = sampleImage(`${this.#run} ${door.through}`, [64]);
      const tag = `${this.#run}-${door.through}`;
      const { ok } = await this.#try(door.through, "push", () => pushImage(door.client, this.#repository, tag, image));
      if (ok) pushed.push({ ...door, tag, digest: image.manifest.digest });
    }
    return pushed;
  }

  /** Each image is pulled through the way in that follows the one it was pushed through, so that no node answers alone. */
  async pull(doors: readonly Open[], images: readonly Pushed[]): Promise<void> {
    for (const image of images) {
      const next = following(doors, image.through);
      const from = next.through === image.through ? image.through : `${image.through} → ${next.through}`;
      await this.#try(from, "pull-by-tag", () => pullImage(next.client, this.#repository, image.tag, image.digest));
      await this.#try(from, "pull-by-digest", () =>
        pullImage(next.client, this.#repository, image.digest, image.digest),
      );
    }
  }

  /** Works only when all nodes sign the state of uploads with the same secret, over the same storage. */
  async uploadAcross(doors: readonly Open[]): Promise<void> {
    const nodes = doors.filter(({ node }) => node);
    if (this.#leftOut.has("upload-across") || nodes.length < 2) return;
    for (const node of nodes) {
      const next = following(nodes, node.through);
      await this.#try(`${node.through} → ${next.through}`, "upload-across", () =>
        uploadAcross(node.client, next.client, this.#repository, Buffer.from(`${this.#run} begun on ${node.through}`)),
      );
    }
  }

  async remove(images: readonly Pushed[]): Promise<void> {
    if (this.#leftOut.has("delete")) return;
    for (const { through, client, tag, digest } of images) {
      const { ok } = await this.#try(through, "delete", () => client.deleteManifest(this.#repository, digest));
      if (ok) await this.#try(through, "gone", () => expectGone(client, this.#repository, tag));
    }
  }

  close(): void {
    for (const { client } of this.#doors) client.close();
  }

  async #try(through: string, step: VerifyStep, work: () => Promise<unknown>): Promise<VerifyResult> {
    const begun = performance.now();
    const problem = await work().then(
      () => undefined,
      (error: unknown) => {
        if (error instanceof Problem) return error.details;
        throw error;
      },
    );
    const milliseconds = Math.round(performance.now() - begun);
    const result = { through, step, milliseconds, ok: problem === undefined, ...(problem && { problem }) };
    this.steps.push(result);
    return result;
  }
}

const BEYOND_REACH =
  "this machine does not reach the network of the hosts: only the published port is tried, not each node";

function isPast({ pastNetwork }: Open): boolean {
  return pastNetwork === true;
}

function isSilentOrWell({ problem }: VerifyResult): boolean {
  return problem === undefined || ["registry/timeout", "registry/connection"].includes(problem.code);
}

function following(doors: readonly Open[], through: string): Open {
  const index = doors.findIndex((door) => door.through === through);
  const next = doors[(index + 1) % doors.length];
  if (next === undefined) throw new RangeError(`${through} is none of the ways in`);
  return next;
}

async function pushImage(
  client: RegistryClient,
  repository: string,
  tag: string,
  { config, layers, manifest }: SampleImage,
): Promise<void> {
  for (const { bytes } of [config, ...layers]) await client.pushBlob(repository, bytes);
  await client.pushManifest(repository, tag, manifest.mediaType, manifest.bytes);
}

async function pullImage(client: RegistryClient, repository: string, reference: string, digest: string): Promise<void> {
  const manifest = await client.pullManifest(repository, reference);
  if (manifest.digest !== digest) throw pulledAnother(repository, reference, digest, manifest.digest);
  for (const blob of blobsOf(manifest.bytes)) await client.pullBlob(repository, blob);
}

async function uploadAcross(
  first: RegistryClient,
  second: RegistryClient,
  repository: string,
  bytes: Uint8Array,
): Promise<void> {
  const half = Math.floor(bytes.byteLength / 2);
  const begun = await first.patch(await first.startUpload(repository), bytes.subarray(0, half));
  try {
    const continued = await second.patch(begun, bytes.subarray(half), half);
    await first.finish(continued, digestOf(bytes));
  } catch (error) {
    // Whether it can be cleaned up is of less interest than why it failed; the registry purges it in a week.
    await first.cancel(begun).catch(() => undefined);
    throw error;
  }
  await second.pullBlob(repository, digestOf(bytes));
}

/** Digests of config and layers of an image that {@link sampleImage} made. */
function blobsOf(manifest: Uint8Array): string[] {
  const { config, layers } = JSON.parse(Buffer.from(manifest).toString("utf8")) as {
    config: { digest: string };
    layers: { digest: string }[];
  };
  return [config, ...layers].map(({ digest }) => digest);
}

async function expectGone(client: RegistryClient, repository: string, tag: string): Promise<void> {
  try {
    await client.pullManifest(repository, tag);
  } catch (error) {
    if (error instanceof RegistryProblem && error.status === 404) return;
    throw error;
  }
  throw new Problem({
    code: "verify/not-deleted",
    says: `${repository}:${tag} can still be pulled after it was deleted`,
    instead: "something before the registry keeps copies: a proxy or a cache",
  });
}

function pulledAnother(repository: string, reference: string, pushed: string, pulled: string): Problem {
  return new Problem({
    code: "verify/digest-differs",
    says: `${repository}:${reference} was pushed as ${pushed} and pulled as ${pulled}`,
    instead: "the nodes do not use the same storage, or another `verify` runs at this moment",
  });
}
