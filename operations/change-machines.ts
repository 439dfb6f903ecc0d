import type { Infrastructure, PlanOptions } from "../infrastructure/infrastructure.js";
import type { InfrastructurePlan, ResourceChange } from "../infrastructure/plan.js";
import { Problem } from "../spec/problem.js";

/** What is done on the hosts while their machines change. */
export interface HostWork {
  /** Something of the site was made or changed: what it tells now is taken, and machines that are new are awaited. */
  readonly settle: () => Promise<void>;
  /** Nodes of the environment file that serve clients now. */
  readonly serving: () => Promise<ReadonlySet<string>>;
  /** Sends clients away from a node, if it serves. */
  readonly drain: (node: string) => Promise<void>;
  /** Waits for the machine of a node, and has the node serve. */
  readonly join: (node: string) => Promise<void>;
  /** Makes all hosts that stay as their releases say; nodes that go are named nowhere after it. */
  readonly roll: () => Promise<void>;
}

export interface MachineChanges {
  readonly infrastructure: Infrastructure;
  /** The plan that was agreed to; the infrastructure made no other one since. */
  readonly agreed: InfrastructurePlan;
  /** Nodes of the environment file: all others go. */
  readonly nodes: readonly string[];
  /** Nodes whose machines are remade though nothing asks for it. @default - none */
  readonly replace?: readonly string[];
  readonly work: HostWork;
  /** Told each resource that is done. */
  readonly onResource?: (line: string) => void;
}

/**
 * Takes a site and its hosts to what the environment file says. Whatever stops no node comes first; machines of nodes
 * change one at a time, each between a drain and a proof that its node serves again; nodes that go are drained last.
 * What is left to do is found out from Terraform and the hosts, so it may be killed anywhere and given again.
 * @throws Problem `infrastructure/more-than-agreed`
 */
export async function changeMachines(changes: MachineChanges): Promise<void> {
  const { agreed, nodes, replace = [], work } = changes;
  const touched = [...new Set(agreed.changes.flatMap(({ node }) => node ?? []))].sort(byNumber);
  if (touched.length === 0) {
    if (!agreed.isEmpty) await changes.infrastructure.apply(changes.onResource);
    await work.settle();
    return work.roll();
  }
  await applyNext(changes, { withoutNodes: true });
  await work.settle();
  const serving = await work.serving();
  // New nodes, and those that a killed command has left, come before one that serves goes away.
  for (const node of nodes) if (!serving.has(node) && !touched.includes(node)) await work.join(node);
  const staying = touched.filter((name) => nodes.includes(name));
  for (const node of [...staying].sort((one, other) => Number(serving.has(one)) - Number(serving.has(other)))) {
    const remade = replace.includes(node) ? { replace: [node] } : {};
    await applyNext(changes, { only: [node], ...remade }, () => work.drain(node));
    // The balancer knows a machine by its id, and shall know the new one before the next node goes away.
    await applyNext(changes, { withoutNodes: true });
    await work.join(node);
  }
  await work.roll();
  const leaving = touched.filter((name) => !nodes.includes(name));
  for (const node of leaving) await applyNext(changes, { only: [node] }, () => work.drain(node));
  if (leaving.length === 0) return;
  await applyNext(changes, { withoutNodes: true });
  await work.settle();
}

/** Plans a part of what was agreed to and carries it out, unless there is nothing left of it. */
async function applyNext(
  { infrastructure, agreed, onResource }: MachineChanges,
  part: PlanOptions,
  before: () => Promise<void> = async () => {},
): Promise<void> {
  const plan = await infrastructure.plan(part);
  if (plan.isEmpty) return;
  refuseMore(plan, agreed);
  await before();
  await infrastructure.apply(onResource);
}

/** The cloud may have changed since the plan was shown: what nobody has seen must not take anything away. */
function refuseMore(plan: InfrastructurePlan, agreed: InfrastructurePlan): void {
  const takesAway = ({ action }: ResourceChange) => action === "delete" || action === "replace";
  const seen = new Set(agreed.changes.filter(takesAway).map(({ address }) => address));
  const more = plan.changes.filter((change) => takesAway(change) && !seen.has(change.address));
  if (more.length === 0) return;
  throw new Problem({
    code: "infrastructure/more-than-agreed",
    says: `${more.map(({ action, path, type }) => `${path} (${type}) would be ${action}d`).join(", ")}, which the plan did not show`,
    instead:
      "something changed in the cloud meanwhile: nothing of this was done; give the same command again and look at its plan",
  });
}

/** node-2 before node-10. */
function byNumber(one: string, other: string): number {
  return one.localeCompare(other, "en", { numeric: true });
}
