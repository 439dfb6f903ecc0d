import * as z from "zod";
import { HARBOR_DATABASE, REDIS_MASTER_SET } from "../release/data-context.js";
import { DATA_PATHS } from "../release/data-layout.js";
import { parsedJson } from "../spec/parsed-json.js";
import { Problem } from "../spec/problem.js";
import type { DataPlace, DataPlaces } from "./cluster.js";
import { CURL, ETCDCTL, REDIS_PASSWORD } from "./places.js";

/** How the data services of one node are. */
export interface DataNodeHealth {
  readonly node: string;
  /** Whether SSH reaches it; when not, nothing else is known. */
  readonly reached: boolean;
  /** Whether data services were ever brought to it. */
  readonly installed: boolean;
  readonly etcd: boolean;
  /** What PostgreSQL does: primary; synchronous: a commit waits for it; replica; down. */
  readonly postgresql: "primary" | "synchronous" | "replica" | "down";
  /** Whether the node's way to the primary leads to one. */
  readonly entry: boolean;
  readonly redis: "primary" | "replica" | "unlinked" | "down";
  /** Whether its sentinel sees enough others to choose a primary. */
  readonly sentinel: boolean;
  /** Part of the disk of the data that is in use: 0.93. */
  readonly used: number;
}

/** What is wrong with data services, in a user's words. */
export interface DataTrouble {
  readonly code: string;
  readonly says: string;
  /** Whether the registry cannot write now; otherwise one more loss may be too much. */
  readonly severe: boolean;
}

export interface DataServicesHealth {
  readonly nodes: readonly DataNodeHealth[];
  readonly troubles: readonly DataTrouble[];
}

/** Nothing was ever brought to the nodes. */
export const NOT_THERE = "data-services/not-there";

/** Part of a disk from which on it is told. */
const NEARLY_FULL = 0.85;

/** How data base and Redis are, asked of all nodes at once. A node that does not answer is no error. */
export async function dataServicesHealth(cluster: DataPlaces): Promise<DataServicesHealth> {
  const nodes = await Promise.all(cluster.members.map((member) => healthOf(cluster, member)));
  return { nodes, troubles: dataTroubles(nodes) };
}

async function healthOf(cluster: DataPlaces, member: DataPlace): Promise<DataNodeHealth> {
  try {
    return parseHealth(member.node.name, await member.host.read(healthScript(cluster, member)));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { ...parseHealth(member.node.name, ""), reached: false };
  }
}

function healthScript({ context }: DataPlaces, { node }: DataPlace): string {
  const { ports } = context.settings;
  const at = (port: number) => `-h ${node.address} -p ${port}`;
  return `
[ ! -e ${DATA_PATHS.postgresqlUnit} ] || echo "installed yes"
if ${ETCDCTL} --endpoints https://${node.address}:${ports.etcd} endpoint health >/dev/null 2>&1; then echo "etcd yes"; fi
echo "patroni $(${CURL} https://${node.address}:${ports.patroni}/patroni | tr -d '\\n' || true)"
if pg_isready --quiet --timeout 3 --username ${HARBOR_DATABASE.user} --dbname ${HARBOR_DATABASE.name} --host ${node.address} --port ${ports.databaseEntry} 2>/dev/null; then echo "entry yes"; fi
${REDIS_PASSWORD} || true
echo "redis $(timeout 3 redis-cli ${at(ports.redis)} info replication 2>/dev/null | tr -d '\\r' | grep -E '^(role|master_link_status):' | tr '\\n' ' ' || true)"
unset REDISCLI_AUTH
if timeout 3 redis-cli ${at(ports.sentinel)} sentinel ckquorum ${REDIS_MASTER_SET} 2>/dev/null | grep -q ^OK; then echo "sentinel yes"; fi
echo "disk $(df --output=pcent /var/lib/harborwright 2>/dev/null | tail -n 1 | tr -dc 0-9)"`;
}

const patroniSchema = z.looseObject({
  state: z.string(),
  role: z.string(),
  sync_standby: z.boolean().optional(),
});

/** Reads what the script printed. */
export function parseHealth(node: string, printed: string): DataNodeHealth {
  const said = new Map(
    printed.split("\n").map((line) => {
      const [word = "", ...rest] = line.split(" ");
      return [word, rest.join(" ").trim()] as const;
    }),
  );
  return {
    node,
    reached: true,
    installed: said.get("installed") === "yes",
    etcd: said.get("etcd") === "yes",
    postgresql: postgresqlRole(said.get("patroni") ?? ""),
    entry: said.get("entry") === "yes",
    redis: redisRole(said.get("redis") ?? ""),
    sentinel: said.get("sentinel") === "yes",
    used: Number(said.get("disk") ?? 0) / 100,
  };
}

