import type { Environment } from "../spec/environment.js";
import { harborOf } from "../spec/harbor/software.js";
import type { SiteInventory } from "../spec/inventory.js";
import { bytes } from "../spec/size.js";
import { carriersOf } from "./carriers.js";
import { type DataServicesContext, type DataServicesSecrets, DEFAULT_DATA_PORTS } from "./data-context.js";

/** The passwords, with what only the environment's CA gives. */
export type DataSecretsAndCertificates = DataServicesSecrets & Pick<DataServicesContext, "authority" | "certificates">;

/** The data services of an environment without their secrets: enough to ask how they are. */
export type DataServicesPlaces = Pick<DataServicesContext, "environment" | "nodes" | "clients" | "settings">;

const MEBIBYTE = 1024 ** 2;
/** What etcd keeps is a few kilobytes; the rest is its log and the kernel's cache. */
const ETCD_MEMORY = 512 * MEBIBYTE;
/** Redis' service has a third more than its data: copies for a replica and for a rewritten log. */
const REDIS_SERVICE = 4 / 3;

/**
 * Where the data services of an environment are, and how large.
 * @returns undefined when the nodes carry none: another engine runs, or `harbor.database` is elsewhere
 */
export function dataServicesPlaces(environment: Environment, site: SiteInventory): DataServicesPlaces | undefined {
  if (environment.registry.engine !== "harbor") return undefined;
  const { database, redis } = harborOf(environment);
  if (database.kind !== "own" || redis.kind !== "own") return undefined;
  const carriers = carriersOf(site.nodes, database.nodes);
  return {
    environment: environment.environment,
    nodes: carriers.map(({ name, privateAddress }) => ({ name, address: privateAddress })),
    clients: site.nodes.filter((node) => !carriers.includes(node)).map(({ privateAddress }) => privateAddress),
    settings: {
      ports: DEFAULT_DATA_PORTS,
      maxConnections: database.maxConnections,
      memory: {
        postgresql: bytes(database.memory),
        redis: Math.ceil(bytes(redis.memory) * REDIS_SERVICE),
        etcd: ETCD_MEMORY,
      },
    },
  };
}

/** Everything that the data services of an environment are made from. */
export function dataServicesContext(
  places: DataServicesPlaces,
  { authority, certificates, ...secrets }: DataSecretsAndCertificates,
): DataServicesContext {
  return { ...places, secrets, authority, certificates };
}
