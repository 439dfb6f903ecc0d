/** What changes of data base and Redis on one node that carries them. */
export interface DataNodePlan {
  readonly node: string;
  readonly files: readonly {
    readonly path: string;
    readonly change: "add" | "change";
    /** Whether it holds a secret: what changes in it is not shown. */
    readonly sensitive: boolean;
  }[];
  /** What will be done, in words: "restart Redis". */
  readonly actions: readonly string[];
}

/** Whether there is nothing to be done. */
export function dataServicesStay(plans: readonly DataNodePlan[] | undefined): boolean {
  return (plans ?? []).every(({ files, actions }) => files.length === 0 && actions.length === 0);
}
