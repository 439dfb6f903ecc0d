import { OWN_SERVICE_PORTS } from "../spec/harbor/ports.js";
import type { Secret } from "../spec/secret.js";
import type { FileOf } from "./release.js";

/** The part of a node's data services that must act when a file changes. */
export type DataUnit =
  | "filter"
  | "kernel"
  | "folders"
  | "etcd"
  | "postgresql"
  /** What needs PostgreSQL itself to start again; all else it takes up with a reload. */
  | "postgresql-program"
  | "database-entry"
  | "database-entry-program"
  | "redis"
  | "sentinel";

/** In the order in which they act. */
export const DATA_UNITS = [
  "kernel",
  "folders",
  "filter",
  "etcd",
  "postgresql",
  "postgresql-program",
  "database-entry",
  "database-entry-program",
  "redis",
  "sentinel",
] as const satisfies readonly DataUnit[];

export type DataFile = FileOf<DataUnit>;

/** A host of the data services. */
export interface DataNode {
  readonly name: string;
  /** Its IPv4 address between the nodes. */
  readonly address: string;
}

/** What the data services must know and nobody else. All but the keys: letters, digits, `_` and `-`. */
export interface DataServicesSecrets {
  /** Of Harbor's role, which owns its data base. */
  readonly databasePassword: Secret;
  /** The one that it shall have. A second login has it already. @default - it is not being changed */
  readonly comingDatabasePassword?: Secret;
  readonly replicationPassword: Secret;
  readonly rewindPassword: Secret;
  readonly redisPassword: Secret;
  /** Between the sentinels. */
  readonly sentinelPassword: Secret;
}

/** A certificate of the environment's CA, good for server and client, for the node's name and its address. */
export interface NodeCertificate {
  /** PEM, its chain included. */
  readonly certificate: string;
  readonly key: Secret;
}

/** Ports of the data services. */
export interface DataPorts {
  readonly etcd: number;
  readonly etcdPeer: number;
  readonly postgresql: number;
  /** Patroni's own, which tells who is the primary. */
  readonly patroni: number;
  /** The way to the primary, on each node. */
  readonly databaseEntry: number;
  readonly redis: number;
  readonly sentinel: number;
}

const { database, redis } = OWN_SERVICE_PORTS;

export const DEFAULT_DATA_PORTS: DataPorts = {
  etcd: database.etcd,
  etcdPeer: database["etcd's members"],
  postgresql: database.PostgreSQL,
  patroni: database.Patroni,
  databaseEntry: database["the way to PostgreSQL"],
  redis: redis.Redis,
  sentinel: redis.Sentinel,
};

/** What may be set, in bytes and numbers. */
export interface DataSettings {
  readonly ports: DataPorts;
  /** Connections that PostgreSQL accepts. Harbor takes 2 x `connections` on each node. */
  readonly maxConnections: number;
  /** Bytes that each may use before the kernel ends it. */
  readonly memory: { readonly postgresql: number; readonly redis: number; readonly etcd: number };
}

/** Everything that the data services of an environment are made from. */
export interface DataServicesContext {
  readonly environment: string;
  /** Three or more; an odd number. The first begins. */
  readonly nodes: readonly DataNode[];
  /** IPv4 addresses of other nodes, whose Harbor comes here, too. */
  readonly clients: readonly string[];
  readonly secrets: DataServicesSecrets;
  /** PEM of the environment's CA. */
  readonly authority: string;
  /** By name of the node. */
  readonly certificates: Readonly<Record<string, NodeCertificate>>;
  readonly settings: DataSettings;
}

/** Names that Harbor is given. */
export const HARBOR_DATABASE = { name: "registry", user: "harbor" } as const;
/** Harbor's second login, there only while the password of the first is being changed. */
export const ROTATING_USER = "harbor_rotating";
/** What the sentinels call the primary. */
export const REDIS_MASTER_SET = "harbor";

/** Everything that one host gets for its data services. The same input gives the same bytes. */
export interface DataRelease {
  readonly node: string;
  /** Sorted by path. */
  readonly files: readonly DataFile[];
  /** sha256 over the files of each unit, in hex. */
  readonly units: Readonly<Record<DataUnit, string>>;
}
