import { access } from "node:fs/promises";
import { join } from "node:path";
import { planReleases } from "../cluster/apply.js";
import { planNewHosts } from "../cluster/new-host.js";
import type { Plan } from "../cluster/plan.js";
import { closedGate } from "../hosts/gate.js";
import type { Release } from "../release/release.js";
import type { Progress } from "../supply/progress.js";
import { isLocal } from "./lab.js";
import { withCluster } from "./open-cluster.js";
import { prepare } from "./releases.js";
import { onlySite, type Workspace } from "./workspace.js";

/** Compares every host with what the environment file wants; changes nothing anywhere. */
export async function plan(workspace: Workspace, progress: Progress): Promise<Plan> {
  return planOf(workspace, (await prepare(workspace, progress)).releases);
}

/** The plan for releases that are rendered already. Hosts on this machine that were never made are not asked. */
export async function planOf(workspace: Workspace, releases: readonly Release[]): Promise<Plan> {
  if (isLocal(workspace) && !(await wereMade(workspace))) return planNewLab(workspace, releases);
  return withCluster(workspace, (cluster) => planReleases(cluster, releases), closedGate());
}

function planNewLab(workspace: Workspace, releases: readonly Release[]): Plan {
  const site = onlySite(workspace);
  const names = site.nodes.map((node) => node.name);
  return {
    ...planNewHosts(workspace.environment.environment, site, releases),
    infrastructure: [`make ${names.join(", ")} and a host for services on this machine`],
  };
}

/** The lab pins the keys of its hosts as soon as they run, and forgets them when they go. */
async function wereMade(workspace: Workspace): Promise<boolean> {
  return access(join(workspace.stateFolder, "known_hosts")).then(
    () => true,
    () => false,
  );
}
