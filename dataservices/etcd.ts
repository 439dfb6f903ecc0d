import { DATA_PATHS } from "../release/data-layout.js";
import { Problem } from "../spec/problem.js";
import type { DataCluster, DataMember } from "./cluster.js";
import type { DataFacts } from "./facts.js";
import { ETCDCTL, SERVICES } from "./places.js";
import { startUnit } from "./start-unit.js";
import { awaitOn } from "./wait.js";

/** What is known of each member, in the order of the members. */
export type KnownMembers = readonly { readonly member: DataMember; readonly facts: DataFacts }[];

/**
 * Sees to it that all members of etcd run as one cluster. A cluster begins once: that is written down on every host
 * before the first of them starts, so that a run which was killed goes on and a host that lost its data is not taken
 * for a new beginning. A member without data joins in the place of the one that was lost.
 * @throws Problem `data-services/etcd-lost` when most members have lost their data
 */
export async function establishEtcd(cluster: DataCluster, known: KnownMembers): Promise<void> {
  const lacking = known.filter(({ facts }) => !facts.etcd.data);
  const beginning = lacking.length === known.length || lacking.every(({ facts }) => facts.etcd.begin === "new");
  if (lacking.length > 0 && beginning) {
    await Promise.all(lacking.map(({ member }) => tellHowToBegin(member, "new")));
    await startAll(cluster, cluster.members);
  } else {
    const intact = known.filter(({ facts }) => facts.etcd.data).map(({ member }) => member);
    if (intact.length <= cluster.context.nodes.length / 2) throw lost(lacking.map(({ member }) => member.node.name));
    await startAll(cluster, intact);
    if (lacking.length > 0) await refuseOtherMembers(cluster, intact);
    for (const { member } of lacking) await join(cluster, member, intact);
  }
  await Promise.all(cluster.members.map(forgetBeginning));
}

async function tellHowToBegin({ host }: DataMember, how: "new" | "existing"): Promise<void> {
  const script = `
echo ${how} > ${DATA_PATHS.etcdBegin}
chown etcd:etcd ${DATA_PATHS.etcdBegin}
sync ${DATA_PATHS.etcdBegin}`;
  await host.change(`tell etcd to begin in a cluster that is ${how}`, script);
}

async function forgetBeginning({ host }: DataMember): Promise<void> {
  const begun = await host.read(`[ ! -e ${DATA_PATHS.etcdBegin} ] || echo yes`);
  if (begun !== "") await host.change("forget how etcd began", `rm -f ${DATA_PATHS.etcdBegin}`);
}

/** All at once: the first is ready when the second is. */
async function startAll(cluster: DataCluster, members: readonly DataMember[]): Promise<void> {
  await Promise.all(members.map(({ host }) => startUnit(host, "start etcd", SERVICES.etcd, { wait: false })));
  await Promise.all(members.map((member) => untilEtcdHealthy(cluster, member)));
}

/** Waits until a member answers a question that needs most of the others. */
export async function untilEtcdHealthy({ context }: DataCluster, { host, node }: DataMember): Promise<void> {
  const url = `https://${node.address}:${context.settings.ports.etcd}`;
  await awaitOn(
    host,
    `etcd of ${node.name} has joined`,
    `${ETCDCTL} --endpoints ${url} endpoint health >/dev/null 2>&1`,
    {
      seconds: 60,
      log: SERVICES.etcd,
    },
  );
}

/**
 * A node that comes in the place of one with another name would be a fourth member, and the other one's data base would
 * go on beside it.
 */
async function refuseOtherMembers({ context }: DataCluster, [asked]: readonly DataMember[]): Promise<void> {
  if (asked === undefined) return;
  const url = `https://${asked.node.address}:${context.settings.ports.etcd}`;
  const listed = await asked.host.read(`${ETCDCTL} --endpoints ${url} member list | awk -F ', ' '{ print $3 }'`);
  const others = listed.split("\n").filter((name) => name !== "" && !context.nodes.some((node) => node.name === name));
  if (others.length === 0) return;
  throw new Problem({
    code: "data-services/other-carriers",
    says: `etcd counts ${others.join(" and ")}, which the environment file does not name as a carrier of the data base any more`,
    instead: `name ${others.join(" and ")} in harbor.database.nodes again; a machine may be replaced under the same name`,
    field: "harbor.database.nodes",
  });
}

/**
 * Lets a member without data join. Its predecessor is taken out first: with it etcd would count four members, and three
 * of them would be needed.
 */
async function join(cluster: DataCluster, member: DataMember, intact: readonly DataMember[]): Promise<void> {
  const { etcd, etcdPeer } = cluster.context.settings.ports;
  const [helper] = intact;
  if (helper === undefined) throw lost([member.node.name]);
  const endpoints = intact.map(({ node }) => `https://${node.address}:${etcd}`).join(",");
  const peer = `https://${member.node.address}:${etcdPeer}`;
  // member list: id, status, name, peers, clients, learner. One that was added and has not begun has no name.
  const script = `
etcd() { ${ETCDCTL} --endpoints ${endpoints} "$@"; }
known=$(etcd member list | awk -F ', ' -v name=${member.node.name} -v peer=${peer} '$3 == name || $4 == peer { print $1, $2 }')
case "$known" in
  *" unstarted") exit 0 ;;
  ?*) etcd member remove "\${known%% *}" 1>&2 ;;
esac
etcd member add ${member.node.name} --peer-urls ${peer} 1>&2`;
  await tellHowToBegin(member, "existing");
  await helper.host.change(`take ${member.node.name} into etcd`, script, { timeout: 60_000 });
  await startAll(cluster, [member]);
}

function lost(nodes: readonly string[]): Problem {
  return new Problem({
    code: "data-services/etcd-lost",
    says: `${nodes.join(" and ")} have no data of etcd any more: what is left cannot decide who is the primary`,
    instead:
      "if their disks can come back, bring them back; else stop harborwright-etcd on all nodes, remove " +
      `${DATA_PATHS.etcd} there and give the same command again: the data base itself is not touched by that`,
  });
}
