import { milliseconds, wholeSeconds } from "../../spec/duration.js";
import { HARBOR_INNER_PORTS } from "../../spec/harbor/ports.js";
import { type Harbor, harborOf } from "../../spec/harbor/software.js";
import { Problem } from "../../spec/problem.js";
import type { Secret } from "../../spec/secret.js";
import { bytes } from "../../spec/size.js";
import { HARBOR_PATHS } from "../harbor-layout.js";
import { type HarborRelease, harborRelease } from "../harbor-versions.js";
import { needed } from "../missing.js";
import { goDuration } from "../quoting.js";
import { plain, plainSecret } from "./harbor-plain.js";
import { type DatabaseView, databaseView, type RedisView, redisView, seedsOf } from "./harbor-services.js";
import { type HarborStorageView, harborStorageView } from "./harbor-storage.js";
import { type HarborTraceView, harborTraceView } from "./harbor-trace.js";
import type { NodeContext } from "./node-view.js";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MEBIBYTE = 1024 ** 2;

/** Harbor's words for the levels of its logs. */
const LEVELS = { error: "error", warn: "warning", info: "info", debug: "debug" } as const;

/** What harbor.yml says. Lengths of time are in the units of its keys. */
export interface HarborConfigView {
  readonly release: HarborRelease;
  readonly hostname: string;
  readonly externalUrl: string;
  readonly httpPort: number;
  readonly https: { readonly port: number; readonly certificate: string; readonly key: string } | undefined;
  readonly strongCiphers: boolean;
  readonly ipv6: boolean;
  readonly internalTls: { readonly folder: string } | undefined;
  readonly adminPassword: Secret;
  readonly dataVolume: string;
  readonly storage: HarborStorageView;
  readonly storageAuthority: string | undefined;
  readonly redirectDisabled: boolean;
  readonly database: DatabaseView;
  readonly connections: {
    readonly idle: number;
    readonly open: number;
    readonly lifetime: string;
    readonly idleTime: string | undefined;
  };
  readonly redis: RedisView;
  readonly trivy: TrivyView | undefined;
  readonly jobs: JobsView;
  readonly log: LogView;
  readonly uaaAuthority: string | undefined;
  readonly proxy: ProxyView | undefined;
  readonly metrics: { readonly port: number; readonly path: string } | undefined;
  readonly trace: HarborTraceView | undefined;
  readonly purging: {
    readonly enabled: boolean;
    readonly age: string;
    readonly interval: string;
    readonly dryRun: boolean;
  };
  readonly cache: { readonly enabled: boolean; readonly hours: number };
  readonly quotaProvider: string;
}

interface TrivyView extends Omit<Harbor["trivy"], "checks" | "githubToken"> {
  readonly checks: string;
  readonly githubToken: Secret | undefined;
}

interface JobsView {
  readonly workers: number;
  readonly hours: number;
  readonly sweepDays: number;
  readonly loggers: readonly string[];
  readonly webhookRetries: number;
  readonly webhookSeconds: number;
}

interface LogView {
  readonly level: string;
  readonly files: number;
  /** As logrotate counts: 200M. */
  readonly fileSize: string;
  readonly folder: string;
  readonly forward: Harbor["log"]["forward"];
}

interface ProxyView {
  readonly http: string | undefined;
  readonly https: string | undefined;
  readonly except: string | undefined;
  readonly components: readonly string[];
}

