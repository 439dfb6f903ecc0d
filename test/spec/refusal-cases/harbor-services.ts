import { host, hosts } from "../environments.js";
import { database, type HarborFile, harbor, harborOn, redis, release, withRedis } from "../harbor-environments.js";
import { harborManaged } from "./harbor-managed.js";
import type { RefusalCase } from "./refusal-case.js";

const withDatabase = (changes: Partial<Extract<HarborFile["database"], { kind: "given" }>>) =>
  harbor({ database: { ...database, ...changes }, redis });

/** Harbor on four nodes, whose data base is on the last three. */
const harbor4 = (redis: HarborFile["redis"]) =>
  harborOn(4, { database: { kind: "own", nodes: ["node-2", "node-3", "node-4"], maxConnections: 420 }, redis });

/** Harbor's data base and its Redis. */
export const harborServices: readonly RefusalCase[] = [
  {
    code: "harbor/database-quorum",
    refused: harborOn(2, { database: { kind: "own" } }),
    also: "harbor/own-services-alone",
    field: "harbor.database.kind",
    allowed: harborOn(2),
  },
  {
    code: "harbor/redis-quorum",
    refused: harborOn(1, { redis: { kind: "own" } }),
    also: "harbor/own-services-alone",
    field: "harbor.redis.kind",
    allowed: harborOn(3, { database: { kind: "own" }, redis: { kind: "own" } }),
  },
  {
    code: "harbor/database-nodes",
    refused: harborOn(3, { database: { kind: "own", nodes: ["node-1", "node-2", "node-4"] } }),
    also: "harbor/own-services-alone",
    field: "harbor.database.nodes",
    allowed: harborOn(4, {
      database: { kind: "own", nodes: ["node-1", "node-2", "node-4"], maxConnections: 420 },
      redis: { kind: "own", nodes: ["node-4", "node-2", "node-1"] },
    }),
  },
  {
    code: "harbor/redis-nodes",
    refused: harborOn(3, { redis: { kind: "own", nodes: ["node-1", "node-2", "node-2"] } }),
    also: "harbor/own-services-alone",
    field: "harbor.redis.nodes",
    allowed: {
      ...hosts({ hosts: [host(1), host(2), host(3)] }, { engine: "harbor" }),
      harbor: { release, redis: { kind: "own", nodes: ["node-3", "node-2", "node-1"] } },
    },
  },
  {
    code: "harbor/connections-beyond-database",
    refused: harbor({ connections: { open: 64 } }),
    field: "harbor.connections.open",
    allowed: harbor({ connections: { open: 63 } }),
  },
  {
    code: "harbor/connections-idle",
    refused: harbor({ connections: { open: 20, idle: 21 } }),
    field: "harbor.connections.idle",
    allowed: harbor({ connections: { open: 20, idle: 20 } }),
  },
  {
    code: "harbor/database-in-the-clear",
    refused: withDatabase({ sslMode: "disable" }),
    field: "harbor.database.sslMode",
    allowed: withDatabase({ sslMode: "disable", host: "fd00::5" }),
  },
  {
    code: "harbor/database-ca-unread",
    refused: withDatabase({ sslMode: "require", ca: "postgresql.crt" }),
    field: "harbor.database.ca",
    allowed: withDatabase({ sslMode: "verify-ca", ca: "postgresql.crt" }),
  },
  {
    code: "harbor/database-on-loopback",
    refused: withDatabase({ host: "localhost" }),
    field: "harbor.database.host",
    allowed: harborOn(1, { database: { ...database, host: "localhost" } }),
  },
  {
    code: "harbor/redis-cluster",
    refused: withRedis({ addresses: ["10.20.0.31:6379", "10.20.0.32:6379", "10.20.0.33:6379"] }),
    field: "harbor.redis.addresses",
    allowed: withRedis({ addresses: ["10.20.0.31:26379", "10.20.0.32:26379"], sentinelMaster: "harbor" }),
  },
  {
    code: "harbor/redis-user-without-password",
    refused: withRedis({ user: "harbor", password: false }),
    field: "harbor.redis.user",
    allowed: withRedis({ user: "harbor" }),
  },
  {
    code: "harbor/redis-ca-without-tls",
    refused: withRedis({ ca: "redis.crt" }),
    field: "harbor.redis.ca",
    allowed: withRedis({ ca: "redis.crt", tls: true }),
  },
  {
    code: "harbor/redis-in-the-clear",
    refused: withRedis({ addresses: ["redis.example.com:6379"] }),
    field: "harbor.redis.tls",
    allowed: withRedis({ addresses: ["redis.example.com:6379"], tls: true }),
  },
  {
    code: "harbor/redis-on-loopback",
    refused: withRedis({ addresses: ["127.0.0.1:6379"] }),
    field: "harbor.redis.addresses",
    allowed: harborOn(1, { redis: { ...redis, addresses: ["127.0.0.1:6379"] } }),
  },
  {
    code: "harbor/redis-database-zero",
    refused: withRedis({ databases: { jobs: 0 } }),
    field: "harbor.redis.databases.jobs",
    allowed: withRedis({ databases: { jobs: 3 } }),
  },
  {
    code: "harbor/redis-database-twice",
    refused: withRedis({ databases: { harbor: 5 } }),
    field: "harbor.redis.databases.harbor",
    allowed: withRedis({ databases: { harbor: 6, cacheLayer: 7 } }),
  },
  {
    code: "harbor/port-of-a-service",
    refused: harbor({}, { ports: { registry: 5432 } }),
    field: "registry.ports.registry",
    allowed: harbor({ database, redis }, { ports: { registry: 5432 } }),
  },
  {
    code: "harbor/own-services-alone",
    refused: harborOn(3, { redis: { kind: "own" } }),
    field: "harbor.redis.kind",
    allowed: harborOn(3, { database: { kind: "own" }, redis: { kind: "own" } }),
  },
  {
    code: "harbor/own-services-apart",
    refused: harbor4({ kind: "own" }),
    field: "harbor.redis.nodes",
    allowed: harbor4({ kind: "own", nodes: ["node-4", "node-3", "node-2"] }),
  },
  ...harborManaged,
];
