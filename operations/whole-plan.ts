import { planReleases } from "../cluster/apply.js";
import { planNewHosts } from "../cluster/new-host.js";
import type { Plan, ResourcePlan } from "../cluster/plan.js";
import { closedGate } from "../hosts/gate.js";
import type { InfrastructurePlan } from "../infrastructure/plan.js";
import type { Release } from "../release/release.js";
import type { SecretStore } from "../secrets/store.js";
import type { Progress } from "../supply/progress.js";
import { asked } from "./asked.js";
import { type Cloud, openCloud, takeToldKey } from "./cloud.js";
import { dataPlan } from "./data-plan.js";
import { withCluster } from "./open-cluster.js";
import { withSettings } from "./plan-settings.js";
import { prepare } from "./releases.js";
import { onlySite, type Workspace } from "./workspace.js";

/** Both halves of what would change in an environment of a cloud; nothing is changed. */
export async function planCloud(workspace: Workspace, progress: Progress): Promise<Plan> {
  const cloud = await openCloud(workspace, progress);
  return wholePlan(cloud, await cloud.infrastructure.plan(), progress);
}

/** The plan for the hosts that goes with a plan for their machines. */
export async function wholePlan(cloud: Cloud, infrastructure: InfrastructurePlan, progress: Progress): Promise<Plan> {
  const { workspace, store } = cloud;
  await takeToldKey(workspace, store);
  const resources = infrastructure.changes;
  const storageKeyChanges = resources.some(makesStorageKey);
  const { releases, asks } = await prepare(workspace, progress, { store, forHosts: false, storageKeyChanges });
  return withSettings(workspace, store, {
    ...(await planHosts(workspace, infrastructure, releases, store)),
    infrastructure: resources.map(inWords),
    resources,
    ...asked(asks),
  });
}

/** The newest key is the one that is told: every registry gets it. */
function makesStorageKey({ type, action }: ResourcePlan): boolean {
  return type === "alicloud_ram_access_key" && (action === "create" || action === "replace");
}

const VERBS = { create: "make", update: "change", replace: "replace", delete: "delete" } as const;

/** A change of a resource as one line. */
export function inWords(change: ResourcePlan): string {
  const which = change.arguments.length === 0 ? "" : `: ${change.arguments.join(", ")}`;
  const stops = change.node === undefined ? "" : ` (the machine of ${change.node} stops for it)`;
  return `${VERBS[change.action]} ${change.path} ${change.type}${which}${stops}`;
}

/** Machines that are there are asked; those that are not, or will be remade, get all that a new host gets. */
async function planHosts(
  workspace: Workspace,
  infrastructure: InfrastructurePlan,
  releases: readonly Release[],
  store: SecretStore,
): Promise<Plan> {
  const site = onlySite(workspace);
  const { environment } = workspace.environment;
  const there = nodesThere(workspace, infrastructure);
  const newNodes = site.nodes.filter(({ name }) => !there.has(name));
  const fresh = planNewHosts(environment, { ...site, nodes: newNodes }, releases, "missing");
  if (there.size === 0) return { ...fresh, ...(await dataPlan(workspace, store, [])) };
  const known = await withCluster(
    workspace,
    async (cluster) => {
      const hosts = cluster.hosts.filter((host) => there.has(host.node.name));
      for (const host of hosts) host.dial();
      const [plan, data] = await Promise.all([
        planReleases({ ...cluster, hosts }, releases),
        dataPlan(workspace, store, hosts),
      ]);
      return { ...plan, ...data };
    },
    closedGate(),
  );
  const order = (node: string) => site.nodes.findIndex(({ name }) => name === node);
  const hosts = [...known.hosts, ...fresh.hosts].sort((one, other) => order(one.node) - order(other.node));
  return { ...known, environment, hosts };
}

function nodesThere(workspace: Workspace, { changes }: InfrastructurePlan): Set<string> {
  const site = onlySite(workspace);
  const made = workspace.outputs?.[site.name]?.nodes ?? {};
  const remade = changes.filter(({ action }) => action === "replace" || action === "delete").map(({ node }) => node);
  return new Set(site.nodes.map(({ name }) => name).filter((name) => name in made && !remade.includes(name)));
}
