import { DATA_PATHS } from "../release/data-layout.js";

/** The systemd units, by what they run. */
export const SERVICES = {
  filter: "harborwright-data-filter.service",
  etcd: "harborwright-etcd.service",
  postgresql: "harborwright-postgresql.service",
  entry: "harborwright-database-entry.service",
  redis: "harborwright-redis.service",
  sentinel: "harborwright-sentinel.service",
} as const;

/** One file a unit: the digest of the files that it has taken up. Removed before one of them changes. */
export const MARKS = "/var/lib/harborwright/data-services";

const { authority, certificate, certificateKey } = DATA_PATHS;

/** Shell: curl as a node speaks to Patroni. */
export const CURL = `curl --silent --max-time 4 --cacert ${authority} --cert ${certificate} --key ${certificateKey}`;

/** Shell: etcdctl as a node speaks to etcd. */
export const ETCDCTL = `env ETCDCTL_API=3 etcdctl --cacert ${authority} --cert ${certificate} --key ${certificateKey} --dial-timeout 3s --command-timeout 5s`;

/** Shell: the password of Redis as this host has it, for redis-cli, which finds it in its environment. */
export const REDIS_PASSWORD = `REDISCLI_AUTH=$(sed -n 's/^requirepass "\\(.*\\)"$/\\1/p' ${DATA_PATHS.redisConfig}); export REDISCLI_AUTH`;

/** Shell: the name and password with which sentinels speak to each other. */
export const SENTINEL_PASSWORD = `REDISCLI_AUTH=$(sed -n 's/^sentinel sentinel-pass "\\(.*\\)"$/\\1/p' ${DATA_PATHS.sentinelConfig}); export REDISCLI_AUTH`;
