import { hostname, userInfo } from "node:os";
import { join, resolve } from "node:path";
import type { Cluster, Operator } from "../cluster/cluster.js";
import { connect } from "../hosts/connect.js";
import { type Gate, openGate } from "../hosts/gate.js";
import type { Node } from "../spec/inventory.js";
import { Problem } from "../spec/problem.js";
import { silentProgress } from "../supply/progress.js";
import { cloudSite, onlySite, type Workspace } from "./workspace.js";

/** Connects to every host of an environment. Close the hosts when done. */
export function openCluster(workspace: Workspace, gate: Gate = openGate()): Cluster {
  const site = onlySite(workspace);
  const knownHosts = join(workspace.stateFolder, "known_hosts");
  return {
    environment: workspace.environment,
    site,
    hosts: site.nodes.map((node) => connect(withKeyBesideFile(node, workspace), { knownHosts, gate })),
  };
}

/** Runs work on the hosts and closes their connections, however it ends. */
export async function withCluster<T>(
  workspace: Workspace,
  work: (cluster: Cluster) => Promise<T>,
  gate: Gate = openGate(),
): Promise<T> {
  const cluster = openCluster(await reachableFromHere(workspace), gate);
  try {
    return await work(cluster);
  } finally {
    await Promise.all(cluster.hosts.map((host) => host.close()));
  }
}

/** Loaded only where a cloud carries the hosts: all other commands start without it. */
export async function reachableFromHere(workspace: Workspace): Promise<Workspace> {
  if (cloudSite(workspace) === undefined) return workspace;
  const { reachable } = await import("./cloud.js");
  return reachable(workspace, silentProgress);
}

/** Who is at the keyboard, for the lock, the journal and the audit log. */
export function operator(command: string): Operator {
  return { who: `${userInfo().username}@${hostname()}`, command };
}

/** @throws Problem `nodes/unknown` with the names that exist */
export function nodeNamed(workspace: Workspace, name: string): Node {
  const nodes = workspace.inventory.sites.flatMap((site) => site.nodes);
  const found = nodes.find((node) => node.name === name);
  if (found !== undefined) return found;
  throw new Problem({
    code: "nodes/unknown",
    says: `there is no node ${JSON.stringify(name)} in ${workspace.environment.environment}`,
    instead: `nodes are ${nodes.map((node) => node.name).join(", ")}`,
  });
}

/** A key file that an environment names lies beside it; ssh itself knows what `~` is. */
export function withKeyBesideFile(node: Node, workspace: Workspace): Node {
  const { identityFile } = node.ssh;
  if (identityFile === undefined || identityFile.startsWith("~")) return node;
  return { ...node, ssh: { ...node.ssh, identityFile: resolve(workspace.folder, identityFile) } };
}
