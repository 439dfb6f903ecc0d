import type { Environment } from "../environment.js";
import { OWN_SERVICE_PORTS } from "../harbor/ports.js";
import { refusalOfEach } from "../refusal.js";
import { isLoopback, isPrivateHost } from "../url.js";
import { harborManagedRefusals } from "./harbor-managed.js";
import {
  givenDatabases,
  givenRedises,
  harbors,
  nodeNames,
  ownDatabases,
  ownRedises,
  type WithHarbor,
} from "./harbor-views.js";

/** Nodes that a quorum is made of. */
const QUORUM = 3;

/** Connections that PostgreSQL needs for Patroni, replicas, metrics and an operator. */
const RESERVED_CONNECTIONS = 20;

/** A service on the nodes. */
interface Own {
  readonly name: string;
  readonly each: (
    environment: Environment,
  ) => readonly (WithHarbor & { readonly service: { readonly nodes?: readonly string[] | undefined } })[];
}

const SERVICES: Readonly<Record<"database" | "redis", Own>> = {
  database: { each: ownDatabases, name: "PostgreSQL" },
  redis: { each: ownRedises, name: "Redis" },
};

/** A host as the first part of a URL; an address of IPv6 stands in brackets there. */
function urlOf(host: string): string {
  return `http://${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}`;
}

function hostOf(address: string): string {
  return address.slice(0, address.lastIndexOf(":"));
}

const quorum = (service: keyof typeof SERVICES) =>
  refusalOfEach(SERVICES[service].each, `harbor/${service}-quorum`, {
    when: ({ nodes }) => nodes < QUORUM,
    field: `harbor.${service}.kind`,
    says: ({ nodes }) => `own with ${nodes === 1 ? "1 node" : `${nodes} nodes`}`,
    because: `who of them is the primary of ${SERVICES[service].name} is decided by a majority, and of two nodes none is left when one dies`,
    instead: `three nodes or more, or harbor.${service}.kind: given`,
    source: "Patroni documentation, DCS quorum; Redis documentation, Sentinel: three at the least",
  });

const carriers = (service: keyof typeof SERVICES) =>
  refusalOfEach(SERVICES[service].each, `harbor/${service}-nodes`, {
    when: ({ service: { nodes: named }, environment }) =>
      named !== undefined &&
      (new Set(named).size !== QUORUM || named.length !== QUORUM || hasUnknown(named, environment)),
    field: `harbor.${service}.nodes`,
    says: ({ service: { nodes: named = [] } }) => named.join(", ") || "no node",
    because: `${SERVICES[service].name} runs on three different nodes of this environment: a fourth adds nothing to a majority`,
    instead: ({ environment }) => `three of ${nodeNames(environment).join(", ")}; or leave it away for the first three`,
    source: "by design of harbor.database and harbor.redis",
  });

/** The services as the file has them, whoever makes them. */
function pairs(environment: Environment) {
  return harbors(environment).map((seen) => {
    const { database, redis } = seen.harbor;
    return { ...seen, database, redis };
  });
}

const oneOwn = refusalOfEach(pairs, "harbor/own-services-alone", {
  when: ({ database, redis }) => (database.kind === "own") !== (redis.kind === "own"),
  field: "harbor.redis.kind",
  says: ({ database, redis }) => `${redis.kind} with harbor.database.kind: ${database.kind}`,
  because: "PostgreSQL and Redis are brought to the nodes together, or neither is",
  instead: ({ database }) =>
    database.kind === "own"
      ? "own, or another harbor.database.kind as well"
      : `the address of one that exists (given)${database.kind === "managed" ? ", managed," : ""} or harbor.database.kind: own`,
  source: "by design of harbor.database and harbor.redis",
});

const ownApart = refusalOfEach(pairs, "harbor/own-services-apart", {
  when: ({ database, redis, environment }) =>
    database.kind === "own" &&
    redis.kind === "own" &&
    carrierNames(database.nodes, environment) !== carrierNames(redis.nodes, environment),
  field: "harbor.redis.nodes",
  says: ({ redis, environment }) => carrierNames(redis.kind === "own" ? redis.nodes : undefined, environment),
  because: "PostgreSQL and Redis are on the same three nodes",
  instead: ({ database, environment }) =>
    carrierNames(database.kind === "own" ? database.nodes : undefined, environment),
  source: "by design of harbor.database and harbor.redis",
});

function carrierNames(named: readonly string[] | undefined, environment: Environment): string {
  return [...(named ?? nodeNames(environment).slice(0, QUORUM))].sort().join(", ");
}

