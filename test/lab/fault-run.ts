import { setTimeout as pause } from "node:timers/promises";
import { Secret } from "../../spec/secret.js";
import type { LabEnvironment } from "./fixture.js";
import { Load, type LoadReport } from "./load.js";
import { type ProbeReport, Probes } from "./load-probe.js";
import type { LoadTarget } from "./load-target.js";

/** Something that is done to a cluster while clients work, and how it is undone. */
export interface Fault {
  readonly name: string;
  readonly strike: (lab: LabEnvironment) => Promise<void>;
  /** Brings everything back. @default - nothing has to be undone */
  readonly undo?: (lab: LabEnvironment) => Promise<void>;
}

/** What clients met during one fault. */
export interface FaultReport {
  readonly name: string;
  /** skopeo with the retries its users have on. */
  readonly load: LoadReport;
  /** Small operations every 50 ms, each on a connection of its own. */
  readonly probes: ProbeReport;
}

const lab =
  (fault: string, node: string) =>
  async (environment: LabEnvironment): Promise<void> => {
    await environment.succeed(`lab ${fault}`, node);
  };

/** Makes `up` roll a change over all nodes that restarts each registry and reloads each front. */
async function roll(environment: LabEnvironment): Promise<void> {
  await environment.edit((content) => ({
    ...content,
    registry: { ...content.registry, catalogEntries: (content.registry.catalogEntries ?? 1000) + 1 },
    front: { ...content.front, uploadTimeout: content.front?.uploadTimeout === "299s" ? "298s" : "299s" },
  }));
  await environment.succeed("up", "--yes");
}

/** Every fault of the issue: on a node that only serves, and on the one that holds the entry. */
export function faultsOn(holder: string, other: string): readonly Fault[] {
  const on = (node: string, what: string) =>
    node === holder ? `the node with the entry is ${what}` : `another node is ${what}`;
  return [other, holder].flatMap((node): Fault[] => [
    { name: on(node, "killed"), strike: lab("kill", node), undo: lab("start", node) },
    { name: on(node, "stopped"), strike: lab("stop", node), undo: lab("start", node) },
    { name: on(node, "paused"), strike: lab("pause", node), undo: lab("heal", node) },
    { name: on(node, "cut off"), strike: lab("cut", node), undo: lab("heal", node) },
    {
      name: on(node, "drained"),
      strike: async (environment) => void (await environment.succeed("drain", node)),
      undo: async (environment) => void (await environment.succeed("undrain", node)),
    },
  ]);
}

export const ROLL: Fault = { name: "up rolls a change over three nodes", strike: roll };

/** Operations that are let end before the fault, while it lasts and after it is undone. */
const OPERATIONS = 12;
/** Milliseconds that probes go on after the fault at the least: longer than any retry of ours. */
const AFTER = 4_000;

/** The entry of an environment for clients that push and pull. */
export async function loadTarget(environment: LabEnvironment): Promise<LoadTarget> {
  const { username = "", password = "" } = await environment.json<Record<string, string>>("credentials");
  const { entry } = await environment.json<{ entry: { url: string; address: string } }>("status");
  const url = new URL(entry.url);
  return {
    hostname: url.hostname,
    address: entry.address,
    port: Number(url.port || 443),
    ca: await environment.ca(),
    credentials: { username, password: new Secret(password) },
  };
}

/** Lets clients work, strikes, lets them work on, and tells what they met. The fault is undone while they work. */
export async function faultRun(environment: LabEnvironment, fault: Fault, seed: string): Promise<FaultReport> {
  const target = await loadTarget(environment);
  const load = await Load.start(target, { seed, repository: `load/${seed}` });
  const probes = await Probes.start(target);
  await moreOperations(load);
  await load.during(fault.name, () => fault.strike(environment));
  await Promise.all([moreOperations(load), pause(AFTER)]);
  const { undo } = fault;
  if (undo !== undefined) {
    await load.during(`${fault.name}, undone`, () => undo(environment));
    await Promise.all([moreOperations(load), pause(AFTER)]);
  }
  const [probed, loaded] = await Promise.all([probes.stop(), load.stop()]);
  return { name: fault.name, load: loaded, probes: probed };
}

/** Awaits some more operations, but not for ever: a fault may have stopped all of them. */
async function moreOperations(load: Load): Promise<void> {
  const enough = load.operations.length + OPERATIONS;
  const deadline = Date.now() + 60_000;
  while (load.operations.length < enough && Date.now() < deadline) await pause(50);
}

/** Which node holds the floating address now, and one that does not. */
export async function holderAndOther(environment: LabEnvironment): Promise<{ holder: string; other: string }> {
  const { nodes } = await environment.json<{ nodes: { name: string; holdsEntry: boolean }[] }>("status");
  const holder = nodes.find((node) => node.holdsEntry)?.name;
  const other = nodes.find((node) => !node.holdsEntry)?.name;
  if (holder === undefined || other === undefined) throw new Error("no node holds the entry");
  return { holder, other };
}
