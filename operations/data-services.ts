import type { Probe } from "../cluster/apply.js";
import type { Cluster, Operator } from "../cluster/cluster.js";
import { journalled } from "../cluster/journal.js";
import { during, type OnProgress, type Step } from "../cluster/progress.js";
import { dataCluster, dataPlaces } from "../dataservices/cluster.js";
import { ensureDataServices } from "../dataservices/ensure.js";
import { type DataServicesHealth, dataServicesHealth } from "../dataservices/health.js";
import { planDataServices, planNewDataNode } from "../dataservices/plan.js";
import type { DataEvent, DataStep, OnDataEvent } from "../dataservices/progress.js";
import { removeDataServices } from "../dataservices/remove.js";
import { assertOthersWell } from "../dataservices/roll.js";
import { removeSecondLogin } from "../dataservices/second-login.js";
import type { Host } from "../hosts/host.js";
import type { DataServicesContext } from "../release/data-context.js";
import { renderDataServices } from "../release/data-services.js";
import { sha256 } from "../release/digest.js";
import { dataServicesContext, dataServicesPlaces } from "../release/own-data-services.js";
import { dataSecrets } from "../secrets/data-secrets.js";
import type { SecretStore } from "../secrets/store.js";
import type { DataNodePlan } from "../spec/data-plan.js";
import { dataProbes } from "./data-probes.js";
import { onlySite, type Workspace } from "./workspace.js";

/**
 * What data base and Redis on the nodes are made from.
 * @param store - holds their secrets: `prepare` has seen to it
 * @returns undefined when the nodes carry none
 */
export function ownDataServices(workspace: Workspace, store: SecretStore): DataServicesContext | undefined {
  const { environment, inventory } = workspace;
  const places = dataServicesPlaces(environment, onlySite(workspace));
  const secrets = dataSecrets(environment, inventory, store);
  return places === undefined || secrets === undefined ? undefined : dataServicesContext(places, secrets);
}

/** What work on a cluster does for its data services: their part of the preflight, and bringing them up before a node changes. */
export interface DataServicesWork {
  readonly probes: readonly Probe[];
  readonly before?: (hosts: readonly Host[]) => Promise<void>;
}

/**
 * @param reach - hosts that are spoken to besides those that take part: a machine that is made anew joins the others.
 * @default - none
 */
export function dataServicesWork(
  workspace: Workspace,
  store: SecretStore,
  { operator, onProgress, reach = [] }: { operator: Operator; onProgress: OnProgress; reach?: readonly Host[] },
): DataServicesWork {
  const context = ownDataServices(workspace, store);
  if (context === undefined) return { probes: [] };
  const release = sha256(JSON.stringify(renderDataServices(context).map(({ units }) => units))).slice(0, 16);
  return {
    probes: dataProbes(context),
    before: async (hosts) => {
      const all = [...new Map([...reach, ...hosts].map((host) => [host.node.name, host])).values()];
      const kept = all.map((host) => journalling(host, release, operator));
      await ensureDataServices(dataCluster(context, kept), shownBy(onProgress));
    },
  };
}

/** What would change of the data services of hosts; undefined when they carry none. Asks the hosts, changes nothing. */
export async function planOwnDataServices(
  workspace: Workspace,
  store: SecretStore,
  hosts: readonly Host[],
): Promise<readonly DataNodePlan[] | undefined> {
  const context = ownDataServices(workspace, store);
  if (context === undefined) return undefined;
  const known = await planDataServices(dataCluster(context, hosts));
  const asked = new Set(hosts.map(({ node }) => node.name));
  const fresh = renderDataServices(context).filter(({ node }) => !asked.has(node));
  const plans = [...known, ...fresh.map(planNewDataNode)];
  return context.nodes.flatMap(({ name }) => plans.filter(({ node }) => node === name));
}

/** How the data services are; undefined when the nodes carry none. */
export async function ownDataServicesHealth({
  environment,
  site,
  hosts,
}: Pick<Cluster, "environment" | "site" | "hosts">): Promise<DataServicesHealth | undefined> {
  const places = dataServicesPlaces(environment, site);
  return places === undefined ? undefined : dataServicesHealth(dataPlaces(places, hosts));
}

/**
 * Sees to it that the data services survive while a node is away.
 * @throws Problem `data-services/not-well`
 */
export async function assertDataServicesSurvive(
  { environment, site, hosts }: Pick<Cluster, "environment" | "site" | "hosts">,
  node: string,
): Promise<void> {
  const places = dataServicesPlaces(environment, site);
  if (places !== undefined) await assertOthersWell(dataPlaces(places, hosts), node);
}

/**
 * Ends the data services of hosts and takes away all but their data.
 * @param options.deleteData - takes that away, too
 */
export async function removeOwnDataServices(
  { environment, site }: Pick<Cluster, "environment" | "site">,
  hosts: readonly Host[],
  options: { readonly deleteData: boolean },
): Promise<void> {
  const places = dataServicesPlaces(environment, site);
  if (places !== undefined) await removeDataServices(dataPlaces(places, hosts), options);
}

/** Takes away the login by which Harbor came while its password was being changed. Must be called under the lock. */
export async function removeOwnSecondLogin(
  workspace: Workspace,
  store: SecretStore,
  hosts: readonly Host[],
  { operator, onProgress }: { readonly operator: Operator; readonly onProgress: OnProgress },
): Promise<void> {
  const context = ownDataServices(workspace, store);
  if (context === undefined) return;
  const kept = hosts.map((host) => journalling(host, "none", operator));
  await during(
    onProgress,
    { step: "database" },
    () => removeSecondLogin(dataCluster(context, kept)),
    () => "Harbor's second login is gone",
  );
}

/** A host whose journal is told of each change. */
function journalling(host: Host, release: string, operator: Operator): Host {
  const entry = { step: "data-services", release, operator } as const;
  return {
    node: host.node,
    dial: () => host.dial(),
    read: (script, options) => host.read(script, options),
    stream: (script, options) => host.stream(script, options),
    change: (what, script, options) => host.change(what, journalled(entry, script), options),
    converse: (script, change) => host.converse(script, change),
    close: () => host.close(),
  };
}

/** Steps of the data services by the names under which the progress of a cluster shows them. */
const SHOWN: Readonly<Record<DataStep, Step>> = {
  packages: "packages",
  files: "data-files",
  etcd: "etcd",
  postgresql: "postgresql",
  settings: "patroni",
  database: "database",
  redis: "redis",
  sentinel: "sentinel",
  roll: "data-roll",
  health: "health",
};

/** Shows events of the data services among those of the cluster, with the time that each took. */
export function shownBy(onProgress: OnProgress): OnDataEvent {
  const begun = new Map<string, number>();
  return ({ step, ...event }: DataEvent) => {
    const key = `${step} ${event.node}`;
    if (event.state === "begun") begun.set(key, performance.now());
    const since = begun.get(key);
    const took = event.state === "begun" || since === undefined ? {} : { took: Math.round(performance.now() - since) };
    onProgress({ ...event, ...took, step: SHOWN[step] });
  };
}