function hasUnknown(named: readonly string[], environment: Environment): boolean {
  const known = nodeNames(environment);
  return named.some((name) => !known.includes(name));
}

/** PostgreSQL whose connections are ours to say: on the nodes, or of the cloud. */
function countedDatabases(environment: Environment) {
  return harbors(environment).flatMap((seen) => {
    const { database } = seen.harbor;
    return database.kind === "given" ? [] : [{ ...seen, service: database }];
  });
}

const tooManyConnections = refusalOfEach(countedDatabases, "harbor/connections-beyond-database", {
  when: ({ nodes, harbor, service }) => wantedConnections(nodes, harbor.connections.open) > service.maxConnections,
  field: "harbor.connections.open",
  says: ({ nodes, harbor, service }) =>
    `${harbor.connections.open} for each of two programs on ${nodes} nodes, and ${RESERVED_CONNECTIONS} for the data base's own, with maxConnections ${service.maxConnections}`,
  because: "PostgreSQL turns away what goes beyond, and a busy Harbor then answers with 500",
  instead: ({ nodes, harbor, service }) =>
    `${Math.floor((service.maxConnections - RESERVED_CONNECTIONS) / (2 * nodes))} at the most, or harbor.database.maxConnections: ${wantedConnections(nodes, harbor.connections.open)}`,
  source: "goharbor/harbor v2.15.2: core and jobservice open max_open_conns each",
});

function wantedConnections(nodes: number, open: number): number {
  return nodes * 2 * open + RESERVED_CONNECTIONS;
}

const moreIdleThanOpen = refusalOfEach(harbors, "harbor/connections-idle", {
  when: ({ harbor: { connections } }) => connections.idle > connections.open,
  field: "harbor.connections.idle",
  says: ({ harbor: { connections } }) => `${connections.idle} idle with ${connections.open} open`,
  because: "connections that are not open cannot be kept, and the driver lowers the number without a word",
  instead: ({ harbor: { connections } }) => `${connections.open} at the most`,
  source: "Go, database/sql: SetMaxIdleConns",
});

const databaseInTheClear = refusalOfEach(givenDatabases, "harbor/database-in-the-clear", {
  when: ({ database }) => database.sslMode === "disable" && !isPrivateHost(urlOf(database.host)),
  field: "harbor.database.sslMode",
  says: ({ database }) => `disable with ${database.host}`,
  because: "password, users and the names of all images would travel where anybody on the way can read them",
  instead: "verify-full, or a private name or address",
  source: "PostgreSQL documentation, libpq: sslmode",
});

const databaseCaUnread = refusalOfEach(givenDatabases, "harbor/database-ca-unread", {
  when: ({ database }) => database.ca !== undefined && !database.sslMode.startsWith("verify"),
  field: "harbor.database.ca",
  says: ({ database }) => `a CA with sslMode: ${database.sslMode}`,
  because: "no certificate is checked in this mode, so whoever answers is believed",
  instead: "sslMode: verify-full, or no ca",
  source: "PostgreSQL documentation, libpq: sslmode; pgx follows it",
});

const databaseLoopback = refusalOfEach(givenDatabases, "harbor/database-on-loopback", {
  when: ({ database, nodes }) => isLoopback(urlOf(database.host)) && nodes > 1,
  field: "harbor.database.host",
  says: ({ database, nodes }) => `${database.host} with ${nodes} nodes`,
  because: "each node would ask itself, so each would have projects and users of its own",
  instead: "an address that means the same data base on every node",
  source: "Harbor's documentation, high availability: one PostgreSQL for all",
});

const redisCluster = refusalOfEach(givenRedises, "harbor/redis-cluster", {
  when: ({ redis }) => redis.addresses.length > 1 && redis.sentinelMaster === undefined,
  field: "harbor.redis.addresses",
  says: ({ redis }) => `${redis.addresses.length} addresses and no sentinelMaster`,
  because: "this would be a Redis Cluster, which has one data base only, and Harbor needs several",
  instead: "sentinelMaster, if these are Sentinels; otherwise one address, of a service without cluster mode",
  source: "goharbor/harbor #8620, #19582",
});

const redisUser = refusalOfEach(givenRedises, "harbor/redis-user-without-password", {
  when: ({ redis }) => redis.user !== undefined && !redis.password,
  field: "harbor.redis.user",
  says: "a user with password: false",
  because: "without a password nobody logs in, and Redis takes Harbor for default",
  instead: "password: true, or no user",
  source: "goharbor/harbor v2.15.2, make/photon/prepare/utils/configs.py: the URL of Redis",
});

