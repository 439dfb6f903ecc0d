import { type DataNode, type DataServicesContext, HARBOR_DATABASE } from "../data-context.js";
import { DATA_PATHS, DATA_RUN, type RunFolder, runFolder } from "../data-layout.js";
import { dataScope } from "./etcd.js";

/** A name and what it is set to. */
interface Setting {
  readonly name: string;
  readonly value: string | number | boolean;
}

/** What the files of PostgreSQL say. */
export interface PostgresqlView {
  readonly name: string;
  readonly scope: string;
  readonly listenAddress: string;
  readonly restAddress: string;
  readonly etcdAddresses: readonly string[];
  /** What Patroni keeps in etcd, for all nodes. */
  readonly dynamic: readonly Setting[];
  readonly parameters: readonly Setting[];
  /** Lines of pg_hba.conf. */
  readonly hostRules: readonly string[];
  /** Bytes. */
  readonly memory: number;
  readonly run: RunFolder & { readonly config: string; readonly programs: string; readonly passwordFile: string };
  readonly paths: typeof DATA_PATHS;
}

/** PostgreSQL with the passwords that Patroni uses; for patroni.yml only. */
export interface PatroniView extends PostgresqlView {
  readonly replicationPassword: DataServicesContext["secrets"]["replicationPassword"];
  readonly rewindPassword: DataServicesContext["secrets"]["rewindPassword"];
}

export function postgresqlView(context: DataServicesContext, node: DataNode): PostgresqlView {
  const { environment, nodes, settings } = context;
  const { etcd, patroni, postgresql } = settings.ports;
  const run = runFolder(DATA_RUN.postgresql);
  const { parameters, ...dynamic } = patroniSettings(context);
  return {
    name: node.name,
    scope: dataScope(environment),
    listenAddress: `${node.address}:${postgresql}`,
    restAddress: `${node.address}:${patroni}`,
    etcdAddresses: nodes.map(({ address }) => `${address}:${etcd}`),
    dynamic: settingsOf(dynamic),
    parameters: settingsOf(parameters),
    hostRules: nodes.flatMap(({ address }) => [
      `hostssl replication replicator ${address}/32 scram-sha-256`,
      `hostssl postgres rewinder ${address}/32 scram-sha-256`,
      // Harbor's role, and its members: a second login is one while the password is being changed.
      `hostssl ${HARBOR_DATABASE.name} +${HARBOR_DATABASE.user} ${address}/32 scram-sha-256`,
    ]),
    memory: settings.memory.postgresql,
    run: {
      ...run,
      config: `${run.folder}/patroni.yml`,
      programs: `${run.folder}/bin`,
      passwordFile: `${run.folder}/pgpass`,
    },
    paths: DATA_PATHS,
  };
}

export function patroniView(context: DataServicesContext, node: DataNode): PatroniView {
  const { replicationPassword, rewindPassword } = context.secrets;
  return { ...postgresqlView(context, node), replicationPassword, rewindPassword };
}

/** What the entry of a node says, the way to the primary. */
export interface DatabaseEntryView {
  readonly entryAddress: string;
  readonly restPort: number;
  readonly maxConnections: number;
  readonly servers: readonly { readonly name: string; readonly address: string }[];
  readonly paths: typeof DATA_PATHS;
}

export function databaseEntryView({ nodes, settings }: DataServicesContext, node: DataNode): DatabaseEntryView {
  const { ports, maxConnections } = settings;
  return {
    entryAddress: `${node.address}:${ports.databaseEntry}`,
    restPort: ports.patroni,
    maxConnections: 2 * maxConnections,
    servers: nodes.map(({ name, address }) => ({ name, address: `${address}:${ports.postgresql}` })),
    paths: DATA_PATHS,
  };
}

/** Patroni's settings for the whole cluster, kept in etcd. */
export interface PatroniSettings {
  readonly ttl: number;
  readonly loop_wait: number;
  readonly retry_timeout: number;
  readonly maximum_lag_on_failover: number;
  readonly synchronous_mode: boolean;
  readonly synchronous_mode_strict: boolean;
  readonly synchronous_node_count: number;
  readonly failsafe_mode: boolean;
  readonly primary_start_timeout: number;
  readonly primary_stop_timeout: number;
  readonly parameters: Readonly<Record<string, string | number>>;
}

const MEBIBYTE = 1024 * 1024;

/**
 * Patroni's settings for the whole cluster.
 *
 * Time without a primary when its host dies: at most ttl for its word to lapse, 2 s more when etcd's own leader died
 * with it (a new one begins all leases anew), 2 s to promote, 1 s until the entries have seen it: 13 s. The rule
 * loop_wait + 2 x retry_timeout <= ttl keeps a slow answer of etcd from being taken for a loss.
 */
export function patroniSettings({ settings }: Pick<DataServicesContext, "settings">): PatroniSettings {
  return {
    ttl: 8,
    loop_wait: 2,
    retry_timeout: 3,
    maximum_lag_on_failover: MEBIBYTE,
    // A commit is acknowledged when a second node has it on disk, and only that node may become the primary. So a
    // primary that hangs, is cut off or loses Patroni acknowledges nothing that would be lost: no watchdog is needed.
    synchronous_mode: true,
    // With both replicas away the primary goes on alone, and none but itself may be the next: nothing is lost unless it
    // is lost for good as the third.
    synchronous_mode_strict: false,
    synchronous_node_count: 1,
    // etcd away and all nodes there: the primary goes on instead of stopping the registry.
    failsafe_mode: true,
    primary_start_timeout: 5,
    primary_stop_timeout: 5,
    parameters: serverParameters(settings.maxConnections, settings.memory.postgresql),
  };
}

function serverParameters(maxConnections: number, memory: number): Record<string, string | number> {
  const megabytes = (bytes: number) => `${Math.floor(bytes / MEBIBYTE)}MB`;
  return {
    max_connections: maxConnections,
    shared_buffers: megabytes(memory / 4),
    effective_cache_size: megabytes(memory / 2),
    maintenance_work_mem: megabytes(memory / 32),
    wal_level: "replica",
    wal_log_hints: "on",
    max_wal_senders: 10,
    max_replication_slots: 10,
    max_wal_size: "1GB",
    wal_keep_size: "256MB",
    // What waits for a replica that is away must not fill the primary's disk; beyond this the replica is made anew.
    max_slot_wal_keep_size: "4GB",
    // On, so that an archive can begin without a restart; until then what is archived goes nowhere.
    archive_mode: "on",
    archive_command: "/bin/true",
    // A synchronous replica that hangs holds up every commit until its connection is given up (60 s by default).
    wal_sender_timeout: "5s",
    wal_receiver_timeout: "5s",
    wal_retrieve_retry_interval: "1s",
    tcp_keepalives_idle: 10,
    tcp_keepalives_interval: 5,
    tcp_keepalives_count: 3,
    tcp_user_timeout: 15_000,
    log_checkpoints: "off",
    log_line_prefix: "%u@%d ",
  };
}

function settingsOf(values: Readonly<Record<string, string | number | boolean>>): Setting[] {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}
