import { type CloudSite, isCloud } from "../cloud/sites.js";
import type { Environment } from "../environment.js";
import type { View, Whole } from "../refusal.js";
import { nodesOf, whole } from "../refusal.js";
import type { Notification, RedisCache } from "../registry.js";
import type { HostsSite, LocalSite, Site } from "../site.js";
import type { S3Storage, Storage } from "../storage.js";

/** The environment, if its storage is spoken to as S3. */
export function s3(environment: Environment): (Whole & { readonly storage: S3Storage })[] {
  const seen = whole(environment);
  return seen.storage.kind === "s3" ? [{ ...seen, storage: seen.storage }] : [];
}

/** The environment, if its storage is of one kind. */
export function storageOf<Kind extends Storage["kind"]>(kind: Kind) {
  return (environment: Environment): (Whole & { readonly storage: Extract<Storage, { kind: Kind }> })[] => {
    const seen = whole(environment);
    return isOf(seen.storage, kind) ? [{ ...seen, storage: seen.storage }] : [];
  };
}

function isOf<Kind extends Storage["kind"]>(storage: Storage, kind: Kind): storage is Extract<Storage, { kind: Kind }> {
  return storage.kind === kind;
}

/** Version and cache, if the cache is Redis. */
export function redis(environment: Environment): (Whole & { readonly cache: RedisCache })[] {
  const seen = whole(environment);
  return seen.registry.cache.kind === "redis" ? [{ ...seen, cache: seen.registry.cache }] : [];
}

/** The environment, if it mirrors another registry. */
export function mirrors(environment: Environment) {
  const seen = whole(environment);
  const { mirror } = seen.registry;
  return mirror === undefined ? [] : [{ ...seen, mirror, upstream: new URL(mirror.upstream) }];
}

/** Each receiver of events, with those before it. */
export function everyNotification(
  environment: Environment,
): (View & { readonly receiver: Notification; readonly before: readonly Notification[] })[] {
  return environment.registry.notifications.map((receiver, index, all) => ({
    at: [index],
    receiver,
    before: all.slice(0, index),
  }));
}

/** Each site, with those before it. */
export function everySite(environment: Environment): (View & {
  readonly environment: Environment;
  readonly site: Site;
  readonly before: readonly Site[];
  readonly nodes: number;
})[] {
  return environment.sites.map((site, index, all) => ({
    at: [index],
    environment,
    site,
    before: all.slice(0, index),
    nodes: nodesOf(site),
  }));
}

/** Each site on this machine. */
export function localSites(environment: Environment) {
  return everySite(environment).flatMap((seen) => {
    const site: LocalSite | undefined = seen.site.provider === "local" ? seen.site : undefined;
    return site === undefined ? [] : [{ ...seen, site }];
  });
}

/** Each site of hosts that exist already. */
export function hostsSites(environment: Environment) {
  return everySite(environment).flatMap((seen) => {
    const site: HostsSite | undefined = seen.site.provider === "hosts" ? seen.site : undefined;
    return site === undefined ? [] : [{ ...seen, site }];
  });
}

/** Each site that a cloud carries. */
export function cloudSites(environment: Environment) {
  return everySite(environment).flatMap((seen) => {
    const site: CloudSite | undefined = isCloud(seen.site) ? seen.site : undefined;
    return site === undefined ? [] : [{ ...seen, site, registry: environment.registry }];
  });
}

type Host = HostsSite["hosts"][number];

/** Each given host of all sites, with those before it. */
export function everyHost(
  environment: Environment,
): (View & { readonly host: Host; readonly before: readonly Host[]; readonly site: HostsSite })[] {
  const before: Host[] = [];
  return hostsSites(environment).flatMap(({ site, at: [index = 0] }) =>
    site.hosts.map((host, place) => {
      const seen = { at: [index, place], host, before: [...before], site };
      before.push(host);
      return seen;
    }),
  );
}
