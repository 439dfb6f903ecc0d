import { Problem } from "../spec/problem.js";
import { nodeNamed } from "./open-cluster.js";
import { type UpOptions, up } from "./up.js";
import { cloudSite, isLocal, type Workspace } from "./workspace.js";

/**
 * Makes the machine of a node anew: it is drained if it still serves, remade, and joins the others again. One that was
 * remade and has not joined when the command ended joins with the next `up`.
 * @throws Problem `replace/not-in-a-cloud`
 */
export async function replaceNode(workspace: Workspace, node: string, options: UpOptions): Promise<void> {
  nodeNamed(workspace, node);
  if (cloudSite(workspace) === undefined) throw notInACloud(workspace, node);
  await up(workspace, { ...options, replace: [node] });
}

function notInACloud(workspace: Workspace, node: string): Problem {
  const { environment } = workspace.environment;
  return new Problem({
    code: "replace/not-in-a-cloud",
    says: `the machine of ${node} is not made by a cloud`,
    instead: isLocal(workspace)
      ? `harborwright lab kill ${environment} ${node} and then up ${environment} make it start anew`
      : `install the machine anew yourself, forget its host key (ssh-keygen -R ${node}.… -f ${workspace.stateFolder}/known_hosts), then harborwright up ${environment}`,
  });
}
