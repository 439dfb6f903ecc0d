import { local, minio } from "../environments.js";
import type { RefusalCase } from "./refusal-case.js";

const mirror = { upstream: "https://registry-1.docker.io" } as const;
const receiver = { name: "scanner", url: "https://scanner.example.com/events" } as const;

/** Limits that would break what they protect. */
export const limits: readonly RefusalCase[] = [
  {
    code: "limits/burst-too-small",
    refused: local({ limits: { burst: 39 } }),
    field: "registry.limits.burst",
    allowed: local({ limits: { burst: 40 } }),
  },
  {
    code: "limits/connections-too-few",
    refused: local({ limits: { connectionsPerClient: 15 } }),
    field: "registry.limits.connectionsPerClient",
    allowed: local({ limits: { connectionsPerClient: 16 } }),
  },
  {
    code: "uploads/layers-too-small",
    refused: local({ uploads: { maxLayerSize: "9MiB" } }),
    field: "registry.uploads.maxLayerSize",
    allowed: local({ uploads: { maxLayerSize: "10MiB" } }),
  },
  {
    code: "limits/memory-too-small",
    refused: local({}, {}, { limits: { front: { memory: "63MiB" } } }),
    field: "limits.front.memory",
    allowed: local({}, {}, { limits: { front: { memory: "64MiB" } } }),
  },
  {
    code: "limits/memory-below-uploads",
    refused: local({ storage: { ...minio, chunkSize: "64MiB" } }, {}, { limits: { registry: { memory: "256MiB" } } }),
    field: "registry.storage.chunkSize",
    allowed: local({ storage: { ...minio, chunkSize: "64MiB" } }, {}, { limits: { registry: { memory: "320MiB" } } }),
  },
  {
    code: "limits/node-too-small",
    refused: local({}, { nodes: { memory: "255MiB" } }),
    field: "sites[0].nodes.memory",
    allowed: local({}, { nodes: { memory: "256MiB" } }),
  },
];

/** Lengths of time. */
export const durations: readonly RefusalCase[] = [
  {
    code: "front/connect-timeout",
    refused: local({}, {}, { front: { connectTimeout: "11s" } }),
    field: "front.connectTimeout",
    allowed: local({}, {}, { front: { connectTimeout: "10s" } }),
  },
  {
    code: "front/read-timeout",
    refused: local({}, {}, { front: { readTimeout: "499ms" } }),
    field: "front.readTimeout",
    allowed: local({}, {}, { front: { readTimeout: "500ms" } }),
  },
  {
    code: "front/upload-timeout",
    refused: local({}, {}, { front: { uploadTimeout: "29s" } }),
    field: "front.uploadTimeout",
    allowed: local({}, {}, { front: { uploadTimeout: "30s" } }),
  },
  {
    code: "front/read-outlasts-upload",
    refused: local({}, {}, { front: { readTimeout: "30s", uploadTimeout: "30s" } }),
    field: "front.readTimeout",
    allowed: local({}, {}, { front: { readTimeout: "29s", uploadTimeout: "30s" } }),
  },
  {
    code: "drain/out-of-range",
    refused: local({ drain: "11m" }),
    field: "registry.drain",
    allowed: local({ drain: "10m" }),
  },
  {
    code: "health/interval",
    refused: local({ health: { interval: "61s" } }),
    field: "registry.health.interval",
    allowed: local({ health: { interval: "60s" } }),
  },
  {
    code: "health/found-too-late",
    refused: local({ health: { interval: "60s", threshold: 6 } }),
    field: "registry.health.threshold",
    allowed: local({ health: { interval: "60s", threshold: 5 } }),
  },
  {
    code: "uploads/purge-after",
    refused: local({ uploads: { purgeAfter: "59m" } }),
    field: "registry.uploads.purgeAfter",
    allowed: local({ uploads: { purgeAfter: "60m" } }),
  },
  {
    code: "uploads/purge-every",
    refused: local({ uploads: { purgeEvery: "31d" } }),
    field: "registry.uploads.purgeEvery",
    allowed: local({ uploads: { purgeEvery: "30d" } }),
  },
  {
    code: "mirror/ttl",
    refused: local({ mirror: { ...mirror, ttl: "999999999d" } }),
    field: "registry.mirror.ttl",
    allowed: local({ mirror: { ...mirror, ttl: "365d" } }),
  },
  {
    code: "certificate/validity",
    refused: local({}, { certificate: { from: "own-ca", validity: "826d" } }),
    field: "sites[0].certificate.validity",
    allowed: local({}, { certificate: { from: "own-ca", validity: "825d" } }),
  },
  {
    code: "notifications/timeout",
    refused: local({ notifications: [{ ...receiver, timeout: "31s" }] }),
    field: "registry.notifications[0].timeout",
    allowed: local({ notifications: [{ ...receiver, timeout: "30s" }] }),
  },
  {
    code: "notifications/backoff",
    refused: local({ notifications: [receiver, { ...receiver, name: "audit", backoff: "50ms" }] }),
    field: "registry.notifications[1].backoff",
    allowed: local({ notifications: [receiver, { ...receiver, name: "audit", backoff: "1s" }] }),
  },
];
