import type { Host } from "../hosts/host.js";
import { Problem } from "../spec/problem.js";
import type { Cluster, Operator } from "./cluster.js";
import { closeRegistryScript, drainMachineScript, drainScript, drainTimeout, UNDRAIN_SCRIPT } from "./drain-script.js";
import { assertOthersHealthy, type NodeHealth, passGate, readHealth, serves } from "./health.js";
import { journalled } from "./journal.js";
import { during, type OnProgress } from "./progress.js";
import { withLock } from "./with-lock.js";

export interface DrainOptions {
  readonly operator: Operator;
  readonly onProgress: OnProgress;
}

/**
 * Takes a node out so that it may be worked on: clients go elsewhere, then the other fronts ask its registry no more.
 * @throws Problem `drain/last-node` when no other node would be left to serve
 */
export async function drain(cluster: Cluster, node: string, options: DrainOptions): Promise<void> {
  await onNode(cluster, node, options, async (host) => {
    await assertOthersServe(cluster, node);
    const entry = { step: "drain", release: "none", operator: options.operator } as const;
    const script = `${drainScript("operator", cluster)}\n${closeRegistryScript(cluster)}`;
    const timeout = drainTimeout(cluster);
    await during(options.onProgress, { step: "drain", node }, () =>
      host.change("drain", journalled(entry, script), { timeout }),
    );
  });
}

/** Brings a drained node back and waits until it serves. */
export async function undrain(cluster: Cluster, node: string, options: DrainOptions): Promise<void> {
  await onNode(cluster, node, options, async (host) => {
    const entry = { step: "drain", release: "none", operator: options.operator } as const;
    await host.change("end the drain", journalled(entry, UNDRAIN_SCRIPT));
    await during(
      options.onProgress,
      { step: "health", node },
      () => passGate(host, cluster.environment),
      () => "healthy",
    );
  });
}

/**
 * Sends clients away from a node whose machine will stop, if it serves and another is there to take them. The mark is
 * of those that the next `up` takes away, and that no restart of the machine outlives.
 * @returns whether anything had to be done
 * @throws Problem `health/others-unhealthy` when another node does not serve: two would be away then
 */
export async function drainForMachine(cluster: Cluster, node: string, options: DrainOptions): Promise<boolean> {
  const others = cluster.hosts.filter((host) => host.node.name !== node);
  await during(options.onProgress, { step: "others", node }, () => assertOthersHealthy(others, node));
  const [host] = cluster.hosts.filter((one) => one.node.name === node);
  const health = host && (await healthIfReachable(host));
  if (others.length === 0 || health === undefined || !serves(health)) return false;
  await onNode(cluster, node, options, async (locked) => {
    const entry = { step: "drain", release: "none", operator: options.operator } as const;
    const script = journalled(entry, drainMachineScript(cluster));
    const timeout = drainTimeout(cluster);
    await during(options.onProgress, { step: "drain", node }, () => locked.change("drain", script, { timeout }));
  });
  return true;
}

/** The lock of this one host is enough: whoever rolls over the nodes needs it too. */
async function onNode(
  cluster: Cluster,
  node: string,
  { operator, onProgress }: DrainOptions,
  work: (host: Host) => Promise<void>,
): Promise<void> {
  const without = cluster.hosts.map((host) => host.node.name).filter((name) => name !== node);
  await withLock(cluster, { operator, onProgress, without }, async ({ hosts: [host] }) => {
    if (host === undefined) throw new RangeError(`there is no host ${node}`);
    await work(host);
  });
}

async function assertOthersServe(cluster: Cluster, node: string): Promise<void> {
  const others = cluster.hosts.filter((host) => host.node.name !== node);
  const health = await Promise.all(others.map(healthIfReachable));
  if (health.some((one) => one !== undefined && serves(one))) return;
  throw new Problem({
    code: "drain/last-node",
    says: `${node} is the only node that serves`,
    instead: others.length === 0 ? "a cluster of one node cannot be drained" : "bring another node back first",
  });
}

async function healthIfReachable(host: Host): Promise<NodeHealth | undefined> {
  try {
    return await readHealth(host);
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}
