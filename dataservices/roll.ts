import type { DataUnit } from "../release/data-context.js";
import { Problem } from "../spec/problem.js";
import type { DataCluster, DataMember, DataPlaces } from "./cluster.js";
import { untilEtcdHealthy } from "./etcd.js";
import type { DataFacts } from "./facts.js";
import { markUnits, putFiles, settleHost } from "./files.js";
import { dataServicesHealth, NOT_THERE } from "./health.js";
import { SERVICES } from "./places.js";
import { handPrimaryOver, primaryOf, untilServing, untilSynchronous } from "./postgresql.js";
import { handRedisOver, isRedisPrimary, untilRedisServes, untilSentinelKnows } from "./redis.js";

/** Units whose running programs have not taken up the files that the member shall have. */
export function outdatedUnits({ release }: Pick<DataMember, "release">, facts: DataFacts): DataUnit[] {
  const changed = new Set(release.files.filter(({ path }) => facts.outdated.includes(path)).map(({ unit }) => unit));
  const units = new Set(release.files.map(({ unit }) => unit));
  return [...units].filter((unit) => changed.has(unit) || facts.marks.get(unit) !== release.units[unit]);
}

/** How each part takes up its files, in the order in which that is done. */
const ACTS: readonly {
  readonly units: readonly DataUnit[];
  readonly act: (cluster: DataCluster, member: DataMember) => Promise<void>;
}[] = [
  { units: ["kernel", "folders", "filter"], act: (_cluster, member) => settleHost(member) },
  { units: ["etcd"], act: restartEtcd },
  { units: ["postgresql"], act: (_cluster, member) => reloadPostgresql(member) },
  { units: ["postgresql-program"], act: restartPostgresql },
  { units: ["database-entry"], act: (_cluster, { host }) => systemctl(host, "reload", SERVICES.entry) },
  { units: ["database-entry-program"], act: (_cluster, { host }) => systemctl(host, "restart", SERVICES.entry) },
  { units: ["redis"], act: restartRedis },
  { units: ["sentinel"], act: restartSentinel },
];

/**
 * Brings changed files to a member whose data services run, and has each part take them up. The others must be well:
 * with two members away nothing is written.
 * @throws Problem `data-services/not-well`
 */
export async function rollMember(
  cluster: DataCluster,
  member: DataMember,
  facts: DataFacts,
): Promise<readonly DataUnit[]> {
  const units = outdatedUnits(member, facts);
  if (units.length === 0) return [];
  await assertOthersWell(cluster, member.node.name);
  await putFiles(member, facts.outdated);
  await systemctl(member.host, "daemon-reload");
  for (const { units: of, act } of ACTS) {
    const due = of.filter((unit) => units.includes(unit));
    if (due.length === 0) continue;
    await act(cluster, member);
    await markUnits(member, due);
  }
  return units;
}

/** Members in the order in which they change: what has to be handed over comes last. */
export async function rollOrder(cluster: DataCluster): Promise<DataMember[]> {
  const primary = await primaryOf(cluster);
  return [...cluster.members.filter((member) => member !== primary), primary];
}

/**
 * Sees to it that a carrier may go away for a moment: with two members away nothing is written.
 * @param name - its node; of one that carries nothing nothing is asked
 * @throws Problem `data-services/not-well`
 */
export async function assertOthersWell(places: DataPlaces, name: string): Promise<void> {
  if (!places.context.nodes.some((node) => node.name === name)) return;
  const { nodes, troubles } = await dataServicesHealth(places);
  if (troubles.some(({ code }) => code === NOT_THERE)) return;
  const there = new Set(nodes.map(({ node }) => node));
  const absent = places.context.nodes.map((node) => node.name).filter((node) => node !== name && !there.has(node));
  const failing = nodes.filter(
    ({ node, reached, etcd, postgresql, redis }) =>
      node !== name && !(reached && etcd && postgresql !== "down" && ["primary", "replica"].includes(redis)),
  );
  const unwell = [...failing.map(({ node }) => node), ...absent];
  if (unwell.length === 0) return;
  throw new Problem({
    code: "data-services/not-well",
    says: `${name} cannot change or go away while the data services of ${unwell.join(" and ")} are not well`,
    instead: "mend them first, or wait until they are; then give the same command again",
  });
}

function systemctl(host: DataMember["host"], verb: string, unit = ""): Promise<void> {
  return host.change(`${verb} ${unit}`.trim(), `systemctl ${verb} ${unit}`, { timeout: 120_000 }).then(() => undefined);
}

async function restartEtcd(cluster: DataCluster, member: DataMember): Promise<void> {
  await systemctl(member.host, "restart", SERVICES.etcd);
  await untilEtcdHealthy(cluster, member);
}

/** The certificate is etcd's and the entry's, too. */
async function reloadPostgresql({ host }: DataMember): Promise<void> {
  for (const unit of [SERVICES.postgresql, SERVICES.etcd, SERVICES.entry]) await systemctl(host, "reload", unit);
}

async function restartPostgresql(cluster: DataCluster, member: DataMember): Promise<void> {
  if ((await primaryOf(cluster)) === member) await handPrimaryOver(cluster, member);
  await systemctl(member.host, "restart", SERVICES.postgresql);
  await untilServing(cluster, member);
  await untilSynchronous(cluster);
}

async function restartRedis(cluster: DataCluster, member: DataMember): Promise<void> {
  if (await isRedisPrimary(cluster, member)) await handRedisOver(cluster, member);
  await systemctl(member.host, "restart", SERVICES.redis);
  await untilRedisServes(cluster, member);
}

async function restartSentinel(cluster: DataCluster, member: DataMember): Promise<void> {
  await systemctl(member.host, "restart", SERVICES.sentinel);
  await untilSentinelKnows(cluster, member);
}
