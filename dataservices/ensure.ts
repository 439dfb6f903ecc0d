import { DATA_PATHS } from "../release/data-layout.js";
import { Problem } from "../spec/problem.js";
import { type DataCluster, type DataMember, isWhole } from "./cluster.js";
import { establishEtcd, type KnownMembers } from "./etcd.js";
import { type DataFacts, dataFacts } from "./facts.js";
import { markUnits, putFiles, settleHost } from "./files.js";
import { ensureHarborDatabase } from "./harbor-database.js";
import { installDataPackages } from "./packages.js";
import { SERVICES } from "./places.js";
import { establishPostgresql, settlePostgresql } from "./postgresql.js";
import { type OnDataEvent, step } from "./progress.js";
import { establishRedis, establishSentinels } from "./redis.js";
import { outdatedUnits, rollMember, rollOrder } from "./roll.js";
import { ensureSecondLogin } from "./second-login.js";
import { startUnit } from "./start-unit.js";

/**
 * Makes data base and Redis as they shall be: on new hosts, on hosts where an earlier run was killed, on running ones
 * whose files changed (one node at a time, the primary last), and on a host that takes the place of a lost one. What
 * must be done is found out from the hosts, so it may be killed anywhere and given again. While a node is left out the
 * others are started and healed, and nothing that runs is changed. Must be called under the cluster's lock.
 * @throws Problem `data-services/…`, `ssh/…`, `host/command-failed`
 */
export async function ensureDataServices(cluster: DataCluster, onEvent: OnDataEvent = () => {}): Promise<void> {
  const known = await learn(cluster);
  refuseBeginningWithout(cluster, known);
  await installWhereMissing(known, onEvent);
  const fresh = known.filter(({ facts }) => isFresh(facts));
  await Promise.all(fresh.map(({ member, facts }) => furnish(member, facts, onEvent)));

  await step(onEvent, { step: "etcd" }, () => establishEtcd(cluster, known));
  await step(onEvent, { step: "postgresql" }, () => establishPostgresql(cluster, known));
  await step(onEvent, { step: "settings" }, () => settlePostgresql(cluster), changed);
  await Promise.all(cluster.members.map(startEntry));
  await step(onEvent, { step: "database" }, () => ensureHarborDatabase(cluster), changed);
  await step(onEvent, { step: "redis" }, () => establishRedis(cluster, known));
  await step(onEvent, { step: "sentinel" }, () => establishSentinels(cluster));

  await Promise.all(fresh.filter(({ facts }) => !isInterrupted(facts)).map(({ member }) => markAll(member)));
  // With one node away another that restarts would be the second: what changes waits for all of them.
  if (isWhole(cluster)) await rollOutdated(cluster, known, onEvent);
  // Last: the rules that let it in are among what changes.
  if (cluster.context.secrets.comingDatabasePassword !== undefined) {
    await step(onEvent, { step: "database" }, () => ensureSecondLogin(cluster), changed);
  }
}

async function rollOutdated(cluster: DataCluster, known: KnownMembers, onEvent: OnDataEvent): Promise<void> {
  for (const member of await rollOrder(cluster)) {
    const facts = known.find((one) => one.member === member)?.facts;
    if (facts === undefined || (isFresh(facts) && !isInterrupted(facts))) continue;
    if (outdatedUnits(member, facts).length === 0) continue;
    await step(
      onEvent,
      { step: "roll", node: member.node.name },
      () => rollMember(cluster, member, facts),
      (units) => units.join(", "),
    );
  }
}

async function learn(cluster: DataCluster): Promise<KnownMembers> {
  return Promise.all(cluster.members.map(async (member) => ({ member, facts: await dataFacts(member) })));
}

/** What nobody has may be on the node that is left out: a second beginning would lose it. */
function refuseBeginningWithout(cluster: DataCluster, known: KnownMembers): void {
  const begun =
    known.some(({ facts }) => facts.etcd.data) &&
    known.some(({ facts }) => facts.postgresql.data) &&
    known.some(({ facts }) => facts.redis.data);
  if (begun || isWhole(cluster)) return;
  const there = new Set(cluster.members.map(({ node }) => node.name));
  const away = cluster.context.nodes.map(({ name }) => name).filter((name) => !there.has(name));
  throw new Problem({
    code: "data-services/begin-needs-all",
    says: `data base and Redis have not begun on ${[...there].join(" and ")}, and cannot without ${away.join(" and ")}`,
    instead: "give the command once with all nodes; later one may be left out",
  });
}

/**
 * Whether the data services of a host have never been through, or its system is new and only its data is old: nothing on
 * it can be interrupted.
 */
function isFresh(facts: DataFacts): boolean {
  return facts.marks.size === 0 || facts.absent.includes(DATA_PATHS.etcdUnit);
}

/** Whether programs run on a new host that a killed run has started, with other files than it shall have now. */
function isInterrupted(facts: DataFacts): boolean {
  return isFresh(facts) && facts.outdated.length > 0 && facts.active.has(SERVICES.etcd);
}

function markAll(member: DataMember): Promise<void> {
  return markUnits(member, [...new Set(member.release.files.map(({ unit }) => unit))]);
}

/** All hosts at once: nothing starts by it. */
async function installWhereMissing(known: KnownMembers, onEvent: OnDataEvent): Promise<void> {
  const lacking = known.filter(({ facts }) => facts.missing.length > 0);
  await Promise.all(
    lacking.map(({ member, facts }) =>
      step(
        onEvent,
        { step: "packages", node: member.node.name },
        () => installDataPackages(member.host),
        () => facts.missing.join(", "),
      ),
    ),
  );
}

async function furnish(member: DataMember, facts: DataFacts, onEvent: OnDataEvent): Promise<void> {
  await step(
    onEvent,
    { step: "files", node: member.node.name },
    async () => {
      await putFiles(member, facts.outdated);
      await settleHost(member);
    },
    () => `${facts.outdated.length} files`,
  );
}

function startEntry({ host }: DataMember): Promise<void> {
  return startUnit(host, "open the way to the primary", SERVICES.entry);
}

function changed(made: boolean): string {
  return made ? "changed" : "as it was";
}
