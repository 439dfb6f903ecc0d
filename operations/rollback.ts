import type { Plan } from "../cluster/plan.js";
import type { OnProgress } from "../cluster/progress.js";
import { planRollback, rollback } from "../cluster/rollback.js";
import { operator, withCluster } from "./open-cluster.js";
import type { Workspace } from "./workspace.js";

export interface RollBackOptions {
  /** Shows the plan and throws when it is not wanted. */
  readonly agree: (plan: Plan) => Promise<void>;
  readonly onProgress: OnProgress;
}

/** Takes every node to the release it ran before, one at a time, with the same gates as `up`. */
export async function rollBack(workspace: Workspace, { agree, onProgress }: RollBackOptions): Promise<void> {
  const command = `harborwright rollback ${workspace.environment.environment}`;
  await withCluster(workspace, async (cluster) => {
    await agree(await planRollback(cluster));
    await rollback(cluster, { operator: operator(command), onProgress });
  });
}
