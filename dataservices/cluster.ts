import type { Host } from "../hosts/host.js";
import type { DataNode, DataRelease, DataServicesContext } from "../release/data-context.js";
import { renderDataServices } from "../release/data-services.js";

/** A host that carries data base and Redis, and what it shall have. */
export interface DataMember {
  readonly host: Host;
  readonly node: DataNode;
  readonly release: DataRelease;
}

/** The data services of an environment on their hosts, in the order of the nodes. */
export interface DataCluster {
  readonly context: DataServicesContext;
  readonly members: readonly DataMember[];
}

/**
 * Puts hosts and what they shall have together.
 * @param hosts - one for each node of the context, found by its name
 * @throws Problem as `renderDataServices` does
 */
export function dataCluster(context: DataServicesContext, hosts: readonly Host[]): DataCluster {
  const releases = renderDataServices(context);
  const members = context.nodes.map((node) => {
    const host = hosts.find((candidate) => candidate.node.name === node.name);
    const release = releases.find((candidate) => candidate.node === node.name);
    if (host === undefined || release === undefined) throw new RangeError(`there is no host for ${node.name}`);
    return { host, node, release };
  });
  return { context, members };
}
