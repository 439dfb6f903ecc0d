import type { SecretStore } from "../secrets/store.js";
import { AlidnsZone } from "./alidns.js";
import type { OpenZone } from "./challenge-records.js";
import { keysFor } from "./cloud-keys.js";
import { Route53Zone } from "./route53.js";

/**
 * Opens zones with the keys of this environment or of the operator.
 * @param environment - name of the environment, for what is to be typed
 */
export function openZoneWith(store: SecretStore, environment: string): OpenZone {
  return async (provider, zone) => {
    const keys = await keysFor(provider, store, environment);
    return provider === "route53" ? new Route53Zone(zone, keys) : new AlidnsZone(zone, keys);
  };
}
