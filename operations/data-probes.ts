import type { Probe } from "../cluster/apply.js";
import { SERVICES } from "../dataservices/places.js";
import type { DataPorts, DataServicesContext } from "../release/data-context.js";
import { DATA_PATHS } from "../release/data-layout.js";
import { Problem } from "../spec/problem.js";

const MEBIBYTE = 1024 ** 2;
/** Free space that a new data base needs: its write-ahead log may take 1 GiB, its packages a third of that. */
const LEAST_FREE = 2048 * MEBIBYTE;
const WHAT = "room for data base and Redis";

type Places = Pick<DataServicesContext, "nodes" | "settings">;

/** Whose each port is. */
const OWNERS: Readonly<Record<keyof DataPorts, string>> = {
  etcd: SERVICES.etcd,
  etcdPeer: SERVICES.etcd,
  postgresql: SERVICES.postgresql,
  patroni: SERVICES.postgresql,
  databaseEntry: SERVICES.entry,
  redis: SERVICES.redis,
  sentinel: SERVICES.sentinel,
};

/** What is asked of each carrier of the data services before anything changes: space, memory, packages and ports. */
export function dataProbes(context: Places): Probe[] {
  return context.nodes.flatMap((node) => [
    probe(node.name, SYSTEM, (reason) => systemProblem(node.name, reason)),
    probe(node.name, spaceScript(), (free) => spaceProblem(node.name, Number(free))),
    probe(node.name, memoryScript(neededMemory(context)), (total) => memoryProblem(node.name, Number(total), context)),
    probe(node.name, portsScript(node.address, context.settings.ports), (taken) => portsProblem(node.name, taken)),
  ]);
}

function probe(node: string, script: string, explain: (reason: string) => Problem): Probe {
  return { what: WHAT, node, script, explain, instead: "see what it says" };
}

/** Fails where programs are missing and their packages are not of this kind. */
const SYSTEM = `
for program in patroni etcd redis-server haproxy; do
  command -v $program >/dev/null || missing="\${missing:-} $program"
done
if [ -n "\${missing:-}" ] && ! command -v apt-get >/dev/null; then echo "$missing" >&2; exit 1; fi`;

function systemProblem(node: string, missing: string): Problem {
  return new Problem({
    code: "preflight/data-packages",
    says: `${node} lacks ${missing.trim().split(" ").join(", ")}, and its packages are not known here: there is no apt-get`,
    instead: "use Debian 12, Ubuntu 24.04 or newer, or an existing data base and Redis by their addresses",
    field: "harbor.database.kind",
  });
}

/** What is there already has the space it needs, and \`status\` tells when that ends. */
function spaceScript(): string {
  return `
[ ! -s ${DATA_PATHS.postgresqlData}/PG_VERSION ] || exit 0
folder=${DATA_PATHS.postgresqlData}
while [ ! -d "$folder" ]; do folder=$(dirname "$folder"); done
free=$(df --output=avail --block-size=1 "$folder" | tail -n 1 | tr -d ' ')
[ "$free" -ge ${LEAST_FREE} ] || { echo "$free" >&2; exit 1; }`;
}

function spaceProblem(node: string, free: number): Problem {
  return new Problem({
    code: "preflight/data-disk-full",
    says: `/var/lib/harborwright of ${node} has ${mebibytes(free)} free; a data base needs ${mebibytes(LEAST_FREE)} to begin`,
    instead: "free some space or enlarge the disk",
  });
}

/** Below it the limits of the services are worth nothing: PostgreSQL comes near its own under load only. */
function neededMemory({ settings: { memory } }: Places): number {
  return memory.postgresql / 2 + memory.redis;
}

function memoryScript(needed: number): string {
  return `
total=$(awk '$1 == "MemTotal:" { print $2 }' /proc/meminfo)
[ "$total" -ge ${Math.floor(needed / 1024)} ] || { echo $((total * 1024)) >&2; exit 1; }`;
}

function memoryProblem(node: string, total: number, context: Places): Problem {
  return new Problem({
    code: "preflight/data-memory",
    says: `${node} has ${mebibytes(total)} of memory; PostgreSQL and Redis alone need ${mebibytes(neededMemory(context))}`,
    instead: "give the machine more, or less to them: harbor.database.memory, harbor.redis.memory",
    field: "harbor.database.memory",
  });
}

/** A program of the system that listens on another address is not in the way. */
function portsScript(address: string, ports: DataPorts): string {
  const owners = Object.entries(OWNERS).map(([name, unit]) => ({ port: portOf(ports, name), unit }));
  return `
owner() {
  case "$1" in
${owners.map(({ port, unit }) => `    ${port}) echo ${unit} ;;`).join("\n")}
  esac
}
taken=$(ss -Hltnp | while read -r state received sent local peer user; do
  unit=$(owner "\${local##*:}")
  [ -n "$unit" ] || continue
  case "\${local%:*}" in ${address} | 0.0.0.0 | '*' | '[::]') ;; *) continue ;; esac
  systemctl --quiet is-active "$unit" || echo "\${local##*:} \${user:-unknown}"
done | sort -u)
[ -z "$taken" ] || { echo "$taken" >&2; exit 1; }`;
}

function portOf(ports: DataPorts, name: string): number {
  const found = Object.entries(ports).find(([one]) => one === name);
  if (found === undefined) throw new RangeError(`no port ${name}`);
  return found[1];
}

function portsProblem(node: string, taken: string): Problem {
  const ports = taken.split("\n").map((line) => {
    const [port = "", user = ""] = line.split(" ");
    const program = /"([^"]+)",pid=(\d+)/.exec(user);
    return program === null ? port : `${port} (by ${program[1]}, process ${program[2]})`;
  });
  return new Problem({
    code: "preflight/data-port-taken",
    says: `of the ports of data base and Redis, ${ports.join(", ")} of ${node} ${ports.length === 1 ? "is" : "are"} taken`,
    instead:
      "stop and disable that program: a data base that is there already can be used by its address, harbor.database.kind: given",
  });
}

function mebibytes(bytes: number): string {
  return `${Math.floor(bytes / MEBIBYTE)} MiB`;
}
