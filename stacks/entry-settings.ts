import type { BalancerKind } from "../constructs/load-balancer.js";
import type { CloudSite } from "../spec/cloud/sites.js";
import type { Environment } from "../spec/environment.js";

/** What a site's balancer is told on every cloud. */
export function balancerSettings<Kind extends BalancerKind>(
  { registry, front }: Environment,
  { kind, public: open, tls }: Pick<CloudSite["entry"], "public" | "tls"> & { readonly kind: Kind },
) {
  return {
    kind,
    public: open,
    tls,
    port: registry.ports.https,
    statusPort: registry.ports.status,
    uploadTimeout: front.uploadTimeout,
    drain: registry.drain,
  };
}

/** Whether a cache before the registry may keep layers: it asks nobody who he is. */
export function isForEverybody({ registry }: Environment): boolean {
  return registry.authentication.kind === "none" && registry.clientCertificates === undefined;
}
