import { refusalOfEach } from "../refusal.js";
import { redis } from "./views.js";

const SOURCE_28 = "distribution v2.8.3, configuration/configuration.go: Redis has addr, password, db and pool only";
const VERSION_31 = 'version: "3.1"';

const sentinelOn28 = refusalOfEach(redis, "cache/sentinel-on-distribution-2", {
  when: ({ registry, cache }) => registry.version === "2.8" && cache.sentinelMaster !== undefined,
  field: "registry.cache.sentinelMaster",
  says: "a sentinelMaster on version 2.8",
  because: "2.8 does not know Sentinels and would talk to one as if it were the data base",
  instead: `${VERSION_31}, or the one address of the master`,
  source: SOURCE_28,
});

const severalOn28 = refusalOfEach(redis, "cache/several-addresses-on-distribution-2", {
  when: ({ registry, cache }) =>
    registry.version === "2.8" && cache.addresses.length > 1 && cache.sentinelMaster === undefined,
  field: "registry.cache.addresses",
  says: ({ cache }) => `${cache.addresses.length} addresses on version 2.8`,
  because: "2.8 has room for one and would never ask the others",
  instead: `one address, or ${VERSION_31}`,
  source: SOURCE_28,
});

const tlsOn28 = refusalOfEach(redis, "cache/tls-on-distribution-2", {
  when: ({ registry, cache }) => registry.version === "2.8" && cache.tls,
  field: "registry.cache.tls",
  says: "tls: true on version 2.8",
  because: "2.8 ignores the setting and speaks to Redis in the clear",
  instead: `${VERSION_31}, or kind: memory`,
  source: SOURCE_28,
});

const userOn28 = refusalOfEach(redis, "cache/user-on-distribution-2", {
  when: ({ registry, cache }) => registry.version === "2.8" && cache.username !== undefined && cache.password,
  field: "registry.cache.username",
  says: "a username on version 2.8",
  because: "2.8 ignores the setting and logs in as default",
  instead: `no username, or ${VERSION_31}`,
  source: SOURCE_28,
});

const userWithoutPassword = refusalOfEach(redis, "cache/user-without-password", {
  when: ({ cache }) => cache.username !== undefined && !cache.password,
  field: "registry.cache.username",
  says: "a username with password: false",
  because: "without a password the registry does not log in at all, and Redis takes it for default",
  instead: "password: true, or no username",
  source: "go-redis 9.7.3, redis.go: a name is sent beside a password only",
});

const clusterDatabase = refusalOfEach(redis, "cache/database-of-cluster", {
  when: ({ registry, cache }) =>
    registry.version === "3.1" &&
    cache.addresses.length > 1 &&
    cache.sentinelMaster === undefined &&
    cache.database !== 0,
  field: "registry.cache.database",
  says: ({ cache }) => `${cache.database} with ${cache.addresses.length} addresses and no sentinelMaster`,
  because: "several addresses without a master are taken for a Redis Cluster, and that has data base 0 only",
  instead: "sentinelMaster, if these are Sentinels; otherwise database: 0",
  source: "go-redis 9.7.3, universal.go; Redis documentation, SELECT",
});

/** Refusals that concern where descriptors are remembered. */
export const cacheRefusals = [sentinelOn28, severalOn28, tlsOn28, userOn28, userWithoutPassword, clusterDatabase];
