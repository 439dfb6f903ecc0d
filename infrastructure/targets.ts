import type { Graph } from "./graph.js";
import { type MachineTypes, namesNode, nodeOfMachine } from "./machines.js";
import type { ResourceChange } from "./plan.js";

/** Addresses of the machines of nodes, by node. */
export function machinesOf(graph: Graph, machines: MachineTypes): Map<string, string> {
  const found = graph.resources.flatMap((address): [string, string][] => {
    const node = nodeOfMachine(address.slice(0, address.indexOf(".")), graph.path(address), machines);
    return node === undefined ? [] : [[node, address]];
  });
  return new Map(found);
}

/**
 * What belongs to the machines of some nodes: what has a node's name, and what needs these machines and no other one.
 * An alarm that counts all machines belongs to none of them.
 */
export function belongingTo(nodes: readonly string[], graph: Graph, machines: MachineTypes): string[] {
  const all = machinesOf(graph, machines);
  const theirs = new Set(nodes.flatMap((node) => all.get(node) ?? []));
  const others = new Set([...all.values()].filter((address) => !theirs.has(address)));
  return graph.resources.filter((address) => {
    if (theirs.has(address)) return true;
    if (others.has(address) || graph.needsOneOf(address, others)) return false;
    return graph.needsOneOf(address, theirs) || nodes.some((node) => namesNode(graph.path(address), node));
  });
}

/**
 * What of a plan can be done while every machine that is there goes on: all but the changes that interrupt one, and but
 * what needs such a machine, for Terraform would take that along.
 */
export function withoutInterruptions(changes: readonly ResourceChange[], graph: Graph): string[] {
  const interrupting = new Set(changes.filter(({ node }) => node !== undefined).map(({ address }) => address));
  return changes
    .map(({ address }) => address)
    .filter((address) => !interrupting.has(address) && !graph.needsOneOf(address, interrupting));
}

/**
 * What goes when a site is taken down and its images stay: everything that was made but the constructs that hold data,
 * as wholes, so that the bucket stays private, and what these need.
 * @param holding - resources that refuse to be deleted because they hold data
 */
export function allButData(made: readonly string[], holding: readonly string[], graph: Graph): string[] {
  const roomOf = (address: string) => graph.path(address).split("/")[0];
  const rooms = new Set(holding.map(roomOf));
  const kept = graph.neededBy(graph.resources.filter((address) => rooms.has(roomOf(address))));
  return made.filter((address) => !kept.has(address));
}
