import type { Environment } from "../spec/environment.js";
import type { SiteInventory } from "../spec/inventory.js";
import type { RegistryAddress } from "./registry-request.js";
import type { LeftOut, VerifyStep, VerifyTarget } from "./verify.js";

/** How we come in: what clients must trust, and an account. */
export type Access = Pick<RegistryAddress, "ca" | "credentials" | "clientCertificate" | "timeout">;

/** The way to nodes that this machine reaches by SSH alone. */
export interface WayToNodes {
  /** Ports of 127.0.0.1, by name of the node. */
  readonly ports: ReadonlyMap<string, number>;
  /** PEM of the CA that signs what the nodes show: behind a balancer that ends TLS it is not the one clients trust. */
  readonly ca: string;
}

/**
 * What `verify` can try at a site, and through which ways in.
 * @param now - names the run, so that several at once do not meet; where nothing can be deleted each run makes the same
 * images, so that they do not pile up
 * @param way - @default - nodes are reached at their addresses
 */
export function verifyTarget(
  environment: Environment,
  site: SiteInventory,
  access: Access,
  now: Date,
  way?: WayToNodes,
): VerifyTarget {
  const { hostname, ports } = environment.registry;
  const at = (address: string) => ({ ...access, hostname, address, port: ports.https });
  const tunnelled = (name: string) => ({ ...at("127.0.0.1"), port: way?.ports.get(name) ?? 0, ca: way?.ca ?? "" });
  const nodes = site.nodes.map(({ name, address }) => ({
    through: name,
    node: true,
    address: way === undefined ? at(address) : tunnelled(name),
  }));
  const published = { ...at("127.0.0.1"), port: site.published ?? 0 };
  return {
    doors: [
      { through: "entry", node: false, address: at(site.entry.address) },
      ...(site.published === undefined
        ? []
        : [{ through: "published", node: false, pastNetwork: true, address: published }]),
      ...nodes,
    ],
    run: environment.registry.delete ? now.getTime().toString(36) : "kept",
    leaveOut: leaveOut(environment, access),
  };
}

/** Steps that need the right to write, and those that need the right to delete. */
export const WRITES: readonly VerifyStep[] = [
  "push",
  "pull-by-tag",
  "pull-by-digest",
  "upload-across",
  "delete",
  "gone",
];
const DELETES: readonly VerifyStep[] = ["delete", "gone"];

/** Steps that this environment does not allow, each with the setting that says so. */
function leaveOut({ registry }: Environment, access: Access): LeftOut[] {
  if (registry.mirror !== undefined) {
    return because(WRITES, `nothing can be pushed to a mirror (registry.mirror of ${registry.mirror.upstream})`);
  }
  if (registry.readOnly) return because(WRITES, "registry.readOnly is true");
  if (registry.authentication.kind === "token" && access.credentials === undefined) {
    return because(WRITES, "registry.authentication is token: only its server has accounts");
  }
  if (!registry.delete) return because(DELETES, "registry.delete is false; the tiny images stay");
  return [];
}

/** Steps that are left out for one reason. */
export function because(steps: readonly VerifyStep[], why: string): LeftOut[] {
  return steps.map((step) => ({ step, why }));
}
