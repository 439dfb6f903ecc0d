import type { Release } from "../release/release.js";
import type { Problem } from "../spec/problem.js";
import type { Cluster, Operator } from "./cluster.js";
import type { Plan } from "./plan.js";
import type { OnProgress } from "./progress.js";

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
}

/** What was done. */
export interface Applied {
  /** The plan that was carried out; its hosts have no actions when nothing had to change. */
  readonly plan: Plan;
}

export type ApplyReleases = (cluster: Cluster, options: ApplyOptions) => Promise<Applied>;
