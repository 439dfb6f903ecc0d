import type { Cluster } from "../cluster/cluster.js";
import type { Host } from "../hosts/host.js";
import { Problem } from "../spec/problem.js";
import { withCluster } from "./open-cluster.js";
import { caFile, entryUrl, type Workspace } from "./workspace.js";

/** How one node is. */
export interface NodeStatus {
  readonly site: string;
  readonly name: string;
  readonly address: string;
  /** Whether it serves: reachable over SSH, its containers run, its front answers and is not drained. */
  readonly healthy: boolean;
  /** First 16 digits of the release it runs. */
  readonly release: string | null;
  readonly engine: { readonly name: string; readonly version: string };
  /** Why it is not healthy, or what else is worth knowing. */
  readonly remark?: string;
  /** Whether it holds the floating address now. */
  readonly holdsEntry: boolean;
}

/** The stable form of `status --json`. */
export interface Status {
  readonly environment: string;
  readonly entry: { readonly url: string; readonly address: string; readonly caFile: string };
  readonly nodes: readonly NodeStatus[];
}

/** Milliseconds after which a node counts as silent. */
const PATIENCE = 6_000;

/** Asks every node how it is; one that does not answer is unhealthy, not an error. */
export async function status(workspace: Workspace): Promise<Status> {
  const nodes = await withCluster(workspace, (cluster) =>
    Promise.all(cluster.hosts.map((host) => nodeStatus(host, cluster))),
  );
  return {
    environment: workspace.environment.environment,
    entry: { ...entryUrl(workspace), caFile: caFile(workspace) },
    nodes,
  };
}

async function nodeStatus(host: Host, cluster: Cluster): Promise<NodeStatus> {
  const { registry } = cluster.environment;
  const base = {
    site: host.node.site,
    name: host.node.name,
    address: host.node.address,
    engine: { name: registry.engine, version: registry.version },
  };
  try {
    const answer = await host.read(statusScript(cluster), { timeout: PATIENCE });
    return { ...base, ...readAnswer(answer) };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { ...base, healthy: false, release: null, holdsEntry: false, remark: error.details.says };
  }
}

/** One round trip. `-f` is left out so that the body tells a degraded node from a drained one. */
function statusScript({ environment, site }: Cluster): string {
  const { ports } = environment.registry;
  const floating = site.entry.from === "floating" ? site.entry.address : "";
  return `
release=$(readlink /opt/harborwright/current 2>/dev/null); echo "release=\${release##*/}"
echo "containers=$(docker ps --filter label=com.docker.compose.project=harborwright --filter status=running --format '{{.Label "com.docker.compose.service"}}' 2>/dev/null | sort | tr '\\n' ' ')"
echo "health=$(curl -s --max-time 3 -o - -w ' %{http_code}' http://127.0.0.1:${ports.status}/healthz 2>/dev/null | tr -d '\\n')"
[ -e /run/harborwright/drain ] && echo drained=yes
[ -n "${floating}" ] && ip -4 -o addr show 2>/dev/null | grep -qF ' ${floating}/' && echo entry=yes
true
`;
}

function readAnswer(answer: string): Pick<NodeStatus, "healthy" | "release" | "remark" | "holdsEntry"> {
  const facts = new Map(answer.split("\n").map((line) => splitOnce(line)));
  const release = facts.get("release") || null;
  const containers = (facts.get("containers") ?? "").trim().split(" ");
  const remark = remarkOn(release, containers, facts);
  return {
    healthy: remark === undefined,
    release,
    holdsEntry: facts.get("entry") === "yes",
    ...(remark === undefined ? {} : { remark }),
  };
}

function remarkOn(
  release: string | null,
  containers: readonly string[],
  facts: ReadonlyMap<string, string>,
): string | undefined {
  if (release === null) return "nothing is installed here yet";
  if (facts.get("drained") === "yes") return "drained";
  const stopped = ["front", "registry"].filter((service) => !containers.includes(service));
  if (stopped.length > 0) return `${stopped.join(" and ")} does not run`;
  const health = facts.get("health") ?? "";
  if (!health.endsWith(" 200")) return `the front answers ${health.trim() || "nothing"}`;
  return health.startsWith("degraded") ? health.slice(0, -" 200".length).trim() : undefined;
}

function splitOnce(line: string): [string, string] {
  const at = line.indexOf("=");
  return at < 0 ? [line, ""] : [line.slice(0, at), line.slice(at + 1)];
}
