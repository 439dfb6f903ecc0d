import { planReleases } from "../cluster/apply.js";
import type { Plan } from "../cluster/plan.js";
import { closedGate } from "../hosts/gate.js";
import type { Progress } from "../supply/progress.js";
import { withCluster } from "./open-cluster.js";
import { prepare } from "./releases.js";
import type { Workspace } from "./workspace.js";

/** Compares every host with what the environment file wants; changes nothing anywhere. */
export async function plan(workspace: Workspace, progress: Progress): Promise<Plan> {
  const { releases } = await prepare(workspace, progress);
  return withCluster(workspace, (cluster) => planReleases(cluster, releases), closedGate());
}
