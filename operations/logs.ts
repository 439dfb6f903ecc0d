import { type AuditLine, readAudit } from "../cluster/audit.js";
import { followLogs, type LogPart, readLogs } from "../cluster/logs.js";
import { nodeNamed, withCluster } from "./open-cluster.js";
import type { Workspace } from "./workspace.js";

export interface LogOptions {
  /** Only this node. @default - all */
  readonly node?: string | undefined;
  readonly part: LogPart;
  /** How many lines of each node. */
  readonly lines: number;
  /** Go on as lines are written, until interrupted. */
  readonly follow: boolean;
  /** Told each line with the node it comes from. */
  readonly print: (node: string, line: string) => void;
}

/** Reads the logs of the nodes; each node's lines come together, unless they are followed. */
export async function logs(workspace: Workspace, options: LogOptions): Promise<void> {
  if (options.node !== undefined) nodeNamed(workspace, options.node);
  await withCluster(workspace, async ({ hosts }) => {
    const asked = hosts.filter((host) => options.node === undefined || host.node.name === options.node);
    if (options.follow) {
      await Promise.all(
        asked.map(async (host) => {
          for await (const line of followLogs(host, options).lines) options.print(host.node.name, line);
        }),
      );
      return;
    }
    const texts = await Promise.all(asked.map((host) => readLogs(host, options)));
    for (const [index, host] of asked.entries()) {
      for (const line of (texts[index] ?? "").trimEnd().split("\n")) options.print(host.node.name, line);
    }
  });
}

/** Who changed what, on all nodes, the oldest first. */
export async function audit(workspace: Workspace, lines: number): Promise<readonly AuditLine[]> {
  const perHost = await withCluster(workspace, ({ hosts }) => Promise.all(hosts.map((host) => readAudit(host, lines))));
  return perHost.flat().sort((left, right) => (left.at < right.at ? -1 : left.at > right.at ? 1 : 0));
}
