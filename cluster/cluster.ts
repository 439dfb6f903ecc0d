import type { Host } from "../hosts/host.js";
import type { Environment } from "../spec/environment.js";
import type { SiteInventory } from "../spec/inventory.js";

/** The hosts of one site and the environment they serve: what every piece of work on a cluster is given. */
export interface Cluster {
  readonly environment: Environment;
  readonly site: SiteInventory;
  /** One a node, in the order of the site's nodes. */
  readonly hosts: readonly Host[];
}

/** Who does the work, for the lock, the journal and the audit log. */
export interface Operator {
  /** user@machine */
  readonly who: string;
  /** What was typed: "harborwright up local". */
  readonly command: string;
}
