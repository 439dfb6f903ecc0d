import type { Environment } from "../../spec/environment.js";
import type { Node, SiteInventory } from "../../spec/inventory.js";
import type { Images, ReleaseSecrets } from "../release.js";

/** Everything that the files of one node are made from. */
export interface NodeContext {
  readonly environment: Environment;
  readonly site: SiteInventory;
  readonly node: Node;
  readonly secrets: ReleaseSecrets;
  readonly images: Images;
}

/** The nodes of the site with the node itself first: the order in which uploads are offered. */
export function ownNodeFirst({ site, node }: NodeContext): readonly Node[] {
  return [node, ...site.nodes.filter((other) => other.name !== node.name)];
}
