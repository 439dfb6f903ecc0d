/** The steps by which data services come up, in their order. */
export type DataStep =
  | "packages"
  | "files"
  | "etcd"
  | "postgresql"
  | "settings"
  | "database"
  | "redis"
  | "sentinel"
  | "roll"
  | "health";

/** One thing that happened to the data services. */
export interface DataEvent {
  readonly step: DataStep;
  readonly state: "begun" | "done" | "failed";
  /** @default - all nodes */
  readonly node?: string;
  /** What came out, in a few words. */
  readonly note?: string;
}

/** Told each event as it happens. It must not throw. */
export type OnDataEvent = (event: DataEvent) => void;

/** Tells how a step goes, and lets its result or its failure through. */
export async function step<T>(
  onEvent: OnDataEvent,
  about: Pick<DataEvent, "step" | "node">,
  work: () => Promise<T>,
  note: (result: T) => string | undefined = () => undefined,
): Promise<T> {
  onEvent({ ...about, state: "begun" });
  try {
    const result = await work();
    const said = note(result);
    onEvent({ ...about, state: "done", ...(said === undefined ? {} : { note: said }) });
    return result;
  } catch (error) {
    onEvent({ ...about, state: "failed" });
    throw error;
  }
}
