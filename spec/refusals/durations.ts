import { milliseconds } from "../duration.js";
import type { Environment } from "../environment.js";
import { type FieldPath, fieldPath } from "../field.js";
import { refusal, refusalOfEach } from "../refusal.js";
import { valueAt } from "../schema-tree.js";

/** A length of time that breaks something when it is shorter or longer. */
interface Bounds {
  readonly field: string;
  readonly least: string;
  readonly most: string;
  readonly because: string;
  readonly source: string;
}

const BOUNDS: Readonly<Record<string, Bounds>> = {
  "front/connect-timeout": {
    field: "front.connectTimeout",
    least: "50ms",
    most: "10s",
    because: "shorter, and a busy node counts as dead; longer, and every request to a dead node waits so long",
    source: "settings of the measured fault runs: 1 s and 2 s; nginx's own is 60 s",
  },
  "front/read-timeout": {
    field: "front.readTimeout",
    least: "500ms",
    most: "60s",
    because:
      "shorter, and a slow storage looks like a hung node; longer, and a hung node stops every third pull so long",
    source: "measured with a stopped node: the longest pull waits this time",
  },
  "front/upload-timeout": {
    field: "front.uploadTimeout",
    least: "30s",
    most: "1h",
    because: "the end of a push copies the whole layer inside the storage, and the node is silent meanwhile",
    source: "settings of the measured fault runs: 300 s and 900 s, for a commit that S3 copies",
  },
  "drain/out-of-range": {
    field: "registry.drain",
    least: "1s",
    most: "10m",
    because: "shorter, and requests under way are cut; longer, and one stuck client holds up a roll over all nodes",
    source: "measured: with 60 s no request fails; distribution's own default 0 cuts at once",
  },
  "health/interval": {
    field: "registry.health.interval",
    least: "500ms",
    most: "60s",
    because:
      "each check lists the storage once on each node; checks that are rare leave a node without storage in service",
    source: "distribution, health.storagedriver: one listing for each interval and node",
  },
  "uploads/purge-after": {
    field: "registry.uploads.purgeAfter",
    least: "1h",
    most: "365d",
    because: "an upload that is still running must not be removed, and one that nobody finishes costs storage for good",
    source: "distribution docs, configuration.md: uploadpurging, 168h",
  },
  "uploads/purge-every": {
    field: "registry.uploads.purgeEvery",
    least: "10m",
    most: "30d",
    because: "each run walks through all uploads in the storage, on every node",
    source: "distribution docs, configuration.md: uploadpurging, 24h",
  },
  "mirror/ttl": {
    field: "registry.mirror.ttl",
    least: "1m",
    most: "3650d",
    because: "shorter, and copies are gone before they are of use; longer, and the registry cannot count to it",
    source: "Go's time.Duration ends at 292 years",
  },
  "certificate/validity": {
    field: "sites[].certificate.validity",
    least: "1d",
    most: "825d",
    because:
      "clients of Apple refuse a certificate of any CA that is valid for longer, and a shorter one ends before it is renewed",
    source: "Apple Support 103769: at most 825 days",
  },
  "certificate/renew-before": {
    field: "sites[].certificate.renewBefore",
    least: "1d",
    most: "60d",
    because:
      "shorter, and there is no time to mend what hinders a renewal; longer, and a certificate is replaced when it is hardly in use",
    source: "Let's Encrypt: certificates of 90 days, from 2028 on of 45; renewal when a third is left",
  },
  "entry/advert-interval": {
    field: "sites[].entry.advertEvery",
    least: "100ms",
    most: "10s",
    because:
      "shorter, and a busy node loses the address; longer, and the address is away for three times that when its node dies",
    source: "RFC 9568: three missed advertisements; keepalived.conf(5): advert_int",
  },
  "notifications/timeout": {
    field: "registry.notifications[].timeout",
    least: "100ms",
    most: "30s",
    because: "shorter, and no receiver can answer; longer, and events pile up in memory behind one that hangs",
    source: "distribution, notifications: one delivery after the other from a queue in memory",
  },
  "notifications/backoff": {
    field: "registry.notifications[].backoff",
    least: "100ms",
    most: "1h",
    because:
      "shorter, and a receiver that is down is asked without rest; longer, and events pile up in memory meanwhile",
    source: "distribution, notifications: one delivery after the other from a queue in memory",
  },
};

/** The values of a field that may stand in lists, wherever it is given. */
function valuesOf(environment: Environment, pattern: string): { readonly at: FieldPath; readonly value: string }[] {
  const [list, rest] = pattern.split("[].");
  if (rest === undefined) return texts([], valueAt(environment, fieldPath(pattern)));
  const entries = valueAt(environment, fieldPath(list ?? ""));
  if (!Array.isArray(entries)) return [];
  return entries.flatMap((entry: unknown, index) => texts([index], valueAt(entry, fieldPath(rest))));
}

function texts(at: FieldPath, value: unknown): { readonly at: FieldPath; readonly value: string }[] {
  return typeof value === "string" ? [{ at, value }] : [];
}

const outOfBounds = Object.entries(BOUNDS).map(([code, { field, least, most, because, source }]) =>
  refusalOfEach((environment) => valuesOf(environment, field), code, {
    when: ({ value }) => milliseconds(value) < milliseconds(least) || milliseconds(value) > milliseconds(most),
    field,
    says: ({ value }) => value,
    because,
    instead: `${least} to ${most}`,
    source,
  }),
);

const readOutlastsUpload = refusal("front/read-outlasts-upload", {
  when: ({ front }) => milliseconds(front.readTimeout) >= milliseconds(front.uploadTimeout),
  field: "front.readTimeout",
  says: ({ front }) => `${front.readTimeout} with uploadTimeout ${front.uploadTimeout}`,
  because: "a pull is given up early because another node can answer it, a push is not",
  instead: "less than uploadTimeout: 2500ms with 300s",
  source: "measured: one time for both makes pulls hang on a hung node, or cuts pushes",
});

const checkedTooRarely = refusal("health/found-too-late", {
  when: ({ registry: { health } }) => health.threshold * milliseconds(health.interval) > milliseconds("5m"),
  field: "registry.health.threshold",
  says: ({ registry: { health } }) => `${health.threshold} failures, one every ${health.interval}`,
  because: "a node without storage would answer with errors for more than five minutes before it steps aside",
  instead: "a smaller threshold or a shorter interval: 3 failures, one every 2s",
  source: "distribution, health/health.go: 503 after threshold failures in a row",
});

/** Refusals that concern lengths of time. */
export const durationRefusals = [...outOfBounds, readOutlastsUpload, checkedTooRarely];
