import { breakLock, type Holder } from "../cluster/lock.js";
import { operator, withCluster } from "./open-cluster.js";
import type { Workspace } from "./workspace.js";

/** Ends the command that holds the lock. @returns who held it, and where */
export async function unlock(workspace: Workspace): Promise<readonly Holder[]> {
  const command = `harborwright unlock ${workspace.environment.environment}`;
  return withCluster(workspace, (cluster) => breakLock(cluster.hosts, operator(command)));
}
