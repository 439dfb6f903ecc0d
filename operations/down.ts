import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Plan } from "../cluster/plan.js";
import type { OnProgress } from "../cluster/progress.js";
import { removeCluster } from "../cluster/remove.js";
import type { Progress } from "../supply/progress.js";
import { removeOwnDataServices } from "./data-services.js";
import { labOf } from "./lab.js";
import { operator, withCluster } from "./open-cluster.js";
import { cloudSite, isLocal, type Workspace } from "./workspace.js";

export interface DownOptions {
  /** Remove the images as well. */
  readonly deleteData: boolean;
  /** Nodes that are left out because they cannot be reached. */
  readonly without: readonly string[];
  /** Shows what is deleted from a cloud and throws when it is not wanted. Not asked for other hosts. */
  readonly agree: (plan: Plan) => Promise<void>;
  readonly onProgress: OnProgress;
  readonly progress: Progress;
}

/** Removes what `up` made. Hosts on this machine and in a cloud go as a whole; on others only what is ours. */
export async function down(workspace: Workspace, options: DownOptions): Promise<void> {
  const { deleteData, onProgress } = options;
  if (cloudSite(workspace) !== undefined) {
    const { downCloud } = await import("./down-cloud.js");
    return downCloud(workspace, options);
  }
  if (isLocal(workspace)) {
    await labOf(workspace).down({ deleteData }, options.progress);
    // Hosts that are made anew have new keys, and `plan` sees that there are none.
    await rm(join(workspace.stateFolder, "known_hosts"), { force: true });
    return;
  }
  const command = `harborwright down ${workspace.environment.environment}`;
  await withCluster(workspace, (cluster) =>
    removeCluster(cluster, {
      deleteData,
      operator: operator(command),
      without: options.without,
      onProgress,
      before: (hosts) => removeOwnDataServices(cluster, hosts, { deleteData }),
    }),
  );
}
