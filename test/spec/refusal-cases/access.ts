import { local } from "../environments.js";
import type { RefusalCase } from "./refusal-case.js";

const redis = { kind: "redis", addresses: ["10.20.0.20:6379"] } as const;
const mirror = { upstream: "https://registry-1.docker.io" } as const;
const receiver = { name: "scanner", url: "https://scanner.example.com/events" } as const;
const token = { kind: "token", service: "r", issuer: "i", rootCertificates: "tokens.crt" } as const;
const redisWith = (changes: object) => ({ ...redis, addresses: [...redis.addresses], ...changes });

/** Who may come in, what is mirrored, who is told. */
export const access: readonly RefusalCase[] = [
  {
    code: "authentication/open-to-everybody",
    refused: local({ authentication: { kind: "none" } }),
    field: "registry.authentication.kind",
    allowed: local({ authentication: { kind: "none" }, clientCertificates: { ca: "clients.crt" } }),
  },
  {
    code: "authentication/user-twice",
    refused: local({ authentication: { kind: "htpasswd", users: ["ci", "ops", "ci"] } }),
    field: "registry.authentication.users[2]",
    allowed: local({ authentication: { kind: "htpasswd", users: ["ci", "ops", "CI"] } }),
  },
  {
    code: "authentication/realm-in-the-clear",
    refused: local({ authentication: { ...token, realm: "http://tokens.example.com/auth" } }),
    field: "registry.authentication.realm",
    allowed: local({ authentication: { ...token, realm: "http://10.20.0.30/auth" } }),
  },
  {
    code: "mirror/without-delete",
    refused: local({ mirror, delete: false }),
    field: "registry.delete",
    allowed: local({ delete: false }),
  },
  {
    code: "mirror/ttl-on-distribution-2",
    refused: local({ version: "2.8", mirror: { ...mirror, ttl: "24h" } }),
    field: "registry.mirror.ttl",
    allowed: local({ version: "2.8", mirror: { ...mirror, ttl: "7d" } }),
  },
  {
    code: "mirror/upstream-with-path",
    refused: local({ mirror: { upstream: "https://quay.io/team" } }),
    field: "registry.mirror.upstream",
    allowed: local({ mirror: { upstream: "https://quay.io/" } }),
  },
  {
    code: "mirror/of-itself",
    refused: local({ mirror: { upstream: "https://registry.example.com" } }),
    field: "registry.mirror.upstream",
    allowed: local({ mirror: { upstream: "https://other.example.com" } }),
  },
  {
    code: "mirror/hub-website",
    refused: local({ mirror: { upstream: "https://docker.io" } }),
    field: "registry.mirror.upstream",
    allowed: local({ mirror: { upstream: "https://index.docker.io" } }),
  },
  {
    code: "mirror/password-in-the-clear",
    refused: local({ mirror: { upstream: "http://quay.io", username: "ci" } }),
    field: "registry.mirror.upstream",
    allowed: local({ mirror: { upstream: "http://10.20.0.30:5000", username: "ci" } }),
  },
  {
    code: "mirror/private-images-for-everybody",
    refused: local({ mirror: { ...mirror, username: "ci" }, authentication: { kind: "none" } }),
    field: "registry.authentication.kind",
    allowed: local({ mirror, authentication: { kind: "none" } }),
  },
  {
    code: "notifications/name-twice",
    refused: local({ notifications: [receiver, receiver] }),
    field: "registry.notifications[1].name",
    allowed: local({ notifications: [receiver, { ...receiver, name: "audit" }] }),
  },
  {
    code: "notifications/token-in-the-clear",
    refused: local({ notifications: [{ ...receiver, url: "http://scanner.example.com", authorization: true }] }),
    field: "registry.notifications[0].url",
    allowed: local({ notifications: [{ ...receiver, url: "http://scanner.example.com" }] }),
  },
  {
    code: "notifications/nothing-left",
    refused: local({ notifications: [{ ...receiver, ignoreActions: ["pull", "push", "mount", "delete"] }] }),
    field: "registry.notifications[0].ignoreActions",
    allowed: local({ notifications: [{ ...receiver, ignoreActions: ["pull", "push", "mount"] }] }),
  },
];

/** Where descriptors are remembered. */
export const caches: readonly RefusalCase[] = [
  {
    code: "cache/sentinel-on-distribution-2",
    refused: local({ version: "2.8", cache: redisWith({ sentinelMaster: "registry" }) }),
    field: "registry.cache.sentinelMaster",
    allowed: local({ version: "3.1", cache: redisWith({ sentinelMaster: "registry" }) }),
  },
  {
    code: "cache/several-addresses-on-distribution-2",
    refused: local({ version: "2.8", cache: redisWith({ addresses: ["a:6379", "b:6379"] }) }),
    field: "registry.cache.addresses",
    allowed: local({ version: "2.8", cache: redisWith({}) }),
  },
  {
    code: "cache/tls-on-distribution-2",
    refused: local({ version: "2.8", cache: redisWith({ tls: true }) }),
    field: "registry.cache.tls",
    allowed: local({ version: "3.1", cache: redisWith({ tls: true }) }),
  },
  {
    code: "cache/user-on-distribution-2",
    refused: local({ version: "2.8", cache: redisWith({ username: "registry", password: true }) }),
    field: "registry.cache.username",
    allowed: local({ version: "2.8", cache: redisWith({ password: true }) }),
  },
  {
    code: "cache/user-without-password",
    refused: local({ cache: redisWith({ username: "registry" }) }),
    field: "registry.cache.username",
    allowed: local({ cache: redisWith({ username: "registry", password: true }) }),
  },
  {
    code: "cache/database-of-cluster",
    refused: local({ cache: redisWith({ addresses: ["a:6379", "b:6379"], database: 1 }) }),
    field: "registry.cache.database",
    allowed: local({ cache: redisWith({ addresses: ["a:6379", "b:6379"], database: 1, sentinelMaster: "m" }) }),
  },
];

/** Which manifests are accepted. */
export const validations: readonly RefusalCase[] = [
  {
    code: "validation/allow-pattern",
    refused: local({ validation: { allowUrls: ["^https://", "(?!http:).*"] } }),
    field: "registry.validation.allowUrls[1]",
    allowed: local({ validation: { allowUrls: ["^https://", "(?:http:).*"] } }),
  },
  {
    code: "validation/deny-pattern",
    refused: local({ validation: { denyUrls: ["([a-z])\\1"] } }),
    field: "registry.validation.denyUrls[0]",
    allowed: local({ validation: { denyUrls: ["([a-z])\\\\1"] } }),
  },
];
