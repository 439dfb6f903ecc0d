import { milliseconds } from "../duration.js";
import type { Environment } from "../environment.js";
import { fieldPath } from "../field.js";
import { HARBOR_INNER_PORTS } from "../harbor/ports.js";
import { refusalOfEach } from "../refusal.js";
import { valueAt } from "../schema-tree.js";
import { oneOf } from "../wording.js";
import { harbors } from "./harbor-views.js";
import { SYSTEM_FOLDERS } from "./storage.js";

const TEMPLATE = "goharbor/harbor v2.15.2, make/harbor.yml.tmpl";

/** A length of time that Harbor counts in one unit only. */
interface Counted {
  readonly field: string;
  readonly unit: "s" | "h" | "d";
  /** The fewest of that unit. */
  readonly least: number;
  readonly because: string;
  readonly source: string;
}

const UNITS = { s: "seconds", h: "hours", d: "days" } as const;
const PREPARE = "measured with prepare of v2.15.2: '<n>h' with n of 2 or more, or it refuses the file";

const COUNTED: Readonly<Record<string, Counted>> = {
  "purge-after": {
    field: "registry.uploads.purgeAfter",
    unit: "h",
    least: 2,
    because: "Harbor takes whole hours, two at the least, and its configuration is not made with anything else",
    source: PREPARE,
  },
  "purge-every": {
    field: "registry.uploads.purgeEvery",
    unit: "h",
    least: 2,
    because: "Harbor takes whole hours, two at the least, and its configuration is not made with anything else",
    source: PREPARE,
  },
  "cache-expire": {
    field: "harbor.cache.expire",
    unit: "h",
    least: 1,
    because: "Harbor takes whole hours, and its configuration is not made with 0",
    source: "measured with prepare of v2.15.2: expire_hours 0 is refused",
  },
  "job-duration": {
    field: "harbor.jobs.maxDuration",
    unit: "h",
    least: 24,
    because: "Harbor takes whole hours and makes 24 of anything less, without a word",
    source: `${TEMPLATE}: max_job_duration_hours`,
  },
  "job-logs": {
    field: "harbor.jobs.keepLogs",
    unit: "d",
    least: 1,
    because: "Harbor takes whole days",
    source: `${TEMPLATE}: logger_sweeper_duration`,
  },
  "webhook-timeout": {
    field: "harbor.jobs.webhookTimeout",
    unit: "s",
    least: 1,
    because: "Harbor takes whole seconds",
    source: `${TEMPLATE}: webhook_job_http_client_timeout`,
  },
  "redis-idle": {
    field: "harbor.redis.idleTimeout",
    unit: "s",
    least: 1,
    because: "Harbor takes whole seconds, drops a 0 and takes its own default",
    source: "measured with prepare of v2.15.2: idle_timeout_seconds 0 is dropped",
  },
  "trace-timeout": {
    field: "harbor.trace.otel.timeout",
    unit: "s",
    least: 1,
    because: "Harbor takes whole seconds",
    source: `${TEMPLATE}: trace.otel.timeout`,
  },
};

/** A length of time of an environment with Harbor, where it has one. */
function lengthAt(environment: Environment, field: string) {
  return harbors(environment).flatMap(({ harbor }) => {
    const value = valueAt({ ...environment, harbor }, fieldPath(field));
    return typeof value === "string" ? [{ at: [], value }] : [];
  });
}

const uncounted = Object.entries(COUNTED).map(([name, { field, unit, least, because, source }]) =>
  refusalOfEach((environment) => lengthAt(environment, field), `harbor/${name}`, {
    when: ({ value }) =>
      milliseconds(value) % milliseconds(`1${unit}`) !== 0 || milliseconds(value) < least * milliseconds(`1${unit}`),
    field,
    says: ({ value }) => `${value} with engine: harbor`,
    because,
    instead: `whole ${UNITS[unit]}, ${least}${unit} or more`,
    source,
  }),
);

const externalUrl = refusalOfEach(
  (environment) =>
    harbors(environment).flatMap((seen) =>
      seen.harbor.externalUrl === undefined ? [] : [{ ...seen, url: new URL(seen.harbor.externalUrl) }],
    ),
  "harbor/external-url",
  {
    when: ({ url, registry }) =>
      url.protocol !== "https:" || url.hostname !== registry.hostname || url.pathname !== "/" || url.search !== "",
    field: "harbor.externalUrl",
    says: ({ harbor }) => `${harbor.externalUrl}`,
    because:
      "clients are sent there for a token: with http, or with a name that the certificate does not have, every pull and push fails, and Harbor serves the root only",
    instead: ({ registry, url }) =>
      `https://${registry.hostname}${url.port === "" ? "" : `:${url.port}`}, or leave it away`,
    source: "measured: another scheme on one node failed 3 of 8 pushes and 2 of 8 pulls",
  },
);

