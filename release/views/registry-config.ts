import type { Notification, RedisCache } from "../../spec/registry.js";
import type { Secret } from "../../spec/secret.js";
import { PATHS } from "../layout.js";
import { needed } from "../missing.js";
import type { NodeContext } from "./node-view.js";
import { type StorageView, storageView } from "./registry-storage.js";

/** What config.yml of Distribution says, for both majors; each template writes what its major knows. */
export interface RegistryConfigView {
  readonly log: { readonly level: string; readonly formatter: string };
  readonly environment: string;
  readonly node: string;
  readonly storage: StorageView;
  readonly deleteEnabled: boolean;
  readonly redirectDisabled: boolean;
  readonly readOnly: boolean;
  readonly memoryCache: { readonly entries: number } | undefined;
  readonly redis: RedisView | undefined;
  readonly uploads: { readonly purgeAfter: string; readonly purgeEvery: string };
  readonly listen: string;
  readonly httpSecret: Secret;
  readonly drain: string;
  readonly metrics: { readonly listen: string } | undefined;
  readonly htpasswd: { readonly realm: string; readonly path: string } | undefined;
  readonly token: TokenView | undefined;
  readonly health: { readonly interval: string; readonly threshold: number; readonly drainFile: string };
  readonly notifications: readonly NotificationView[];
  readonly mirror: MirrorView | undefined;
  readonly validation: ValidationView;
  readonly catalogEntries: number;
}

interface RedisView {
  readonly addresses: readonly string[];
  /** The one address that version 2.8 knows. */
  readonly address: string;
  readonly database: number;
  readonly username: string | undefined;
  readonly password: Secret | undefined;
  readonly sentinelMaster: string | undefined;
  readonly tls: boolean;
}

interface TokenView {
  readonly realm: string;
  readonly service: string;
  readonly issuer: string;
  readonly roots: string;
}

interface NotificationView {
  readonly name: string;
  readonly url: string;
  readonly authorization: Secret | undefined;
  readonly timeout: string;
  readonly threshold: number;
  readonly backoff: string;
  /** Absent rather than empty: a template writes the section only when it says something. */
  readonly ignore: { readonly actions: readonly string[]; readonly mediaTypes: readonly string[] } | undefined;
}

interface MirrorView {
  readonly upstream: string;
  readonly username: string | undefined;
  readonly password: Secret | undefined;
  readonly ttl: string;
}

interface ValidationView {
  readonly urls: { readonly allow: readonly string[]; readonly deny: readonly string[] } | undefined;
  readonly indexPlatforms: string;
}

export function registryConfigView(context: NodeContext): RegistryConfigView {
  const { environment, node, secrets } = context;
  const { registry } = environment;
  const { metrics, ports } = registry;
  return {
    log: { level: registry.log.level, formatter: registry.log.format },
    environment: environment.environment,
    node: node.name,
    storage: storageView(context),
    deleteEnabled: registry.delete,
    redirectDisabled: !registry.redirect,
    readOnly: registry.readOnly,
    memoryCache: registry.cache.kind === "memory" ? { entries: registry.cache.entries } : undefined,
    redis: registry.cache.kind === "redis" ? redisView(registry.cache, secrets.redisPassword) : undefined,
    uploads: registry.uploads,
    listen: `${node.privateAddress}:${ports.registry}`,
    httpSecret: secrets.httpSecret,
    drain: registry.drain,
    metrics: metrics.enabled
      ? { listen: `${metrics.listen === "loopback" ? "127.0.0.1" : node.privateAddress}:${ports.metrics}` }
      : undefined,
    ...accessView(context),
    health: { ...registry.health, drainFile: PATHS.registryDrain },
    notifications: registry.notifications.map((receiver) => notificationView(receiver, context)),
    mirror: mirrorView(context),
    validation: validationView(context),
    catalogEntries: registry.catalogEntries,
  };
}

function redisView(cache: RedisCache, password: Secret | undefined): RedisView {
  return {
    addresses: cache.addresses,
    address: needed(cache.addresses[0], "an address of Redis"),
    database: cache.database,
    username: cache.username,
    password: cache.password ? needed(password, "the secret redis-password") : undefined,
    sentinelMaster: cache.sentinelMaster,
    tls: cache.tls,
  };
}

function accessView({ environment }: NodeContext): Pick<RegistryConfigView, "htpasswd" | "token"> {
  const authentication = environment.registry.authentication;
  switch (authentication.kind) {
    case "htpasswd":
      return { htpasswd: { realm: authentication.realm, path: PATHS.htpasswd }, token: undefined };
    case "token": {
      const { realm, service, issuer } = authentication;
      return { htpasswd: undefined, token: { realm, service, issuer, roots: PATHS.tokenRoots } };
    }
    case "none":
      return { htpasswd: undefined, token: undefined };
  }
}

function notificationView(receiver: Notification, { secrets }: NodeContext): NotificationView {
  const { name, url, timeout, threshold, backoff, ignoreActions, ignoreMediaTypes } = receiver;
  const ignores = ignoreActions.length + ignoreMediaTypes.length > 0;
  return {
    name,
    url,
    authorization: receiver.authorization
      ? needed(secrets.notifications[name], `the secret notification-${name}`)
      : undefined,
    timeout,
    threshold,
    backoff,
    ignore: ignores ? { actions: ignoreActions, mediaTypes: ignoreMediaTypes } : undefined,
  };
}

function mirrorView({ environment, secrets }: NodeContext): MirrorView | undefined {
  const mirror = environment.registry.mirror;
  if (mirror === undefined) return undefined;
  const { upstream, username, ttl } = mirror;
  const password = username === undefined ? undefined : needed(secrets.mirrorPassword, "the secret mirror-password");
  return { upstream, username, password, ttl };
}

function validationView({ environment }: NodeContext): ValidationView {
  const { allowUrls, denyUrls, indexPlatforms } = environment.registry.validation;
  const ruled = allowUrls.length + denyUrls.length > 0;
  return { urls: ruled ? { allow: allowUrls, deny: denyUrls } : undefined, indexPlatforms };
}
