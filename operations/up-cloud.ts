import { join } from "node:path";
import { applyReleases } from "../cluster/apply.js";
import type { Cluster } from "../cluster/cluster.js";
import { drainForMachine } from "../cluster/drain.js";
import { passGate, readHealth, serves } from "../cluster/health.js";
import { during } from "../cluster/progress.js";
import { keptFingerprints } from "../hosts/known-hosts.js";
import { BASTION } from "../hosts/proxy.js";
import type { ResourceChange } from "../infrastructure/plan.js";
import type { Node } from "../spec/inventory.js";
import { Problem } from "../spec/problem.js";
import { OUTPUTS_VARIABLE } from "../stacks/context.js";
import { keepAuthorities } from "./authorities.js";
import { awaitHost } from "./await-host.js";
import { changeMachines, type HostWork } from "./change-machines.js";
import { type Cloud, forgetBastion, keepOutputs, openCloud, refreshed, takeToldKey } from "./cloud.js";
import { assertDataServicesSurvive, dataServicesWork } from "./data-services.js";
import { nodesThatGo } from "./departing.js";
import { refuseHopeless } from "./doctor.js";
import { tellHarbor } from "./harbor-after.js";
import { ensureServices } from "./harbor-services.js";
import { parseOutputs } from "./kept-outputs.js";
import { keepNodeKey } from "./node-key.js";
import { operator, withCluster } from "./open-cluster.js";
import { prepare } from "./releases.js";
import { openSecrets } from "./secret-store.js";
import { cloudProbes } from "./storage-probe.js";
import type { UpOptions } from "./up.js";
import { wholePlan } from "./whole-plan.js";
import { makeStateFolder, onlySite, type Workspace } from "./workspace.js";

/** Makes machines in a cloud and what runs on them as the environment says. */
export async function upCloud(workspace: Workspace, options: UpOptions): Promise<void> {
  await refuseHopeless(workspace);
  let cloud = await openCloud(workspace, options.progress);
  const { replace = [] } = options;
  const agreed = await cloud.infrastructure.plan(replace.length === 0 ? {} : { replace });
  await options.agree(await wholePlan(cloud, agreed, options.progress));
  if (options.dryRun) return;

  // Before any machine sees a key it is safe on the disk: a killed `up` must find the same one again.
  await cloud.store.save();
  if (agreed.changes.some(remakesBastion)) forgetBastion(workspace);
  const work: HostWork = {
    settle: async () => {
      cloud = await refreshed(cloud);
      await settle(cloud, options);
    },
    serving: () => serving(cloud),
    drain: (node) => drain(cloud, node, options),
    join: async (node) => {
      cloud = await refreshed(cloud);
      const isExpected =
        agreed.changes.some((change) => change.node === node) || unmet(cloud.workspace)({ name: node });
      await joinCluster(cloud, node, isExpected ? options : { ...options, patience: { deadline: SILENCE } });
    },
    roll: () => roll(cloud, options),
  };
  await changeMachines({
    infrastructure: cloud.infrastructure,
    agreed,
    nodes: onlySite(workspace).nodes.map(({ name }) => name),
    replace,
    work,
    onResource: (line) => options.progress.note(line),
  });
}

/** The outputs do not tell one bastion from another at the same address; the plan does. */
function remakesBastion({ path, type, action }: ResourceChange): boolean {
  return action === "replace" && path.startsWith(`${BASTION}/`) && /_instance$/.test(type);
}

/**
 * The hosts' half alone, at the end of a deployment that somebody else drives: what the stack tells comes in a variable.
 * @throws Problem `cloud/no-outputs`
 */
export async function upFromDeploy(workspace: Workspace, options: UpOptions): Promise<void> {
  const site = onlySite(workspace).name;
  const told = parseOutputs(process.env[OUTPUTS_VARIABLE] ?? "")?.[site];
  if (told === undefined) {
    throw new Problem({
      code: "cloud/no-outputs",
      says: `${OUTPUTS_VARIABLE} does not say what the stack of ${site} has made`,
      instead: `--from-deploy is for the end of \`cdktf deploy\`, which sets it; otherwise: harborwright up ${workspace.environment.environment}`,
    });
  }
  const known = await keepOutputs(workspace, told);
  const hosts = { workspace: known, store: await openSecrets(known) };
  await settle(hosts, options, () => true);
  await roll(hosts, options);
}

