import { wholeSeconds } from "../../spec/duration.js";
import type { HarborSeeds } from "../../spec/harbor/seeds.js";
import type { GivenRedis } from "../../spec/harbor/services.js";
import { harborOf } from "../../spec/harbor/software.js";
import { Problem } from "../../spec/problem.js";
import type { Secret } from "../../spec/secret.js";
import { carriersOf } from "../carriers.js";
import { DEFAULT_DATA_PORTS, ROTATING_USER } from "../data-context.js";
import { type DataAddresses, dataAddresses } from "../data-services.js";
import { HARBOR_PATHS } from "../harbor-layout.js";
import { needed } from "../missing.js";
import { plain, plainSecret } from "./harbor-plain.js";
import type { NodeContext } from "./node-view.js";

/** How Harbor reaches its data base. */
export interface DatabaseView {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  readonly user: string;
  readonly password: Secret;
  readonly sslMode: string;
}

/** Data bases of Redis by their use; sessions are always in 0. */
interface DatabaseNumbers {
  readonly registry: number;
  readonly jobs: number;
  readonly trivy: number;
  /** @default - 0 */
  readonly harbor: number | undefined;
  /** @default - where `harbor` is */
  readonly cacheLayer: number | undefined;
}

/** How Harbor reaches its Redis. */
export interface RedisView {
  /** One address with its port, or those of all Sentinels with commas between them. */
  readonly host: string;
  readonly sentinelMaster: string | undefined;
  readonly user: string | undefined;
  readonly password: Secret | undefined;
  readonly tls: boolean;
  /** Path of its CA. @default - a public one */
  readonly authority: string | undefined;
  readonly databases: DatabaseNumbers;
  readonly idleSeconds: number;
}

const OWN_DATABASES: DatabaseNumbers = { registry: 1, jobs: 2, trivy: 5, harbor: undefined, cacheLayer: undefined };
const OWN_IDLE_SECONDS = 30;

/** @returns what differs from node to node with a data base of one's own: each has a way to the primary */
export function databaseView(context: NodeContext): DatabaseView {
  const { database } = harborOf(context.environment);
  const password = plainSecret(seedsOf(context).databasePassword, "harbor/database-password");
  if (database.kind === "given") {
    const { host, port, name, user, sslMode } = database;
    return { host: plain(host, "harbor.database.host"), port, name, user, password, sslMode };
  }
  if (database.kind === "managed") {
    const made = needed(context.site.database, "the address of the site's data base");
    // Without the CA nobody is known; the connection stays inside the site's network, and is encrypted.
    return { ...made, password, sslMode: database.ca === undefined ? "require" : "verify-full" };
  }
  const { host, port, name, user, sslMode } = ownServices(context, database.nodes).database;
  const coming = seedsOf(context).comingDatabasePassword;
  if (coming === undefined) return { host, port, name, user, password, sslMode };
  const second = plainSecret(coming, "harbor/database-rotation");
  return { host, port, name, user: ROTATING_USER, password: second, sslMode };
}

export function redisView(context: NodeContext): RedisView {
  const { redis } = harborOf(context.environment);
  const password = () => plainSecret(redisPassword(context), "harbor/redis-password");
  if (redis.kind === "managed") {
    const { host, port, user } = needed(context.site.redis, "the address of the site's Redis");
    return {
      host: `${host}:${port}`,
      sentinelMaster: undefined,
      user,
      password: password(),
      tls: true,
      authority: redis.ca === undefined ? undefined : HARBOR_PATHS.authority("redis"),
      databases: OWN_DATABASES,
      idleSeconds: OWN_IDLE_SECONDS,
    };
  }
  if (redis.kind === "own") {
    const { sentinels, masterSet, tls } = ownServices(context, redis.nodes).redis;
    return {
      host: sentinels.join(","),
      sentinelMaster: masterSet,
      user: undefined,
      password: password(),
      tls,
      authority: undefined,
      databases: OWN_DATABASES,
      idleSeconds: OWN_IDLE_SECONDS,
    };
  }
  refuseZero(redis.databases);
  return {
    host: redis.addresses.join(","),
    sentinelMaster: redis.sentinelMaster,
    user: redis.user,
    password: redis.password ? password() : undefined,
    tls: redis.tls,
    authority: redis.ca === undefined ? undefined : HARBOR_PATHS.authority("redis"),
    databases: { ...redis.databases, harbor: redis.databases.harbor, cacheLayer: redis.databases.cacheLayer },
    idleSeconds: wholeSeconds(redis.idleTimeout),
  };
}

/** @throws Problem `release/missing` */
export function seedsOf({ secrets }: NodeContext): HarborSeeds {
  return needed(secrets.harbor, "what Harbor's nodes must share");
}

function redisPassword(context: NodeContext): Secret {
  return needed(seedsOf(context).redisPassword, "the secret harbor/redis-password");
}

/**
 * Where the nodes' own data base and Redis are for this one. A node that carries none goes the way of the first.
 */
function ownServices({ site, node }: NodeContext, names: readonly string[] | undefined): DataAddresses {
  const nodes = carriersOf(site.nodes, names).map(({ name, privateAddress }) => ({ name, address: privateAddress }));
  const carried = nodes.find(({ name }) => name === node.name) ?? nodes[0];
  const own = needed(carried, "a node that carries Harbor's data base").name;
  return dataAddresses({ nodes, settings: { ports: DEFAULT_DATA_PORTS } }, own);
}

/** Harbor drops a 0 and takes its own number instead, without a word. */
function refuseZero({ registry, jobs, trivy }: GivenRedis["databases"]): void {
  const zero = Object.entries({ registry, jobs, trivy }).find(([, number]) => number === 0);
  if (zero === undefined) return;
  throw new Problem({
    code: "harbor/redis-database-zero",
    says: `harbor.redis.databases.${zero[0]} is 0, which Harbor passes over for a number of its own`,
    instead: "0 holds the sessions; use 1 to 15",
    field: `harbor.redis.databases.${zero[0]}`,
  });
}
