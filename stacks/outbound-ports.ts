import type { CloudSite } from "../spec/cloud/sites.js";
import type { Environment } from "../spec/environment.js";
import type { Storage } from "../spec/storage.js";

/**
 * TCP ports outside that the nodes of a site connect to: of the storage, of what is mirrored, of receivers of events and
 * of Redis. Everything else they need is at 80 and 443.
 */
export function outboundPorts({ registry }: Pick<Environment, "registry">, { bucket }: CloudSite): number[] {
  const urls = [
    ...(registry.storage.kind === "managed" ? urlsOf(bucket.endpoint) : storageUrls(registry.storage)),
    ...urlsOf(registry.mirror?.upstream),
    ...registry.notifications.map(({ url }) => url),
  ];
  const redis = registry.cache.kind === "redis" ? registry.cache.addresses.map(portOfAddress) : [];
  return [...new Set([...urls.map(portOfUrl), ...redis])].sort((a, b) => a - b);
}

function storageUrls(storage: Storage): string[] {
  return storage.kind === "s3" ? urlsOf(storage.endpoint) : [];
}

function urlsOf(url: string | undefined): string[] {
  return url === undefined ? [] : [url];
}

function portOfUrl(text: string): number {
  const { port, protocol } = new URL(text);
  return port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
}

/** The port of `host:port`; an address of IPv6 stands in brackets. */
function portOfAddress(address: string): number {
  return Number(address.slice(address.lastIndexOf(":") + 1));
}
