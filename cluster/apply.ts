import type { Host } from "../hosts/host.js";
import type { Release } from "../release/release.js";
import { type Problem, Problems } from "../spec/problem.js";
import { missingImages, missingTools } from "./actions.js";
import type { Cluster, Operator } from "./cluster.js";
import { gatherFacts } from "./facts.js";
import { gatePoints } from "./gate-points.js";
import type { ClusterFacts } from "./host-facts.js";
import { loadImage } from "./images.js";
import { type Plan, planWanted } from "./plan.js";
import { isUnproved, preflight, probeHost } from "./preflight.js";
import { during, type OnProgress } from "./progress.js";
import { stageRelease } from "./release-files.js";
import { entryOf, has, type NodeRoll, stepOf } from "./roll.js";
import { rollOut } from "./roll-out.js";
import { installRuntime } from "./runtime.js";
import { type Wanted, wantedRelease } from "./wanted.js";
import { withLock } from "./with-lock.js";

/** A question asked from inside each host before anything changes: whether the storage can be written, for one. */
export interface Probe {
  /** What is asked, as the progress shows it: "storage writable". */
  readonly what: string;
  /** Name of the node it is asked from. @default - each of them */
  readonly node?: string;
  /** POSIX shell; prints a short answer; fails with the reason on standard error. */
  readonly script: string;
  /** Its standard input; secrets travel here. */
  readonly input?: string;
  /** What to do when it fails. */
  readonly instead: string;
  /** Turns what it wrote to standard error into the problem that is told. @default - that text and `instead` */
  readonly explain?: (reason: string) => Problem;
  /** Problems that pass by themselves: it is asked again for so long. @default - none does */
  readonly passing?: Passing;
}

/** What may be over in a moment. */
export interface Passing {
  /** Codes of problems. */
  readonly codes: readonly string[];
  /** Milliseconds after which they are taken to stay. */
  readonly within: number;
  /** Milliseconds between two tries. @default 2000 */
  readonly every?: number;
}

/** Software that is brought to hosts which lack it. */
export interface Software {
  /** Path of a docker-archive (.tar.gz) that holds an image. @default - the host pulls it by digest */
  archive(reference: string): string | undefined;
  /** Path of Docker's compose plugin, for hosts without one. */
  readonly composePlugin: string;
}

export interface ApplyOptions {
  readonly releases: readonly Release[];
  readonly software: Software;
  readonly probes: readonly Probe[];
  readonly operator: Operator;
  /** Nodes that are left out because they cannot be reached. */
  readonly without: readonly string[];
  readonly onProgress: OnProgress;
  /** What must be there before the first node changes: under the lock, after the preflight, whether or not a node has to change. */
  readonly before?: (hosts: readonly Host[]) => Promise<void>;
  /** What only the nodes as they shall be can be told: under the lock, at the end, whether or not a node had to change. */
  readonly after?: (hosts: readonly Host[]) => Promise<void>;
}

/** What was done. */
export interface Applied {
  /** The plan that was carried out; its hosts have no actions when nothing had to change. */
  readonly plan: Plan;
}

/** Compares the hosts with the releases they shall have, in one round trip each. */
export async function planReleases(cluster: Cluster, releases: readonly Release[]): Promise<Plan> {
  const wanted = releases.map(wantedRelease);
  return planWanted(cluster.environment.environment, wanted, await gatherFacts(cluster.hosts, wanted));
}

/**
 * Makes the hosts as their releases say. What must be done is found out from the hosts under the lock, so it may be
 * killed anywhere and given again.
 * @throws Problem `lock/held`, `ssh/…`, `health/unhealthy`, …; Problems of the preflight
 */
export function applyReleases(cluster: Cluster, options: ApplyOptions): Promise<Applied> {
  const { operator, onProgress, probes } = options;
  return withLock(cluster, options, async ({ hosts }) => {
    const wanted = options.releases.filter(({ node }) => !options.without.includes(node)).map(wantedRelease);
    const facts = await factsOf(hosts, wanted, onProgress);
    await during(
      onProgress,
      { step: "preflight" },
      () => preflight({ cluster, hosts, wanted, facts, probes }),
      (found) => found,
    );
    const plan = planWanted(cluster.environment.environment, wanted, facts);
    const bring = (roll: NodeRoll) => bringRelease(roll, options);
    await options.before?.(hosts);
    await rollOut({ cluster, hosts, wanted, facts, plan, operator, onProgress, bring });
    await options.after?.(hosts);
    return { plan };
  });
}

/** @throws Problems when a host cannot be asked */
export async function factsOf(
  hosts: readonly Host[],
  wanted: readonly Wanted[],
  onProgress: OnProgress,
): Promise<ClusterFacts> {
  const facts = await during(onProgress, { step: "facts" }, () => gatherFacts(hosts, wanted));
  if (facts.unreachable.length > 0) throw new Problems(facts.unreachable.map(({ problem }) => problem));
  return facts;
}

/** Brings what a node lacks: programs, images, the release itself. Nothing that runs is touched. */
async function bringRelease(roll: NodeRoll, { releases, software, probes }: ApplyOptions): Promise<void> {
  const { cluster, host, wanted, facts } = roll;
  if (has(roll, "install-runtime")) {
    const missing = missingTools(wanted, facts).join(", ");
    await stepOf(
      roll,
      "runtime",
      () => installRuntime(host, wanted, facts, software.composePlugin, entryOf(roll, "runtime")),
      () => missing,
    );
    if (isUnproved(facts)) await stepOf(roll, "preflight", () => probeHost(host, probes));
  }
  if (has(roll, "load-image")) await stepOf(roll, "images", () => bringImages(roll, software));
  const release = releases.find(({ node }) => node === host.node.name);
  if (!has(roll, "stage-release") || release === undefined) return;
  const points = gatePoints(cluster, host.node, release);
  await stepOf(
    roll,
    "stage",
    () => stageRelease(host, release, points, entryOf(roll, "stage")),
    () => wanted.name,
  );
}

async function bringImages(roll: NodeRoll, software: Software): Promise<void> {
  const { host, wanted, facts, onProgress } = roll;
  const sent = new Set<string>();
  for (const reference of missingImages(wanted, facts)) {
    const archive = software.archive(reference);
    // One archive may hold many images, as that of Harbor's release does.
    if (archive !== undefined && sent.has(archive)) continue;
    if (archive !== undefined) sent.add(archive);
    const name = wanted.images.find((image) => image.reference === reference)?.name;
    await loadImage(host, reference, archive, entryOf(roll, "images"), (bytes) =>
      onProgress({ step: "images", state: "moving", node: host.node.name, bytes, ...(name ? { note: name } : {}) }),
    );
  }
}
