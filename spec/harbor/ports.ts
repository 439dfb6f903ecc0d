/** Ports that PostgreSQL and Redis of one's own take on each node that carries them, and on each node that asks them. */
export const OWN_SERVICE_PORTS = {
  database: { etcd: 2379, "etcd's members": 2380, PostgreSQL: 5432, "the way to PostgreSQL": 5433, Patroni: 8008 },
  redis: { Redis: 6379, Sentinel: 26379 },
} as const;

/** Port on loopback of each node to which Harbor's containers send their logs. */
export const HARBOR_LOG_PORT = 1514;

/** Ports inside of the containers of Harbor's programs, where the port of metrics is opened as well. */
export const HARBOR_INNER_PORTS: readonly number[] = [5000, 5443, 8080, 8443];
