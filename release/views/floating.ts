import type { EntryPoint } from "../../spec/inventory.js";
import { PATHS } from "../layout.js";
import type { NodeContext } from "./node-view.js";

/** Priority of the first node; 255 means the owner of an address, which none is. */
const FIRST_PRIORITY = 200;
/** Between two nodes. Whoever has the higher one waits a little shorter before it takes the address. */
const PRIORITY_STEP = 10;

/** What the files of the floating address say. */
export interface FloatingView {
  readonly routerName: string;
  readonly routerId: number;
  readonly priority: number;
  readonly advertMilliseconds: number;
  readonly address: string;
  /** @default - found on the host, by its private address */
  readonly interface: string | undefined;
  readonly ownAddress: string;
  readonly peers: readonly string[];
  readonly statusPort: number;
  readonly paths: typeof PATHS;
}

/** @returns undefined for a site without a floating address, or with one node, which has nobody to hand it to */
export function floatingView({ environment, site, node }: NodeContext): FloatingView | undefined {
  if (!floats(site.entry) || site.nodes.length < 2) return undefined;
  const position = site.nodes.findIndex(({ name }) => name === node.name);
  const { address, advertMilliseconds, routerId } = site.entry;
  return {
    routerName: `${environment.environment}-${node.name}`,
    routerId,
    priority: FIRST_PRIORITY - PRIORITY_STEP * position,
    advertMilliseconds,
    address,
    interface: site.entry.interface,
    ownAddress: node.privateAddress,
    peers: site.nodes.filter(({ name }) => name !== node.name).map(({ privateAddress }) => privateAddress),
    statusPort: environment.registry.ports.status,
    paths: PATHS,
  };
}

function floats(entry: EntryPoint): entry is Extract<EntryPoint, { from: "floating" }> {
  return entry.from === "floating";
}
