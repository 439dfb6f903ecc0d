import type { DataRelease, DataUnit } from "../release/data-context.js";
import { DATA_PATHS } from "../release/data-layout.js";
import type { DataNodePlan } from "../spec/data-plan.js";
import { Problem } from "../spec/problem.js";
import type { DataCluster, DataMember } from "./cluster.js";
import { type DataFacts, dataFacts, newDataFacts } from "./facts.js";
import { SERVICES } from "./places.js";
import { outdatedUnits } from "./roll.js";

/** What a unit does when its files change, in a user's words. */
const ACTIONS: Readonly<Record<DataUnit, string>> = {
  kernel: "settle folders, kernel and packet filter of the data services",
  folders: "settle folders, kernel and packet filter of the data services",
  filter: "settle folders, kernel and packet filter of the data services",
  etcd: "restart etcd",
  postgresql: "reload PostgreSQL",
  "postgresql-program": "restart PostgreSQL, after its place as primary is handed over",
  "database-entry": "reload the way to the primary",
  "database-entry-program": "restart the way to the primary",
  redis: "restart Redis, after its place as primary is handed over",
  sentinel: "restart Sentinel",
};

const MAY_RESTART = "restart PostgreSQL if a setting needs it, the primary last";

const NAMES: Readonly<Record<keyof typeof SERVICES, string>> = {
  filter: "the packet filter",
  etcd: "etcd",
  postgresql: "PostgreSQL",
  entry: "the way to the primary",
  redis: "Redis",
  sentinel: "Sentinel",
};

/** Compares the hosts with what they shall have; one that cannot be asked is left out. Changes nothing. */
export async function planDataServices({ members }: DataCluster): Promise<DataNodePlan[]> {
  const plans = await Promise.all(members.map(planMember));
  return plans.filter((plan) => plan !== undefined);
}

async function planMember(member: DataMember): Promise<DataNodePlan | undefined> {
  try {
    return planDataNode(member.release, await dataFacts(member));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return undefined;
  }
}

/** The plan for a host that does not exist yet. */
export function planNewDataNode(release: DataRelease): DataNodePlan {
  return planDataNode(release, newDataFacts(release));
}

/** What would be done on a host of which this is known. */
export function planDataNode(release: DataRelease, facts: DataFacts): DataNodePlan {
  const outdated = release.files.filter(({ path }) => facts.outdated.includes(path));
  const stopped = Object.entries(SERVICES).flatMap(([name, unit]) => (facts.active.has(unit) ? [] : [nameOf(name)]));
  const install = facts.missing.length === 0 ? [] : [`install ${facts.missing.join(", ")} from the system's packages`];
  const start = stopped.length === 0 ? [] : [`start ${stopped.join(", ")}`];
  // Where nothing has been through yet, starting is all that is done.
  const take = facts.marks.size === 0 ? [] : outdatedUnits({ release }, facts).map((unit) => ACTIONS[unit]);
  // Patroni itself finds out which settings a running PostgreSQL cannot take up.
  const settings = facts.marks.size > 0 && facts.outdated.includes(DATA_PATHS.patroniConfig) ? [MAY_RESTART] : [];
  return {
    node: release.node,
    files: outdated.map(({ path, sensitive }) => ({
      path,
      change: facts.absent.includes(path) ? "add" : "change",
      sensitive,
    })),
    actions: [...install, ...start, ...new Set([...take, ...settings])],
  };
}

function nameOf(service: string): string {
  return Object.entries(NAMES).find(([name]) => name === service)?.[1] ?? service;
}
