import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import type { DataServicesContext } from "../release/data-context.js";
import { patroniSettings } from "../release/views/postgresql.js";
import { Problem } from "../spec/problem.js";
import type { DataCluster, DataMember } from "./cluster.js";
import type { KnownMembers } from "./etcd.js";
import { CURL, SERVICES } from "./places.js";
import { startUnit } from "./start-unit.js";
import { awaitOn } from "./wait.js";

/** Seconds that a copy of the data base may take: 100 GB at 100 MB/s. */
const COPY_SECONDS = 1200;

/** Shell: whether Patroni of a member answers 200 at a path. */
function says({ context }: DataCluster, { node }: DataMember, path: string): string {
  return `${CURL} --fail --output /dev/null ${patroniUrl(context, node.address)}${path}`;
}

function patroniUrl({ settings }: DataServicesContext, address: string): string {
  return `https://${address}:${settings.ports.patroni}`;
}

/**
 * Sees to it that PostgreSQL runs on all members, one of them the primary and one following it synchronously. A new
 * data base is made on the first; a member without data copies the primary's.
 */
export async function establishPostgresql(cluster: DataCluster, known: KnownMembers): Promise<void> {
  const [first] = cluster.members;
  const withData = known.filter(({ facts }) => facts.postgresql.data).map(({ member }) => member);
  const beginners = withData.length > 0 ? withData : first === undefined ? [] : [first];
  await Promise.all(beginners.map(start));
  await untilPrimary(cluster);
  await Promise.all(cluster.members.map(start));
  await Promise.all(cluster.members.map((member) => untilServing(cluster, member)));
  await untilSynchronous(cluster);
}

function start({ host }: DataMember): Promise<void> {
  return startUnit(host, "start PostgreSQL", SERVICES.postgresql);
}

/** Any member's Patroni knows all of them. */
async function untilPrimary(cluster: DataCluster): Promise<void> {
  const [asked] = cluster.members;
  if (asked === undefined) return;
  const anyone = cluster.members.map((member) => says(cluster, member, "/primary")).join(" || ");
  await awaitOn(asked.host, "one PostgreSQL has become the primary", anyone, {
    seconds: 90,
    log: SERVICES.postgresql,
  });
}

/** Waits until a member is the primary, or follows it and is not far behind. */
export async function untilServing(cluster: DataCluster, member: DataMember): Promise<void> {
  const condition = `${says(cluster, member, "/primary")} || ${says(cluster, member, "/replica?lag=16MB")}`;
  await awaitOn(member.host, `PostgreSQL of ${member.node.name} is the primary or follows it`, condition, {
    seconds: COPY_SECONDS,
    log: SERVICES.postgresql,
  });
}

/** Waits until one replica acknowledges what is committed. */
export async function untilSynchronous(cluster: DataCluster): Promise<void> {
  const [asked] = cluster.members;
  if (asked === undefined) return;
  const anyone = cluster.members.map((member) => says(cluster, member, "/synchronous")).join(" || ");
  await awaitOn(asked.host, "one PostgreSQL follows the primary synchronously", anyone, {
    seconds: 60,
    log: SERVICES.postgresql,
  });
}

const memberSchema = z.looseObject({ name: z.string(), role: z.string(), pending_restart: z.boolean().optional() });
const membersSchema = z.looseObject({ members: z.array(memberSchema) });

/**
 * The member that is the primary now.
 * @throws Problem `data-services/no-primary`
 */
export async function primaryOf(cluster: DataCluster): Promise<DataMember> {
  const answers = await Promise.all(
    cluster.members.map(async (member) => ({
      member,
      primary: (await member.host.read(`if ${says(cluster, member, "/primary")}; then echo yes; fi`)).trim() === "yes",
    })),
  );
  const found = answers.find(({ primary }) => primary);
  if (found !== undefined) return found.member;
  throw new Problem({
    code: "data-services/no-primary",
    says: "no PostgreSQL of this environment is the primary",
    instead: "look at the logs of harborwright-postgresql and harborwright-etcd on the nodes",
  });
}

/**
 * Brings Patroni's settings in etcd up to date. What needs PostgreSQL to start again is done one node at a time, the
 * primary last.
 * @returns whether something changed
 */
export async function settlePostgresql(cluster: DataCluster): Promise<boolean> {
  const primary = await primaryOf(cluster);
  const { host, node } = primary;
  const url = patroniUrl(cluster.context, node.address);
  const wanted = wantedSettings(cluster.context);
  const present: unknown = JSON.parse(await host.read(`${CURL} --fail ${url}/config`));
  const changed = !isDeepStrictEqual(present, wanted);
  if (changed) {
    const script = `${CURL} --fail --output /dev/null --request PUT --header 'Content-Type: application/json' --data @- ${url}/config`;
    await host.change("change Patroni's settings", script, { input: JSON.stringify(wanted) });
    const noticed = 2 * patroniSettings(cluster.context).loop_wait;
    // Each member looks at its next turn; nothing tells that it has.
    await host.read(`sleep ${noticed}`);
  }
  // A smaller number reaches the replicas only when the primary has it: they come twice then.
  for (const _round of ["first", "again"]) {
    for (const member of await pending(cluster, primary)) await restartPending(cluster, member);
  }
  return changed;
}

/** Patroni's settings as it keeps them. */
export function wantedSettings(context: Pick<DataServicesContext, "settings">): object {
  const { parameters, ...settings } = patroniSettings(context);
  return { ...settings, postgresql: { use_pg_rewind: true, use_slots: true, parameters } };
}

/** Members whose settings wait for a restart, the primary last. */
async function pending(cluster: DataCluster, primary: DataMember): Promise<DataMember[]> {
  const url = patroniUrl(cluster.context, primary.node.address);
  const { members } = membersSchema.parse(JSON.parse(await primary.host.read(`${CURL} --fail ${url}/cluster`)));
  const names = members.filter(({ pending_restart }) => pending_restart === true).map(({ name }) => name);
  const replicas = cluster.members.filter((member) => member !== primary);
  return [...replicas, primary].filter(({ node }) => names.includes(node.name));
}

async function restartPending(cluster: DataCluster, member: DataMember): Promise<void> {
  const url = patroniUrl(cluster.context, member.node.address);
  const script = `curl_() { ${CURL} --max-time 60 "$@"; }
curl_ --fail --output /dev/null --request POST --header 'Content-Type: application/json' --data '{"restart_pending": true}' ${url}/restart`;
  await member.host.change("restart PostgreSQL for its new settings", script, { timeout: 90_000 });
  await untilServing(cluster, member);
  await untilSynchronous(cluster);
}

/** Hands the primary's place to the synchronous replica, in order: writers wait a moment and lose nothing. */
export async function handPrimaryOver(cluster: DataCluster, from: DataMember): Promise<void> {
  const url = patroniUrl(cluster.context, from.node.address);
  const script = `${CURL} --max-time 60 --fail --output /dev/null --request POST --header 'Content-Type: application/json' --data '{"leader": "${from.node.name}"}' ${url}/switchover`;
  await from.host.change("hand the primary's place to another", script, { timeout: 90_000 });
  await untilServing(cluster, from);
  await untilPrimary(cluster);
  await untilSynchronous(cluster);
}