const redisCa = refusalOfEach(givenRedises, "harbor/redis-ca-without-tls", {
  when: ({ redis }) => redis.ca !== undefined && !redis.tls,
  field: "harbor.redis.ca",
  says: "a CA with tls: false",
  because: "no certificate is asked for without TLS",
  instead: "tls: true, or no ca",
  source: "goharbor/harbor v2.15.2, make/harbor.yml.tmpl: external_redis.tlsOptions",
});

const redisInTheClear = refusalOfEach(givenRedises, "harbor/redis-in-the-clear", {
  when: ({ redis }) => !redis.tls && redis.addresses.some((address) => !isPrivateHost(urlOf(hostOf(address)))),
  field: "harbor.redis.tls",
  says: ({ redis }) => `false with ${redis.addresses.join(", ")}`,
  because: "Redis holds sessions and, in the clear, the password for LDAP; anybody on the way could read them",
  instead: "tls: true, or private names and addresses",
  source: "measured: the key cache:cfgs holds the LDAP password in clear text",
});

const redisLoopback = refusalOfEach(givenRedises, "harbor/redis-on-loopback", {
  when: ({ redis, nodes }) => nodes > 1 && redis.addresses.some((address) => isLoopback(urlOf(hostOf(address)))),
  field: "harbor.redis.addresses",
  says: ({ redis, nodes }) => `${redis.addresses.join(", ")} with ${nodes} nodes`,
  because: "each node would ask itself, so sessions, locks and queues would be each node's own",
  instead: "addresses that mean the same Redis on every node",
  source: "Harbor's documentation, high availability: one Redis for all",
});

/** Each numbered data base of a given Redis, with the one before it that has the same number. */
function redisDatabases(environment: Environment) {
  return givenRedises(environment).flatMap(({ redis }) => {
    const numbered = Object.entries(redis.databases).flatMap(([name, number]) =>
      number === undefined ? [] : [{ at: [name], name, number }],
    );
    return numbered.map((one, index) => ({
      ...one,
      same: numbered.slice(0, index).find(({ number }) => number === one.number),
    }));
  });
}

const redisZero = refusalOfEach(redisDatabases, "harbor/redis-database-zero", {
  when: ({ number }) => number === 0,
  field: "harbor.redis.databases.*",
  says: ({ name }) => `0 for ${name}`,
  because: "0 has the sessions, and Harbor drops a 0 without a word and takes its own default",
  instead: "1 to 15",
  source: "measured with prepare of v2.15.2: any index 0 is dropped",
});

const redisTwice = refusalOfEach(redisDatabases, "harbor/redis-database-twice", {
  when: ({ number, same }) => number !== 0 && same !== undefined,
  field: "harbor.redis.databases.*",
  says: ({ number, name, same }) => `${number} for ${name} and for ${same?.name}`,
  because: "each takes a data base for its own: who empties one of them, by hand or after a fault, empties the other",
  instead: "a number of its own for each: registry 1, jobs 2, trivy 5",
  source: "goharbor/harbor v2.15.2, make/harbor.yml.tmpl: an index for each",
});

/** Each port of the registry that a service on the nodes has already. */
function takenPorts(environment: Environment) {
  return harbors(environment).flatMap(({ harbor, registry }) => {
    const taken = (["database", "redis"] as const).flatMap((service) =>
      harbor[service].kind === "own" ? Object.entries(OWN_SERVICE_PORTS[service]) : [],
    );
    return Object.entries(registry.ports).map(([name, port]) => ({
      at: [name],
      port,
      owner: taken.find(([, other]) => other === port)?.[0],
    }));
  });
}

const portOfService = refusalOfEach(takenPorts, "harbor/port-of-a-service", {
  when: ({ owner }) => owner !== undefined,
  field: "registry.ports.*",
  says: ({ port, owner }) => `${port} is the port of ${owner}`,
  because: "both listen on the same host, and the second does not start",
  instead: "another port; or kind: given for the service, which is then on other machines",
  source: "spec/harbor/ports.ts: OWN_SERVICE_PORTS",
});

/** Refusals that concern Harbor's data base and its Redis. */
export const harborServiceRefusals = [
  quorum("database"),
  quorum("redis"),
  carriers("database"),
  carriers("redis"),
  tooManyConnections,
  moreIdleThanOpen,
  databaseInTheClear,
  databaseCaUnread,
  databaseLoopback,
  redisCluster,
  redisUser,
  redisCa,
  redisInTheClear,
  redisLoopback,
  redisZero,
  redisTwice,
  portOfService,
  oneOwn,
  ownApart,
  ...harborManagedRefusals,
];
