import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Plan } from "../cluster/plan.js";
import { carriesDataServices } from "../secrets/data-secrets.js";
import type { Progress } from "../supply/progress.js";
import { keepOutputs, openCloud } from "./cloud.js";
import { inWords } from "./whole-plan.js";
import type { Workspace } from "./workspace.js";

export interface DownCloudOptions {
  /** Delete the bucket with all images, and the key that has encrypted them. */
  readonly deleteData: boolean;
  /** Shows what goes and throws when it is not wanted. */
  readonly agree: (plan: Plan) => Promise<void>;
  readonly progress: Progress;
}

/**
 * Deletes a site from its cloud. Nothing is removed from hosts first: they go as a whole. Without `deleteData` the
 * bucket and its key stay where they are and in Terraform's state, so that the next `up` finds them.
 */
export async function downCloud(workspace: Workspace, options: DownCloudOptions): Promise<void> {
  const { infrastructure, workspace: known } = await openCloud(workspace, options.progress);
  const plan = await infrastructure.plan({ destroy: true, deleteData: options.deleteData });
  const resources = plan.changes;
  const { environment } = workspace.environment;
  if (carriesDataServices(workspace.environment) && !options.deleteData) {
    options.progress.note(
      `Harbor's data base is on the machines and goes with them, while its images stay: harborwright backup ${environment} keeps what belongs to them`,
    );
  }
  await options.agree({
    environment,
    infrastructure: resources.map(inWords),
    resources,
    hosts: [],
    unreachable: [],
  });
  if (!plan.isEmpty) await infrastructure.apply((line) => options.progress.note(line));
  await keepOutputs(known, undefined);
  // Whatever is made next has new keys, the bastion too.
  await rm(join(workspace.stateFolder, "known_hosts"), { force: true });
}
