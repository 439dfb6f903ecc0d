import type { CloudSite } from "../spec/cloud/sites.js";
import type { Environment } from "../spec/environment.js";
import type { Storage } from "../spec/storage.js";
import { portOfAddress, portOfUrl, portsOfHarbor } from "./harbor-ports.js";

/**
 * TCP ports outside that the nodes of a site connect to: of the storage, of what is mirrored, of receivers of events, of
 * Redis, and of all that Harbor is told of. Everything else they need is at 80 and 443.
 */
export function outboundPorts(environment: Pick<Environment, "registry" | "harbor">, { bucket }: CloudSite): number[] {
  const { registry } = environment;
  const urls = [
    ...(registry.storage.kind === "managed" ? urlsOf(bucket.endpoint) : storageUrls(registry.storage)),
    ...urlsOf(registry.mirror?.upstream),
    ...registry.notifications.map(({ url }) => url),
  ];
  const redis = registry.cache.kind === "redis" ? registry.cache.addresses.map(portOfAddress) : [];
  return [...new Set([...urls.map(portOfUrl), ...redis, ...portsOfHarbor(environment)])].sort((a, b) => a - b);
}

function storageUrls(storage: Storage): string[] {
  return storage.kind === "s3" ? urlsOf(storage.endpoint) : [];
}

function urlsOf(url: string | undefined): string[] {
  return url === undefined ? [] : [url];
}
