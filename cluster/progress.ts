/** The steps of work on a cluster, in the order in which they come. */
export const STEPS = [
  "lock",
  "preflight",
  "packages",
  "data-files",
  "etcd",
  "postgresql",
  "patroni",
  "database",
  "redis",
  "sentinel",
  "data-roll",
  "data-services",
  "facts",
  "others",
  "runtime",
  "images",
  "stage",
  "drain",
  "switch",
  "kernel",
  "prepare",
  "migrate",
  "service",
  "registry",
  "front",
  "floating-address",
  "health",
  "prune",
  "record",
  "agreement",
  "settings",
  "schedules",
  "blobs",
  "dump",
  "fill",
  "stop",
  "swap",
  "remove",
] as const;
export type Step = (typeof STEPS)[number];

/** One thing that happened during work on a cluster. */
export interface ProgressEvent {
  readonly step: Step;
  /** moving: bytes travel; skipped: there was nothing to do. */
  readonly state: "begun" | "moving" | "done" | "skipped" | "failed";
  /** The node it happened on. @default - all of them */
  readonly node?: string;
  /** Whether the node is the first that changes. */
  readonly canary?: boolean;
  /** What came out, in a few words: "14 files", "healthy in 3.1 s", "held by ops@laptop". */
  readonly note?: string;
  /** Bytes of an image or a program that have been sent so far. */
  readonly bytes?: { readonly sent: number; readonly total: number };
  /** Milliseconds from begun to done. */
  readonly took?: number;
}

/** Told each event as it happens. It must not throw. */
export type OnProgress = (event: ProgressEvent) => void;

/**
 * Tells how a step goes, and lets its result or its failure through.
 * @param note - what came out, for the last event. @default - nothing is said
 */
export async function during<T>(
  onProgress: OnProgress,
  about: Pick<ProgressEvent, "step" | "node" | "canary">,
  work: () => Promise<T>,
  note: (result: T) => string | undefined = () => undefined,
): Promise<T> {
  const begun = performance.now();
  const took = () => Math.round(performance.now() - begun);
  onProgress({ ...about, state: "begun" });
  try {
    const result = await work();
    const said = note(result);
    onProgress({ ...about, state: "done", took: took(), ...(said === undefined ? {} : { note: said }) });
    return result;
  } catch (error) {
    onProgress({ ...about, state: "failed", took: took() });
    throw error;
  }
}