const templateName = refusalOfEach(harbors, "harbor/hostname-of-the-template", {
  when: ({ registry }) => registry.hostname === "reg.mydomain.com",
  field: "registry.hostname",
  says: ({ registry }) => registry.hostname,
  because: "Harbor takes this name for a template that nobody has filled in, and makes no configuration",
  instead: "the name under which clients reach the registry: registry.example.com",
  source: "measured with prepare of v2.15.2",
});

const dataVolume = refusalOfEach(harbors, "harbor/data-volume-of-the-system", {
  when: ({ harbor: { dataVolume: folder } }) => SYSTEM_FOLDERS.test(folder) || /\/\.{1,2}(\/|$)/.test(folder),
  field: "harbor.dataVolume",
  says: ({ harbor }) => harbor.dataVolume,
  because: "the folder belongs to Harbor alone, and `down --delete-data` empties it",
  instead: "a folder of its own outside the system's: /data, /srv/harbor",
  source: "by design of `down --delete-data`",
});

const internalTlsElsewhere = refusalOfEach(harbors, "harbor/internal-tls-data-volume", {
  when: ({ harbor }) => harbor.internalTls.enabled && harbor.dataVolume !== "/data",
  field: "harbor.dataVolume",
  says: ({ harbor }) => `${harbor.dataVolume} with internalTls`,
  because: "Harbor looks for its internal CA below /data whatever is written, finds none and says nothing",
  instead: "dataVolume: /data, which may be a mount; or internalTls.enabled: false",
  source: "measured with prepare of v2.15.2: shared/trust-certificates stays empty",
});

const ciphers = (block: "nginx" | "internalTls", enabled: "tls" | "enabled") =>
  refusalOfEach(
    (environment) =>
      harbors(environment).map((seen) => ({
        ...seen,
        strong: seen.harbor[block].strongCiphers,
        tls: block === "nginx" ? seen.harbor.nginx.tls : seen.harbor.internalTls.enabled,
      })),
    `harbor/ciphers-without-${block === "nginx" ? "nginx" : "internal"}-tls`,
    {
      when: ({ strong, tls }) => strong && !tls,
      field: `harbor.${block}.strongCiphers`,
      says: `strongCiphers: true with ${enabled}: false`,
      because: "nothing is encrypted there, so there are no ciphers to choose",
      instead: `${enabled}: true, or strongCiphers: false; what clients are offered says front.minimumTls`,
      source: `${TEMPLATE}: strong_ssl_ciphers`,
    },
  );

const ciphersDiffer = refusalOfEach(harbors, "harbor/ciphers-differ", {
  when: ({ harbor: { nginx, internalTls } }) =>
    nginx.tls && internalTls.enabled && nginx.strongCiphers !== internalTls.strongCiphers,
  field: "harbor.internalTls.strongCiphers",
  says: ({ harbor: { nginx, internalTls } }) =>
    `${internalTls.strongCiphers} with harbor.nginx.strongCiphers: ${nginx.strongCiphers}`,
  because: "Harbor has one switch for both, and one of the two would be ignored",
  instead: ({ harbor: { nginx } }) => `${nginx.strongCiphers}, or the same in both`,
  source: "goharbor/harbor v2.15.2, make/photon/prepare/utils/configs.py: strong_ssl_ciphers",
});

const redirectPort = refusalOfEach(harbors, "harbor/redirect-port-taken", {
  when: ({ harbor: { nginx }, registry }) =>
    nginx.tls && [22, ...Object.values(registry.ports)].some((port) => port === nginx.redirectPort),
  field: "harbor.nginx.redirectPort",
  says: ({ harbor }) => `${harbor.nginx.redirectPort} has another program`,
  because: "both listen on the same host, and the second does not start",
  instead: "a port that is neither SSH's nor one of registry.ports: 8080",
  source: `${TEMPLATE}: http.port is published beside https.port`,
});

const metricsPort = refusalOfEach(harbors, "harbor/metrics-port", {
  when: ({ registry }) => registry.metrics.enabled && HARBOR_INNER_PORTS.includes(registry.ports.metrics),
  field: "registry.ports.metrics",
  says: ({ registry }) => `${registry.ports.metrics} with engine: harbor`,
  because: "Harbor's programs open it inside of their containers, where they listen on this port already",
  instead: `any but ${oneOf(HARBOR_INNER_PORTS.map(String))}; 9090 is Harbor's own`,
  source: "goharbor/harbor v2.15.2, make/photon/prepare/templates: METRIC_PORT",
});

