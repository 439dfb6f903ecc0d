import type { Cluster } from "../cluster/cluster.js";
import { type NodeHealth, readHealth, serves } from "../cluster/health.js";
import type { DataServicesHealth } from "../dataservices/health.js";
import type { Host } from "../hosts/host.js";
import { carriesDataServices } from "../secrets/data-secrets.js";
import { Problem } from "../spec/problem.js";
import { reachableFromHere, withCluster } from "./open-cluster.js";
import { type ServedCertificate, servedCertificate } from "./served-certificate.js";
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
  /** What the entry shows to clients. @default - it does not answer */
  readonly certificate?: ServedCertificate;
  readonly nodes: readonly NodeStatus[];
  /** Data base and Redis on the nodes, and what is wrong with them. @default - the nodes carry none */
  readonly dataServices?: DataServicesHealth;
}

/** Asks every node how it is; one that does not answer is unhealthy, not an error. */
export async function status(given: Workspace): Promise<Status> {
  const workspace = await reachableFromHere(given);
  const [certificate, { nodes, dataServices }] = await Promise.all([
    servedCertificate(workspace),
    withCluster(workspace, clusterStatus),
  ]);
  return {
    environment: workspace.environment.environment,
    entry: { ...entryUrl(workspace), caFile: caFile(workspace) },
    ...(certificate === undefined ? {} : { certificate }),
    nodes,
    ...(dataServices === undefined ? {} : { dataServices }),
  };
}

async function clusterStatus(cluster: Cluster): Promise<Pick<Status, "nodes" | "dataServices">> {
  const [nodes, dataServices] = await Promise.all([
    Promise.all(cluster.hosts.map((host) => nodeStatus(host, cluster))),
    dataServicesStatus(cluster),
  ]);
  return { nodes, ...(dataServices === undefined ? {} : { dataServices }) };
}

/** Other engines start without what asks for it. */
async function dataServicesStatus(cluster: Cluster): Promise<DataServicesHealth | undefined> {
  if (!carriesDataServices(cluster.environment)) return undefined;
  const { ownDataServicesHealth } = await import("./data-services.js");
  return ownDataServicesHealth(cluster);
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
    const health = await readHealth(host);
    const remark = remarkOn(health);
    return {
      ...base,
      healthy: serves(health),
      release: health.release ?? null,
      holdsEntry: health.holdsAddress,
      ...(remark === undefined ? {} : { remark }),
    };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { ...base, healthy: false, release: null, holdsEntry: false, remark: error.details.says };
  }
}

function remarkOn({ installed, drained, reasons }: NodeHealth): string | undefined {
  if (!installed) return "nothing is installed here yet";
  const remarks = [...(drained === undefined ? [] : [`drained by ${drained}`]), ...reasons];
  return remarks.length === 0 ? undefined : remarks.join("; ");
}
