import { local } from "../environments.js";
import { harbor, harborOn, withRedis } from "../harbor-environments.js";
import type { RefusalCase } from "./refusal-case.js";

const otel = { endpoint: "otel.internal:4318" } as const;
const jaeger = { endpoint: "http://jaeger.internal:14268/api/traces" } as const;

/** Harbor's own programs. */
export const harborSoftware: readonly RefusalCase[] = [
  {
    code: "harbor/purge-after",
    refused: harbor({}, { uploads: { purgeAfter: "1h" } }),
    field: "registry.uploads.purgeAfter",
    allowed: harbor({}, { uploads: { purgeAfter: "120m" } }),
  },
  {
    code: "harbor/purge-every",
    refused: harbor({}, { uploads: { purgeEvery: "150m" } }),
    field: "registry.uploads.purgeEvery",
    allowed: harbor({}, { uploads: { purgeEvery: "7d" } }),
  },
  {
    code: "harbor/cache-expire",
    refused: harbor({ cache: { expire: "90m" } }),
    field: "harbor.cache.expire",
    allowed: harbor({ cache: { enabled: true, expire: "1h" } }),
  },
  {
    code: "harbor/job-duration",
    refused: harbor({ jobs: { maxDuration: "23h" } }),
    field: "harbor.jobs.maxDuration",
    allowed: harbor({ jobs: { maxDuration: "3d" } }),
  },
  {
    code: "harbor/job-logs",
    refused: harbor({ jobs: { keepLogs: "36h" } }),
    field: "harbor.jobs.keepLogs",
    allowed: harbor({ jobs: { keepLogs: "24h" } }),
  },
  {
    code: "harbor/webhook-timeout",
    refused: harbor({ jobs: { webhookTimeout: "500ms" } }),
    field: "harbor.jobs.webhookTimeout",
    allowed: harbor({ jobs: { webhookTimeout: "1m" } }),
  },
  {
    code: "harbor/redis-idle",
    refused: withRedis({ idleTimeout: "1500ms" }),
    field: "harbor.redis.idleTimeout",
    allowed: withRedis({ idleTimeout: "2000ms" }),
  },
  {
    code: "harbor/trace-timeout",
    refused: harbor({ trace: { otel: { ...otel, timeout: "100ms" } } }),
    field: "harbor.trace.otel.timeout",
    allowed: harbor({ trace: { otel: { ...otel, timeout: "1s" } } }),
  },
  {
    code: "harbor/external-url",
    refused: harbor({ externalUrl: "http://registry.example.com" }),
    field: "harbor.externalUrl",
    allowed: harbor({ externalUrl: "https://registry.example.com:8443" }),
  },
  {
    code: "harbor/hostname-of-the-template",
    refused: harbor({}, { hostname: "reg.mydomain.com" }),
    field: "registry.hostname",
    allowed: local({ hostname: "reg.mydomain.com" }),
  },
  {
    code: "harbor/data-volume-of-the-system",
    refused: harbor({ dataVolume: "/etc/harbor" }),
    field: "harbor.dataVolume",
    allowed: harbor({ dataVolume: "/srv/harbor" }),
  },
  {
    code: "harbor/internal-tls-data-volume",
    refused: harbor({ dataVolume: "/srv/harbor", internalTls: { enabled: true } }),
    field: "harbor.dataVolume",
    allowed: harbor({ internalTls: { enabled: true } }),
  },
  {
    code: "harbor/ciphers-without-nginx-tls",
    refused: harbor({ nginx: { strongCiphers: true } }),
    field: "harbor.nginx.strongCiphers",
    allowed: harbor({ nginx: { strongCiphers: true, tls: true } }),
  },
  {
    code: "harbor/ciphers-without-internal-tls",
    refused: harbor({ internalTls: { strongCiphers: true } }),
    field: "harbor.internalTls.strongCiphers",
    allowed: harbor({ internalTls: { strongCiphers: true, enabled: true } }),
  },
  {
    code: "harbor/ciphers-differ",
    refused: harbor({ nginx: { tls: true }, internalTls: { enabled: true, strongCiphers: true } }),
    field: "harbor.internalTls.strongCiphers",
    allowed: harbor({ internalTls: { enabled: true, strongCiphers: true } }),
  },
  {
    code: "harbor/redirect-port-taken",
    refused: harbor({ nginx: { tls: true, redirectPort: 5000 } }),
    field: "harbor.nginx.redirectPort",
    allowed: harbor({ nginx: { tls: true, redirectPort: 5002 } }),
  },
  {
    code: "harbor/metrics-port",
    refused: harbor({}, { ports: { metrics: 8443 } }),
    field: "registry.ports.metrics",
    allowed: harbor({}, { ports: { metrics: 8443 }, metrics: { enabled: false } }),
  },
  {
    code: "harbor/quota-in-redis",
    refused: harbor({ quotaProvider: "redis" }),
    field: "harbor.quotaProvider",
    allowed: harbor({ quotaProvider: "db" }),
  },
  {
    code: "harbor/job-logs-on-one-node",
    refused: harbor({ jobs: { loggers: ["STD_OUTPUT", "FILE"] } }),
    field: "harbor.jobs.loggers",
    allowed: harborOn(1, { jobs: { loggers: ["STD_OUTPUT", "FILE"] } }),
  },
  {
    code: "harbor/trivy-database-before-2.15",
    refused: harbor({ trivy: { databaseRepository: "harbor.example.com/trivy/db" } }, { version: "2.14" }),
    field: "harbor.trivy.databaseRepository",
    allowed: harbor({ trivy: { databaseRepository: "harbor.example.com/trivy/db" } }),
  },
  {
    code: "harbor/trivy-java-database-before-2.15",
    refused: harbor({ trivy: { javaDatabaseRepository: "harbor.example.com/trivy/java" } }, { version: "2.13" }),
    field: "harbor.trivy.javaDatabaseRepository",
    allowed: harbor({}, { version: "2.13" }),
  },
  {
    code: "harbor/trace-exporters",
    refused: harbor({ trace: { jaeger, otel } }),
    field: "harbor.trace",
    allowed: harbor({ trace: { jaeger } }),
  },
  {
    code: "harbor/jaeger-address",
    refused: harbor({ trace: { jaeger: { ...jaeger, agentHost: "127.0.0.1" } } }),
    field: "harbor.trace.jaeger",
    allowed: harbor({ trace: { jaeger: { agentHost: "127.0.0.1" } } }),
  },
  {
    code: "harbor/proxy-for-nobody",
    refused: harbor({ proxy: { https: "http://proxy.internal:3128", components: [] } }),
    field: "harbor.proxy",
    allowed: harbor({ proxy: { https: "http://proxy.internal:3128", components: ["trivy"] } }),
  },
];