const quotaInRedis = refusalOfEach(harbors, "harbor/quota-in-redis", {
  when: ({ harbor }) => harbor.quotaProvider === "redis",
  field: "harbor.quotaProvider",
  says: "redis",
  because:
    "after a project was deleted all cores spin for minutes with tens of thousands of transactions a second, and usage of other projects is lost",
  instead: "db, which is the default and counts at once",
  source: "measured on three nodes of v2.15.2: 36,000 to 42,000 transactions a second for 5 min, usage lost",
});

const logsOnOneNode = refusalOfEach(harbors, "harbor/job-logs-on-one-node", {
  when: ({ harbor, nodes }) => nodes > 1 && harbor.jobs.loggers.includes("FILE"),
  field: "harbor.jobs.loggers",
  says: ({ harbor, nodes }) => `${harbor.jobs.loggers.join(", ")} with ${nodes} nodes`,
  because: "a file lies on the node that ran the job, and two times of three the log is asked from another one: 404",
  instead: "[STD_OUTPUT, DB]",
  source: "measured on three nodes; goharbor/harbor #13011, #15741",
});

const trivyRepository = (key: "databaseRepository" | "javaDatabaseRepository", image: string) =>
  refusalOfEach(harbors, `harbor/trivy-${key === "databaseRepository" ? "database" : "java-database"}-before-2.15`, {
    when: ({ harbor, registry }) => registry.version !== "2.15" && harbor.trivy[key] !== image,
    field: `harbor.trivy.${key}`,
    says: ({ harbor, registry }) => `${harbor.trivy[key]} on version ${registry.version}`,
    because: "it is read from 2.15 on; older versions ignore it and ask ghcr.io, which may be out of reach",
    instead: 'version: "2.15", or leave it away',
    source: "goharbor/harbor: db_repository and java_db_repository came with 2.15.0",
  });

const traceExporters = refusalOfEach(harbors, "harbor/trace-exporters", {
  when: ({ harbor: { trace } }) => trace !== undefined && (trace.jaeger === undefined) === (trace.otel === undefined),
  field: "harbor.trace",
  says: ({ harbor }) => (harbor.trace?.jaeger === undefined ? "neither jaeger nor otel" : "both jaeger and otel"),
  because: "Harbor sends traces to exactly one place and does not start otherwise",
  instead: "one of the two; an OpenTelemetry collector can pass traces on to Jaeger",
  source: `${TEMPLATE}: trace`,
});

const jaegerAddress = refusalOfEach(
  (environment) =>
    harbors(environment).flatMap((seen) => {
      const jaeger = seen.harbor.trace?.jaeger;
      return jaeger === undefined ? [] : [{ ...seen, jaeger }];
    }),
  "harbor/jaeger-address",
  {
    when: ({ jaeger }) =>
      (jaeger.endpoint === undefined) === (jaeger.agentHost === undefined) ||
      (jaeger.user !== undefined && jaeger.endpoint === undefined),
    field: "harbor.trace.jaeger",
    says: ({ jaeger }) =>
      jaeger.endpoint !== undefined
        ? "endpoint and agentHost"
        : jaeger.agentHost === undefined
          ? "neither endpoint nor agentHost"
          : "a user with an agent",
    because: "traces go either to a collector, which may ask who sends them, or to an agent, which asks nobody",
    instead: "endpoint, with or without user; or agentHost alone",
    source: `${TEMPLATE}: trace.jaeger`,
  },
);

const proxyForNobody = refusalOfEach(harbors, "harbor/proxy-for-nobody", {
  when: ({ harbor: { proxy } }) =>
    proxy !== undefined && (proxy.components.length === 0 || (proxy.http === undefined && proxy.https === undefined)),
  field: "harbor.proxy",
  says: ({ harbor }) => (harbor.proxy?.components.length === 0 ? "no component" : "neither http nor https"),
  because: "nothing would go through it, and who wrote it expects that something does",
  instead: "components: [core, jobservice, trivy] with http or https, or no proxy",
  source: `${TEMPLATE}: proxy`,
});

/** Refusals that concern Harbor's own programs. */
export const harborSoftwareRefusals = [
  ...uncounted,
  externalUrl,
  templateName,
  dataVolume,
  internalTlsElsewhere,
  ciphers("nginx", "tls"),
  ciphers("internalTls", "enabled"),
  ciphersDiffer,
  redirectPort,
  metricsPort,
  quotaInRedis,
  logsOnOneNode,
  trivyRepository("databaseRepository", "ghcr.io/aquasecurity/trivy-db"),
  trivyRepository("javaDatabaseRepository", "ghcr.io/aquasecurity/trivy-java-db"),
  traceExporters,
  jaegerAddress,
  proxyForNobody,
];