function postgresqlRole(text: string): DataNodeHealth["postgresql"] {
  const parsed = patroniSchema.safeParse(parsedJson(text));
  if (!parsed.success || parsed.data.state !== "running") return "down";
  // Patroni 3 says master, 4 says primary.
  if (["master", "primary"].includes(parsed.data.role)) return "primary";
  return parsed.data.sync_standby === true ? "synchronous" : "replica";
}

function redisRole(text: string): DataNodeHealth["redis"] {
  if (text.includes("role:master")) return "primary";
  if (!text.includes("role:slave")) return "down";
  return text.includes("master_link_status:up") ? "replica" : "unlinked";
}

/** What is wrong, the severe first. Nothing when all is well. */
export function dataTroubles(nodes: readonly DataNodeHealth[]): DataTrouble[] {
  const troubles: DataTrouble[] = [];
  const tell = (severe: boolean, code: string, says: string) => troubles.push({ code, says, severe });
  const reached = nodes.filter((node) => node.reached);
  if (reached.length > 0 && reached.every(({ installed }) => !installed)) {
    return [{ code: NOT_THERE, says: "data base and Redis are not on the nodes yet", severe: true }];
  }
  const named = (found: readonly DataNodeHealth[]) => found.map(({ node }) => node).join(", ");
  const those = (holds: (node: DataNodeHealth) => boolean) => reached.filter(holds);

  const silent = nodes.filter((node) => !node.reached);
  if (silent.length > 0) tell(false, "data-services/unreachable", `${named(silent)} cannot be asked`);

  const primaries = those(({ postgresql }) => postgresql === "primary");
  if (primaries.length > 1) {
    tell(true, "data-services/two-primaries", `PostgreSQL takes itself for the primary on ${named(primaries)}`);
  }
  if (primaries.length === 0)
    tell(true, "data-services/no-primary", "no PostgreSQL is the primary: nothing is written");
  const stopped = those(({ postgresql }) => postgresql === "down");
  if (stopped.length > 0) tell(false, "data-services/postgresql-down", `PostgreSQL does not run on ${named(stopped)}`);
  if (primaries.length === 1 && those(({ postgresql }) => postgresql === "synchronous").length === 0) {
    tell(
      false,
      "data-services/not-synchronous",
      "no replica acknowledges what is committed: with the primary it would be gone",
    );
  }

  const joined = those(({ etcd }) => etcd);
  if (joined.length <= nodes.length / 2) {
    tell(
      true,
      "data-services/etcd-no-quorum",
      `etcd answers on ${joined.length} of ${nodes.length} nodes: no new primary can be chosen`,
    );
  } else if (joined.length < reached.length) {
    tell(false, "data-services/etcd-down", `etcd does not answer on ${named(those(({ etcd }) => !etcd))}`);
  }

  const closed = those(({ entry }) => !entry);
  if (closed.length > 0 && primaries.length > 0) {
    tell(true, "data-services/entry-closed", `the way to the primary is closed on ${named(closed)}`);
  }

  const redisPrimaries = those(({ redis }) => redis === "primary");
  if (redisPrimaries.length === 0)
    tell(true, "data-services/redis-no-primary", "no Redis is the primary: jobs and sessions stand still");
  if (redisPrimaries.length > 1)
    tell(true, "data-services/redis-two-primaries", `Redis takes itself for the primary on ${named(redisPrimaries)}`);
  const behind = those(({ redis }) => redis === "down" || redis === "unlinked");
  if (behind.length > 0)
    tell(false, "data-services/redis-down", `Redis does not follow the primary on ${named(behind)}`);
  const blind = those(({ sentinel }) => !sentinel);
  if (blind.length > 0)
    tell(false, "data-services/sentinel-blind", `the sentinel on ${named(blind)} cannot choose a new primary of Redis`);

  for (const { node, used } of those(({ used }) => used >= NEARLY_FULL)) {
    tell(
      false,
      "data-services/disk-nearly-full",
      `the disk of the data base on ${node} is ${Math.round(used * 100)} % full`,
    );
  }
  return troubles.sort((one, other) => Number(other.severe) - Number(one.severe));
}