/** @throws Problem `harbor/changed-by-prepare`, `harbor/redis-database-zero`, `harbor/metrics-port`, `release/missing` */
export function harborConfigView(context: NodeContext): HarborConfigView {
  const { environment } = context;
  const { registry } = environment;
  const harbor = harborOf(environment);
  const { nginx, internalTls, connections } = harbor;
  return {
    release: harborRelease(registry.version),
    hostname: registry.hostname,
    externalUrl: plain(harborUrl(context), "harbor.externalUrl"),
    httpPort: nginx.tls ? nginx.redirectPort : registry.ports.registry,
    https: nginx.tls
      ? { port: registry.ports.registry, certificate: HARBOR_PATHS.certificate, key: HARBOR_PATHS.certificateKey }
      : undefined,
    strongCiphers: nginx.tls ? nginx.strongCiphers : internalTls.strongCiphers,
    ipv6: nginx.ipv6,
    internalTls: internalTls.enabled ? { folder: HARBOR_PATHS.internalTls } : undefined,
    adminPassword: plainSecret(seedsOf(context).adminPassword, "harbor/admin-password"),
    dataVolume: harbor.dataVolume,
    storage: harborStorageView(context),
    storageAuthority: authority("storage", harbor.trust.storage),
    redirectDisabled: !registry.redirect,
    database: databaseView(context),
    connections: {
      idle: connections.idle,
      open: connections.open,
      lifetime: goDuration(connections.lifetime),
      idleTime: connections.idleTime && goDuration(connections.idleTime),
    },
    redis: redisView(context),
    trivy: harbor.trivy.enabled ? trivyView(context, harbor.trivy) : undefined,
    jobs: jobsView(harbor.jobs),
    log: logView(context, harbor.log),
    uaaAuthority: authority("uaa", harbor.trust.uaa),
    proxy: harbor.proxy && proxyView(harbor.proxy),
    metrics: metricsView(context, harbor),
    trace: harbor.trace && harborTraceView(context, harbor.trace),
    purging: {
      enabled: harbor.uploadPurging.enabled && isFirst(context),
      age: wholeHours(registry.uploads.purgeAfter),
      interval: wholeHours(registry.uploads.purgeEvery),
      dryRun: harbor.uploadPurging.dryRun,
    },
    cache: { enabled: harbor.cache.enabled, hours: Math.ceil(milliseconds(harbor.cache.expire) / HOUR) },
    quotaProvider: harbor.quotaProvider,
  };
}

/** URL under which clients come in. Its scheme decides what tokens say; the host in them is that of each request. */
export function harborUrl({ environment }: NodeContext): string {
  const { hostname, ports } = environment.registry;
  const port = ports.https === 443 ? "" : `:${ports.https}`;
  return harborOf(environment).externalUrl ?? `https://${hostname}${port}`;
}

function authority(name: string, path: string | undefined): string | undefined {
  return path === undefined ? undefined : HARBOR_PATHS.authority(name);
}

/** Each registry walks through all uploads, so one is enough. */
function isFirst({ site, node }: NodeContext): boolean {
  return site.nodes[0]?.name === node.name;
}

/** Harbor takes whole hours alone, and two at the least. */
function wholeHours(duration: string): string {
  return `${Math.max(2, Math.ceil(milliseconds(duration) / HOUR))}h`;
}

function trivyView(context: NodeContext, trivy: Harbor["trivy"]): TrivyView {
  const token = () => needed(seedsOf(context).githubToken, "the secret harbor/github-token");
  return {
    ...trivy,
    checks: trivy.checks.join(","),
    timeout: goDuration(trivy.timeout),
    githubToken: trivy.githubToken ? plainSecret(token(), "harbor/github-token") : undefined,
  };
}

function jobsView(jobs: Harbor["jobs"]): JobsView {
  return {
    workers: jobs.workers,
    hours: Math.ceil(milliseconds(jobs.maxDuration) / HOUR),
    sweepDays: Math.ceil(milliseconds(jobs.keepLogs) / DAY),
    loggers: jobs.loggers,
    webhookRetries: jobs.webhookRetries,
    webhookSeconds: wholeSeconds(jobs.webhookTimeout),
  };
}

function logView({ environment }: NodeContext, log: Harbor["log"]): LogView {
  const { files, directory, forward } = log;
  return {
    level: LEVELS[environment.registry.log.level],
    files,
    fileSize: `${Math.max(1, Math.ceil(bytes(log.fileSize) / MEBIBYTE))}M`,
    folder: directory,
    forward,
  };
}

function proxyView(proxy: NonNullable<Harbor["proxy"]>): ProxyView {
  return {
    http: proxy.http && plain(proxy.http, "harbor.proxy.http"),
    https: proxy.https && plain(proxy.https, "harbor.proxy.https"),
    except: proxy.except.length > 0 ? plain(proxy.except.join(","), "harbor.proxy.except") : undefined,
    components: proxy.components,
  };
}

function metricsView({ environment }: NodeContext, harbor: Harbor): HarborConfigView["metrics"] {
  const { metrics, ports } = environment.registry;
  if (!metrics.enabled) return undefined;
  if (HARBOR_INNER_PORTS.includes(ports.metrics)) {
    throw new Problem({
      code: "harbor/metrics-port",
      says: `the metrics' port is ${ports.metrics}, on which a program of Harbor listens in the same container`,
      instead: `any but ${HARBOR_INNER_PORTS.join(", ")}; 9090 is Harbor's own`,
      field: "registry.ports.metrics",
    });
  }
  return { port: ports.metrics, path: harbor.metricsPath };
}