type Hosts = Pick<Cloud, "workspace" | "store">;

type Chosen = (node: Pick<Node, "name">) => boolean;

/** Milliseconds that a machine may be silent which nothing was done to: one that was started again is back by then. */
const SILENCE = 120_000;

/** The key of the bucket is safe before a host sees it, and machines that were never reached answer before one is worked on. */
async function settle({ workspace, store }: Hosts, options: UpOptions, awaited = unmet(workspace)): Promise<void> {
  await takeToldKey(workspace, store);
  await store.save();
  await keepNodeKey(workspace, store);
  await withCluster(workspace, ({ hosts }) =>
    Promise.all(
      hosts
        .filter(({ node }) => awaited(node) && !options.without.includes(node.name))
        .map((host) =>
          options.progress.during(`wait until ${host.node.name} answers`, () => awaitHost(host, options.patience)),
        ),
    ),
  );
}

/** A machine whose host key nobody has seen is new. One that was met and is silent now need not be waited for. */
function unmet(workspace: Workspace): Chosen {
  const knownHosts = join(workspace.stateFolder, "known_hosts");
  const site = onlySite(workspace).name;
  return ({ name }) => keptFingerprints(knownHosts, { name, site }).length === 0;
}

/** One that cannot be asked does not serve. */
async function serving({ workspace }: Hosts): Promise<Set<string>> {
  const health = await withCluster(workspace, ({ hosts }) =>
    Promise.all(hosts.map((host) => readHealth(host).catch(unlessDefect))),
  );
  return new Set(health.flatMap((one) => (one !== undefined && serves(one) ? one.node : [])));
}

function unlessDefect(error: unknown): undefined {
  if (!(error instanceof Problem)) throw error;
}

async function drain({ workspace }: Hosts, node: string, options: UpOptions): Promise<void> {
  const leaving = nodesThatGo(workspace).filter(({ name }) => name === node);
  const site = onlySite(workspace);
  const nodes = [...site.nodes.filter(({ name }) => !options.without.includes(name)), ...leaving];
  const wide = { ...workspace, inventory: { ...workspace.inventory, sites: [{ ...site, nodes }] } };
  await withCluster(wide, async (cluster) => {
    await assertDataServicesSurvive({ ...cluster, site }, node);
    await drainForMachine(cluster, node, working(options));
  });
}

/** Its own release first, for only then it may serve; the other nodes are not looked at, for they all did a moment ago. */
async function joinCluster({ workspace, store }: Hosts, node: string, options: UpOptions): Promise<void> {
  if (options.without.includes(node)) return;
  await settle({ workspace, store }, options, ({ name }) => name === node);
  const others = onlySite(workspace).nodes.flatMap(({ name }) => (name === node ? [] : [name]));
  await roll({ workspace, store }, { ...options, without: others }, false, options.without);
  await withCluster(workspace, async ({ hosts, environment }) => {
    const host = hosts.find((one) => one.node.name === node);
    if (host === undefined) throw new RangeError(`there is no host ${node}`);
    await during(options.onProgress, { step: "health", node }, () => passGate(host, environment));
  });
}

/**
 * @param whole - whether all nodes are there, so that Harbor can be told what only all of them can be told
 * @param unreachable - nodes that cannot even be asked. @default - those that are left out
 */
async function roll(
  { workspace, store }: Hosts,
  options: UpOptions,
  whole = true,
  unreachable = options.without,
): Promise<void> {
  const prepared = await prepare(workspace, options.progress, { store });
  await store.save();
  await makeStateFolder(workspace);
  await keepAuthorities(workspace, prepared.ca);
  await withCluster(workspace, async (cluster: Cluster) => {
    // A machine that was made anew joins the data services of the others, which need not be locked for it.
    const reach = cluster.hosts.filter(({ node }) => !unreachable.includes(node.name));
    const data = dataServicesWork(workspace, store, { ...working(options), reach });
    return applyReleases(cluster, {
      releases: prepared.releases,
      software: prepared.supply,
      ...working(options),
      without: options.without,
      before: ensureServices(workspace, store, options),
      ...data,
      probes: [...(await cloudProbes(workspace, store)), ...data.probes],
      ...(whole ? { after: tellHarbor(workspace, store, options) } : {}),
    });
  });
}

function working({ command, onProgress }: UpOptions) {
  return { operator: operator(command), onProgress };
}
