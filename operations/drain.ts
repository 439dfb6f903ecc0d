import { drain as drainNode, undrain as undrainNode } from "../cluster/drain.js";
import type { OnProgress } from "../cluster/progress.js";
import { assertDataServicesSurvive } from "./data-services.js";
import { nodeNamed, operator, withCluster } from "./open-cluster.js";
import type { Workspace } from "./workspace.js";

/**
 * Takes a node out so that it may be worked on; refused when no other node would be left, and when the data base of the
 * nodes would not survive that its machine stops.
 */
export async function drain(workspace: Workspace, node: string, onProgress: OnProgress): Promise<void> {
  nodeNamed(workspace, node);
  const command = `harborwright drain ${workspace.environment.environment} ${node}`;
  await withCluster(workspace, async (cluster) => {
    await assertDataServicesSurvive(cluster, node);
    await drainNode(cluster, node, { operator: operator(command), onProgress });
  });
}

/** Brings a drained node back and waits until it serves. */
export async function undrain(workspace: Workspace, node: string, onProgress: OnProgress): Promise<void> {
  nodeNamed(workspace, node);
  const command = `harborwright undrain ${workspace.environment.environment} ${node}`;
  await withCluster(workspace, (cluster) => undrainNode(cluster, node, { operator: operator(command), onProgress }));
}
