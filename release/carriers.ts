import type { Node } from "../spec/inventory.js";

/** Nodes that carry data base and Redis when the file names none. */
const CARRIERS = 3;

/**
 * The nodes that carry data base and Redis of an environment's own, in the order of its nodes.
 * @param nodes - all nodes of the site
 * @param names - those that the file names. @default - the first three
 */
export function carriersOf(nodes: readonly Node[], names: readonly string[] | undefined): readonly Node[] {
  return names === undefined ? nodes.slice(0, CARRIERS) : nodes.filter(({ name }) => names.includes(name));
}
