import { REDIS_MASTER_SET } from "../release/data-context.js";
import type { DataCluster, DataMember } from "./cluster.js";
import type { KnownMembers } from "./etcd.js";
import { REDIS_PASSWORD, SENTINEL_PASSWORD, SERVICES } from "./places.js";
import { startUnit } from "./start-unit.js";
import { awaitOn } from "./wait.js";

/** Sees to it that Redis runs on all members, one primary and the others following it, watched by all sentinels. */
export async function establishRedis(cluster: DataCluster, known: KnownMembers): Promise<void> {
  const [first, ...rest] = cluster.members;
  const begins = known.every(({ facts }) => !facts.redis.data);
  if (first !== undefined && begins) {
    await start(first);
    await untilRedisServes(cluster, first);
    await Promise.all(rest.map(start));
  } else {
    await Promise.all(cluster.members.map(start));
  }
  await Promise.all(cluster.members.map((member) => untilRedisServes(cluster, member)));
}

/** Comes after Redis: a sentinel that begins asks the primary for its replicas. */
export async function establishSentinels(cluster: DataCluster): Promise<void> {
  await Promise.all(
    cluster.members.map(({ host }) => startUnit(host, "start Sentinel", SERVICES.sentinel, { wait: false })),
  );
  await Promise.all(cluster.members.map((member) => untilSentinelKnows(cluster, member)));
}

function start({ host }: DataMember): Promise<void> {
  return startUnit(host, "start Redis", SERVICES.redis, { wait: false });
}

/** Waits until Redis of a member is a primary, or has taken over all that its primary has. */
export async function untilRedisServes({ context }: DataCluster, { host, node }: DataMember): Promise<void> {
  const ask = `redis-cli -h ${node.address} -p ${context.settings.ports.redis} info replication 2>/dev/null`;
  const condition = `${REDIS_PASSWORD}; ${ask} | grep -qE '^(role:master|master_link_status:up)'`;
  await awaitOn(host, `Redis of ${node.name} is the primary or follows it`, condition, {
    seconds: 120,
    log: SERVICES.redis,
  });
}

/** Waits until a sentinel sees enough others to choose a primary. */
export async function untilSentinelKnows({ context, members }: DataCluster, { host, node }: DataMember): Promise<void> {
  const sentinel = `redis-cli -h ${node.address} -p ${context.settings.ports.sentinel}`;
  const others = members.length - 1;
  const condition =
    `${sentinel} sentinel ckquorum ${REDIS_MASTER_SET} 2>/dev/null | grep -q ^OK && ` +
    `${sentinel} sentinel master ${REDIS_MASTER_SET} | awk '$0 == "num-other-sentinels" { getline; exit !($0 >= ${others}) }'`;
  await awaitOn(host, `the sentinel of ${node.name} has found the others`, condition, {
    seconds: 60,
    log: SERVICES.sentinel,
  });
}

/** Whether Redis of a member is the primary. */
export async function isRedisPrimary({ context }: DataCluster, { host, node }: DataMember): Promise<boolean> {
  const ask = `redis-cli -h ${node.address} -p ${context.settings.ports.redis} role 2>/dev/null | head -n 1`;
  return (await host.read(`${REDIS_PASSWORD}; ${ask} || true`)).trim() === "master";
}

/** Has the sentinels choose another primary, in order. */
export async function handRedisOver(cluster: DataCluster, from: DataMember): Promise<void> {
  const { redis, sentinel } = cluster.context.settings.ports;
  const { host, node } = from;
  const script = `${SENTINEL_PASSWORD}
redis-cli --user harborwright -h ${node.address} -p ${sentinel} sentinel failover ${REDIS_MASTER_SET} 1>&2`;
  await host.change("hand the place of Redis' primary to another", script);
  const condition = `${REDIS_PASSWORD}; redis-cli -h ${node.address} -p ${redis} info replication 2>/dev/null | grep -q '^master_link_status:up'`;
  await awaitOn(host, `Redis of ${node.name} follows another`, condition, { seconds: 60, log: SERVICES.sentinel });
}
