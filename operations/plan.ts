import { access } from "node:fs/promises";
import { join } from "node:path";
import type { Cluster } from "../cluster/cluster.js";
import type { Plan } from "../cluster/plan.js";
import { closedGate } from "../hosts/gate.js";
import type { Progress } from "../supply/progress.js";
import { asked } from "./asked.js";
import { dataPlan } from "./data-plan.js";
import { withCluster } from "./open-cluster.js";
import { withSettings } from "./plan-settings.js";
import type { Prepared } from "./releases.js";
import { cloudSite, isLocal, onlySite, type Workspace } from "./workspace.js";

/** What the hosts shall get, and what will be asked of a CA before. */
type Wanted = Pick<Prepared, "releases" | "asks" | "store">;

/**
 * Compares every host with what the environment file wants; changes nothing anywhere. The hosts are dialled first: what
 * is still to be loaded and rendered takes as long as their handshakes.
 */
export async function plan(workspace: Workspace, progress: Progress): Promise<Plan> {
  if (cloudSite(workspace) !== undefined) {
    const { planCloud } = await import("./whole-plan.js");
    return planCloud(workspace, progress);
  }
  const prepared = async () => {
    const { prepare } = await import("./releases.js");
    return prepare(workspace, progress, { forHosts: false });
  };
  if (await isNewLab(workspace)) return planNewLab(workspace, await prepared());
  return withCluster(
    workspace,
    async (cluster) => {
      for (const host of cluster.hosts) host.dial();
      return compare(workspace, cluster, await prepared());
    },
    closedGate(),
  );
}

/** The plan for releases that are rendered already. Hosts on this machine that were never made are not asked. */
export async function planOf(workspace: Workspace, wanted: Wanted): Promise<Plan> {
  if (await isNewLab(workspace)) return planNewLab(workspace, wanted);
  return withCluster(workspace, (cluster) => compare(workspace, cluster, wanted), closedGate());
}

async function compare(workspace: Workspace, cluster: Cluster, { releases, asks, store }: Wanted): Promise<Plan> {
  const { planReleases } = await import("../cluster/apply.js");
  const [planned, data] = await Promise.all([
    planReleases(cluster, releases),
    dataPlan(workspace, store, cluster.hosts),
  ]);
  return withSettings(workspace, store, { ...planned, ...data, ...asked(asks) });
}

async function planNewLab(workspace: Workspace, { releases, asks, store }: Wanted): Promise<Plan> {
  const { planNewHosts } = await import("../cluster/new-host.js");
  const site = onlySite(workspace);
  const names = site.nodes.map((node) => node.name);
  return withSettings(workspace, store, {
    ...planNewHosts(workspace.environment.environment, site, releases),
    infrastructure: [`make ${names.join(", ")} and a host for services on this machine`],
    ...(await dataPlan(workspace, store, [])),
    ...asked(asks),
  });
}

/** The lab pins the keys of its hosts as soon as they run, and forgets them when they go. */
async function isNewLab(workspace: Workspace): Promise<boolean> {
  if (!isLocal(workspace)) return false;
  return access(join(workspace.stateFolder, "known_hosts")).then(
    () => false,
    () => true,
  );
}
