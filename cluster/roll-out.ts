import type { Host } from "../hosts/host.js";
import type { Cluster, Operator } from "./cluster.js";
import { readHealth, serves } from "./health.js";
import { recordScript } from "./history.js";
import type { ClusterFacts } from "./host-facts.js";
import { journalled } from "./journal.js";
import { type HostPlan, type Plan, releaseSet } from "./plan.js";
import { during, type OnProgress } from "./progress.js";
import { type NodeRoll, rollNode } from "./roll.js";
import type { Wanted } from "./wanted.js";

/** A plan on its way to the hosts. */
export interface RollOut {
  readonly cluster: Cluster;
  /** The hosts that take part, with the lock held on them. */
  readonly hosts: readonly Host[];
  readonly wanted: readonly Wanted[];
  readonly facts: ClusterFacts;
  readonly plan: Plan;
  readonly operator: Operator;
  readonly onProgress: OnProgress;
  readonly bring: NodeRoll["bring"];
}

/**
 * Takes the nodes to their releases, one at a time, and stops at the first that does not become healthy. Those that do
 * not serve come first: nothing can be lost there, and a serving node is touched only while all others serve.
 */
export async function rollOut(work: RollOut): Promise<void> {
  const waiting = work.plan.hosts.filter((plan) => plan.actions.some(({ kind }) => kind !== "record-release"));
  const serving = waiting.length === 0 ? new Set<string>() : await servingNodes(work.hosts);
  const order = [...waiting].sort((one, other) => Number(serving.has(one.node)) - Number(serving.has(other.node)));
  const migrating = order.find(({ actions }) => actions.some(({ kind }) => kind === "migrate-database"));
  for (const [index, plan] of order.entries()) {
    const place = { canary: index === 0, migrates: plan === migrating, serves: serving.has(plan.node) };
    await rollNode({ ...nodeRoll(work, plan), ...place });
  }
  await record(work);
}

async function servingNodes(hosts: readonly Host[]): Promise<Set<string>> {
  const health = await Promise.all(hosts.map((host) => readHealth(host)));
  return new Set(health.filter(serves).map(({ node }) => node));
}

function nodeRoll(work: RollOut, plan: HostPlan): Omit<NodeRoll, "canary" | "migrates" | "serves"> {
  const { cluster, hosts, operator, onProgress, bring } = work;
  const host = hosts.find((candidate) => candidate.node.name === plan.node);
  const wanted = work.wanted.find((candidate) => candidate.node === plan.node);
  const facts = work.facts.hosts.find((candidate) => candidate.node === plan.node);
  if (host === undefined || wanted === undefined || facts === undefined) {
    throw new RangeError(`the plan for ${plan.node} has no host`);
  }
  const others = hosts.filter((candidate) => candidate !== host);
  return { cluster, host, others, wanted, facts, plan, operator, onProgress, bring };
}

/** Tells every host that all nodes run these releases. Left out while a node is left out. */
async function record({ cluster, hosts, wanted, plan, operator, onProgress }: RollOut): Promise<void> {
  const untold = plan.hosts.filter((host) => host.actions.some(({ kind }) => kind === "record-release"));
  if (untold.length === 0 || hosts.length < cluster.hosts.length) return;
  const set = releaseSet(wanted);
  const told = hosts.filter((host) => untold.some((one) => one.node === host.node.name));
  await during(onProgress, { step: "record" }, () =>
    Promise.all(
      told.map((host) => {
        const entry = { step: "record", release: set[host.node.name] ?? "none", operator } as const;
        return host.change("record the release", journalled(entry, recordScript(set)));
      }),
    ),
  );
}
