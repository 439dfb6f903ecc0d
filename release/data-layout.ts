const CONFIGURATION = "/etc/harborwright";
const DATA = "/var/lib/harborwright";
const UNITS = "/etc/systemd/system";

/** Where data base and Redis lie on a host. Templates and dataservices/ rely on these paths. */
export const DATA_PATHS = {
  /** Of the node, for all that these programs say to each other. */
  certificate: `${CONFIGURATION}/data-services/server.crt`,
  certificateKey: `${CONFIGURATION}/data-services/server.key`,
  authority: `${CONFIGURATION}/data-services/ca.crt`,
  filter: `${CONFIGURATION}/data-services/filter.sh`,
  filterUnit: `${UNITS}/harborwright-data-filter.service`,
  tmpfiles: "/etc/tmpfiles.d/harborwright-data.conf",
  sysctl: "/etc/sysctl.d/61-harborwright-data.conf",

  etcdConfig: `${CONFIGURATION}/etcd/etcd.yml`,
  etcdStart: `${CONFIGURATION}/etcd/start.sh`,
  etcdUnit: `${UNITS}/harborwright-etcd.service`,
  etcd: `${DATA}/etcd`,
  etcdData: `${DATA}/etcd/data`,
  /** `new` or `existing`: how a member begins that has no data yet. */
  etcdBegin: `${DATA}/etcd/begin`,

  patroniConfig: `${CONFIGURATION}/postgresql/patroni.yml`,
  postgresqlStart: `${CONFIGURATION}/postgresql/start.sh`,
  postgresqlUnit: `${UNITS}/harborwright-postgresql.service`,
  postgresql: `${DATA}/postgresql`,
  postgresqlData: `${DATA}/postgresql/data`,
  entryConfig: `${CONFIGURATION}/postgresql/entry.cfg`,
  entryUnit: `${UNITS}/harborwright-database-entry.service`,

  redisConfig: `${CONFIGURATION}/redis/redis.conf`,
  redisStart: `${CONFIGURATION}/redis/start-redis.sh`,
  redisPrimary: `${CONFIGURATION}/redis/primary.sh`,
  redisUnit: `${UNITS}/harborwright-redis.service`,
  redisData: `${DATA}/redis`,
  /** Written by the programs themselves: whom they follow, what sentinels have learnt. */
  redisState: `${DATA}/redis/redis.conf`,
  sentinelConfig: `${CONFIGURATION}/redis/sentinel.conf`,
  sentinelStart: `${CONFIGURATION}/redis/start-sentinel.sh`,
  sentinelUnit: `${UNITS}/harborwright-sentinel.service`,
  sentinelState: `${DATA}/redis/sentinel.conf`,
} as const;

/** Every file that is brought; what lies below /var/lib the programs make themselves. */
export const DATA_FILES: readonly string[] = Object.values(DATA_PATHS).filter((path) => !path.startsWith(DATA));

/** What lies in the folder of a service below /run: copies of its secrets that are its user's own. */
export interface RunFolder {
  /** `harborwright-etcd` */
  readonly name: string;
  readonly folder: string;
  readonly certificate: string;
  readonly key: string;
  readonly authority: string;
}

/** No host knows the users' numbers before the packages are there, so root's files are copied at the start. */
export function runFolder(name: string): RunFolder {
  const folder = `/run/${name}`;
  return {
    name,
    folder,
    certificate: `${folder}/server.crt`,
    key: `${folder}/server.key`,
    authority: `${folder}/ca.crt`,
  };
}

/** Folders below /run, by what runs. */
export const DATA_RUN = {
  etcd: "harborwright-etcd",
  postgresql: "harborwright-postgresql",
  redis: "harborwright-redis",
  sentinel: "harborwright-sentinel",
} as const;
