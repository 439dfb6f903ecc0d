import type { Host } from "../hosts/host.js";
import { wholeSeconds } from "../spec/duration.js";
import { type ActionKind, outdatedMarks } from "./actions.js";
import {
  type Activation,
  applyKernelSettings,
  enableService,
  makeFront,
  makeRegistry,
  reloadFront,
  startFloatingAddress,
  stopFloatingAddress,
} from "./activation.js";
import type { Cluster, Operator } from "./cluster.js";
import { drainScript, UNDRAIN_SCRIPT } from "./drain-script.js";
import { makeHarbor, migrateDatabase, prepareHarbor } from "./harbor-activation.js";
import { assertOthersHealthy, passGate } from "./health.js";
import type { HostFacts } from "./host-facts.js";
import { type JournalEntry, journalled } from "./journal.js";
import type { HostPlan } from "./plan.js";
import { during, type OnProgress, type Step } from "./progress.js";
import { removeStale, switchRelease } from "./release-files.js";
import type { Wanted } from "./wanted.js";

/** One node that is taken from one release to another. */
export interface NodeRoll {
  readonly cluster: Cluster;
  readonly host: Host;
  /** The other hosts that take part. */
  readonly others: readonly Host[];
  readonly wanted: Wanted;
  readonly facts: HostFacts;
  readonly plan: HostPlan;
  /** Whether it is the first. */
  readonly canary: boolean;
  /** Whether it is the first that brings a new Harbor: then it brings the data base to it. */
  readonly migrates: boolean;
  /** Whether it serves now: then no other may be down while it changes. */
  readonly serves: boolean;
  readonly operator: Operator;
  readonly onProgress: OnProgress;
  /** Brings to the host what the release needs, before anything that runs is touched. */
  readonly bring: (roll: NodeRoll) => Promise<void>;
}

/** Seconds between the end of a drain and SIGKILL, as the compose file has it, and some to spare. */
const STOP_SPARE = 30;

/** Takes a node to its release, part by part, and makes sure that it serves. What need not be done is left out. */
export async function rollNode(roll: NodeRoll): Promise<void> {
  await roll.bring(roll);
  if (roll.serves && roll.others.length > 0) {
    await stepOf(roll, "others", () => assertOthersHealthy(roll.others, roll.host.node.name));
  }
  await drainForNewFront(roll);
  await switchFiles(roll);
  await activate(roll);
  await letClientsBack(roll);
  await stepOf(
    roll,
    "health",
    () => passGate(roll.host, roll.cluster.environment),
    ({ drained }) => (drained === undefined ? "healthy" : "healthy, drained by an operator"),
  );
  await stepOf(roll, "prune", () => prune(roll));
}

/** Tells how a step of a node goes. */
export function stepOf<T>(
  roll: NodeRoll,
  step: Step,
  work: () => Promise<T>,
  note?: (result: T) => string | undefined,
): Promise<T> {
  const about = { step, node: roll.host.node.name, ...(roll.canary ? { canary: true } : {}) };
  return during(roll.onProgress, about, work, note);
}

/** What the journal says of a step. */
export function entryOf(roll: NodeRoll, step: Step): JournalEntry {
  return { step, release: roll.wanted.name, operator: roll.operator };
}

export function has(roll: NodeRoll, ...kinds: ActionKind[]): boolean {
  return roll.plan.actions.some((action) => kinds.includes(action.kind));
}

/** A front that is made anew drops its connections: clients are sent elsewhere first, if there is an elsewhere. */
async function drainForNewFront(roll: NodeRoll): Promise<void> {
  if (!has(roll, "recreate-front") || !roll.serves || roll.others.length === 0 || roll.facts.drained.by) return;
  const script = drainScript("up", roll.cluster);
  await stepOf(roll, "drain", () => roll.host.change("drain", journalled(entryOf(roll, "drain"), script)));
}

async function letClientsBack(roll: NodeRoll): Promise<void> {
  const drained = has(roll, "recreate-front", "end-drain") && roll.facts.drained.by !== "operator";
  if (!drained) return;
  await roll.host.change("end the drain", journalled(entryOf(roll, "drain"), UNDRAIN_SCRIPT));
}

async function switchFiles(roll: NodeRoll): Promise<void> {
  if (!has(roll, "install-files")) return;
  const { host, wanted, plan } = roll;
  const count = plan.files.filter((file) => file.change !== "remove").length;
  await stepOf(
    roll,
    "switch",
    () => switchRelease(host, wanted, plan.files, outdatedMarks(plan.actions), entryOf(roll, "switch")),
    () => `${count} file${count === 1 ? "" : "s"}`,
  );
}

/** What acts, why, and in which order: clients come to a node only when all behind its front is right. */
const ACTIVATIONS: readonly {
  readonly step: Step;
  readonly on: readonly ActionKind[];
  readonly act: (activation: Activation) => Promise<void>;
}[] = [
  { step: "kernel", on: ["apply-kernel-settings"], act: applyKernelSettings },
  { step: "prepare", on: ["prepare-harbor"], act: prepareHarbor },
  { step: "migrate", on: ["migrate-database"], act: migrateDatabase },
  {
    step: "registry",
    on: ["start-registry", "restart-registry"],
    act: (activation) => (activation.wanted.harbor === undefined ? makeRegistry(activation) : makeHarbor(activation)),
  },
  { step: "front", on: ["start-front", "recreate-front"], act: makeFront },
  { step: "front", on: ["reload-front"], act: reloadFront },
  { step: "service", on: ["enable-service"], act: enableService },
  {
    step: "floating-address",
    on: ["start-floating-address", "restart-floating-address"],
    act: startFloatingAddress,
  },
  { step: "floating-address", on: ["stop-floating-address"], act: stopFloatingAddress },
];

async function activate(roll: NodeRoll): Promise<void> {
  const { host, wanted, cluster } = roll;
  const stopTime = (wholeSeconds(cluster.environment.registry.drain) + STOP_SPARE) * 1000;
  for (const { step, on, act } of ACTIVATIONS) {
    const reason = roll.plan.actions.find((action) => on.includes(action.kind));
    if (reason === undefined || (reason.kind === "migrate-database" && !roll.migrates)) continue;
    await stepOf(
      roll,
      step,
      () => act({ host, wanted, entry: entryOf(roll, step), stopTime }),
      () => reason.says,
    );
  }
}

/** The release that all nodes last ran together stays: `rollback` may want it. */
async function prune(roll: NodeRoll): Promise<void> {
  const { host, wanted, facts, plan, cluster } = roll;
  const together = facts.releases.complete?.[host.node.name];
  const keep = {
    count: cluster.environment.hosts.keepReleases,
    names: [wanted.name, ...(together === undefined ? [] : [together])],
  };
  await removeStale(host, plan.files, keep, entryOf(roll, "prune"));
}
