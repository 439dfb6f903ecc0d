import { diskGibibytes } from "../constructs/hosts.js";
import { MANAGED_DATABASE, type ManagedServices, managedServices, serviceSize } from "../spec/cloud/services.js";
import type { CloudSite } from "../spec/cloud/sites.js";
import type { Environment } from "../spec/environment.js";

/** What a site's data base is told on every cloud. */
export function databaseSettings(site: CloudSite, database: NonNullable<ManagedServices["database"]>) {
  const { storage, storageLimit, version, backupDays } = database;
  return {
    zones: site.zones,
    size: serviceSize("database", site, database),
    version,
    database: MANAGED_DATABASE.name,
    owner: MANAGED_DATABASE.user,
    storageGibibytes: diskGibibytes(storage),
    ...(storageLimit === undefined ? {} : { storageLimitGibibytes: diskGibibytes(storageLimit) }),
    backupDays,
  };
}

/** What a site's cache is told on every cloud. */
export function cacheSettings(site: CloudSite, redis: NonNullable<ManagedServices["redis"]>) {
  return { zones: site.zones, size: serviceSize("redis", site, redis) };
}

/** Whether a site keeps what cannot be made again: images, or what Harbor knows of them. */
export function keepsData(environment: Environment): boolean {
  return environment.registry.storage.kind === "managed" || managedServices(environment).database !== undefined;
}
