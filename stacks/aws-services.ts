import type { Construct } from "constructs";
import { Cache } from "../constructs/aws/cache.js";
import { Database } from "../constructs/aws/database.js";
import type { Network } from "../constructs/aws/network.js";
import type { SecurityGroups } from "../constructs/aws/security-groups.js";
import type { SiteKey } from "../constructs/encryption-key.js";
import type { SiteOutputs } from "../spec/cloud/outputs.js";
import { type ManagedServices, managedServices } from "../spec/cloud/services.js";
import type { AwsSite } from "../spec/cloud/sites.js";
import type { Environment } from "../spec/environment.js";
import type { Protection } from "./context.js";
import { cacheSettings, databaseSettings } from "./harbor-services.js";

/** Where the services of Harbor stand. */
export interface ServicesPlace {
  readonly name: string;
  readonly site: AwsSite;
  readonly network: Network;
  readonly groups: SecurityGroups;
  readonly key: SiteKey | "service";
  readonly protection: Protection;
}

/**
 * Harbor's data base and Redis, as far as its file leaves them to the cloud, and only for the nodes. Harbor can log in to
 * neither until `up` has given it its passwords: here they would stay in the state.
 */
export function addServices(
  scope: Construct,
  environment: Environment,
  place: ServicesPlace,
): Pick<SiteOutputs, "database" | "cache"> {
  const { database, redis } = managedServices(environment);
  return {
    ...(database === undefined ? {} : { database: addDatabase(scope, database, place) }),
    ...(redis === undefined ? {} : { cache: addCache(scope, redis, place) }),
  };
}

function addDatabase(
  scope: Construct,
  database: NonNullable<ManagedServices["database"]>,
  { name, site, network, groups, key, protection }: ServicesPlace,
): NonNullable<SiteOutputs["database"]> {
  const made = new Database(scope, "database", {
    name,
    network,
    key,
    ...databaseSettings(site, database),
    maxConnections: database.maxConnections,
    protect: protection.data,
  });
  made.allowFrom(groups);
  const { instance } = made.resources;
  return { id: instance.identifier, address: made.address, port: made.port, secret: made.secret };
}

function addCache(
  scope: Construct,
  redis: NonNullable<ManagedServices["redis"]>,
  { name, site, network, groups, key, protection }: ServicesPlace,
): NonNullable<SiteOutputs["cache"]> {
  const made = new Cache(scope, "cache", {
    name,
    network,
    key,
    ...cacheSettings(site, redis),
    protect: protection.site,
  });
  made.allowFrom(groups);
  const { userId, resources } = made;
  const id = resources.replicationGroup.id;
  return { id, address: made.address, port: made.port, ...(userId === undefined ? {} : { userId }) };
}
