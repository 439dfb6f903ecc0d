import type { Host } from "../hosts/host.js";
import type { DataNode, DataRelease, DataServicesContext } from "../release/data-context.js";
import { renderDataServices } from "../release/data-services.js";

/** A host that carries data base and Redis. */
export interface DataPlace {
  readonly host: Host;
  readonly node: DataNode;
}

/** A host that carries data base and Redis, and what it shall have. */
export interface DataMember extends DataPlace {
  readonly release: DataRelease;
}

/** Where the data services of an environment are: enough to ask how they are, and to end them. */
export interface DataPlaces {
  readonly context: Pick<DataServicesContext, "nodes" | "settings">;
  /** Those whose host takes part, in the order of the nodes. */
  readonly members: readonly DataPlace[];
}

/** The data services of an environment on their hosts. */
export interface DataCluster extends DataPlaces {
  readonly context: DataServicesContext;
  readonly members: readonly DataMember[];
}

/**
 * Puts hosts and the nodes that they carry together.
 * @param hosts - found by the names of the nodes; those of other nodes do not matter
 */
export function dataPlaces(context: DataPlaces["context"], hosts: readonly Host[]): DataPlaces {
  const members = context.nodes.flatMap((node) => {
    const host = hosts.find((candidate) => candidate.node.name === node.name);
    return host === undefined ? [] : [{ host, node }];
  });
  return { context, members };
}

/**
 * Puts hosts and what they shall have together. A node whose host is left out is none of the members.
 * @throws Problem as `renderDataServices` does
 */
export function dataCluster(context: DataServicesContext, hosts: readonly Host[]): DataCluster {
  const releases = new Map(renderDataServices(context).map((release) => [release.node, release]));
  const members = dataPlaces(context, hosts).members.flatMap((place) => {
    const release = releases.get(place.node.name);
    return release === undefined ? [] : [{ ...place, release }];
  });
  return { context, members };
}

/** Whether the hosts of all nodes take part. */
export function isWhole({ context, members }: DataPlaces): boolean {
  return members.length === context.nodes.length;
}
