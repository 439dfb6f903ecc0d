import type { Construct } from "constructs";
import { Cache } from "../constructs/alicloud/cache.js";
import { Database } from "../constructs/alicloud/database.js";
import type { Network } from "../constructs/alicloud/network.js";
import type { SecurityGroups } from "../constructs/alicloud/security-groups.js";
import type { Tags } from "../constructs/named.js";
import type { SiteOutputs } from "../spec/cloud/outputs.js";
import { managedServices } from "../spec/cloud/services.js";
import type { AlicloudSite } from "../spec/cloud/sites.js";
import type { Environment } from "../spec/environment.js";
import type { Protection } from "./context.js";
import { cacheSettings, databaseSettings } from "./harbor-services.js";

/** Where the services of Harbor stand. */
export interface ServicesPlace {
  readonly common: { readonly name: string; readonly tags: Tags };
  readonly site: AlicloudSite;
  readonly network: Network;
  readonly groups: SecurityGroups;
  readonly protection: Protection;
}

/**
 * Harbor's data base and Redis, as far as its file leaves them to the cloud, and only for the nodes. Nobody can log in
 * to either until `up` has given them their passwords: here they would stay in the state.
 */
export function addServices(
  scope: Construct,
  environment: Environment,
  place: ServicesPlace,
): Pick<SiteOutputs, "database" | "cache"> {
  const { database, redis } = managedServices(environment);
  const common = { ...place.common, network: place.network, password: "elsewhere" } as const;
  return {
    ...(database === undefined
      ? {}
      : {
          database: opened(
            new Database(scope, "database", {
              ...common,
              ...databaseSettings(place.site, database),
              // A key of one's own needs a role that only the console makes.
              key: "service",
              protect: place.protection.data,
            }),
            place.groups,
          ),
        }),
    ...(redis === undefined
      ? {}
      : {
          cache: opened(
            new Cache(scope, "cache", {
              ...common,
              ...cacheSettings(place.site, redis),
              protect: place.protection.site,
            }),
            place.groups,
          ),
        }),
  };
}

/** Lets the nodes in, and tells where they find it. */
function opened(service: Database | Cache, groups: SecurityGroups) {
  service.allowFrom(groups);
  return { id: service.resources.instance.id, address: service.address, port: service.port };
}
