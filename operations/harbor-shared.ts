import { secretName } from "../secrets/names.js";

const names = secretName.harbor;

/** How a value is found in its file. */
export type Reader =
  /** The whole file. */
  | { readonly as: "file" }
  /** A line `KEY=value`. */
  | { readonly as: "env"; readonly key: string }
  /** The same, of a URL only what stands before `://`. */
  | { readonly as: "scheme"; readonly key: string }
  /** The same, of a URL of Redis only the number of its data base. */
  | { readonly as: "database"; readonly key: string }
  /** A key in a section of YAML. */
  | { readonly as: "yaml"; readonly key: string }
  /** A key anywhere in YAML whose URL names a data base of Redis. */
  | { readonly as: "yaml-database"; readonly key: string }
  /** Where a job service writes the logs of jobs. */
  | { readonly as: "loggers"; readonly key: string };

/** Something that has to be the same on all nodes of Harbor. */
export interface SharedItem {
  /** config: the folder that `prepare` has filled; secrets: the folder of that name in data_volume. */
  readonly in: "config" | "secrets";
  readonly file: string;
  readonly read: Reader;
  /** Its name in the secret store; it is compared with that. @default - nodes are compared with each other */
  readonly seed?: string;
  /** Whether nobody may see it. */
  readonly isSecret: boolean;
  /** What happens when a node differs, as clients and operators notice it. */
  readonly breaks: string;
}

const CROSSING = "jobs that one node has begun fail on another: replication, scans, collection";
const STALE = "changes that are made through one node are not seen on the others";
const SESSIONS = "who has logged in on one node is unknown to the others";
const SCANNER = "the scanner comes and goes for all nodes with each one that starts";
const REGISTRY = "the registry refuses everybody who comes through this node";
const BEGUN = "jobs that are begun through this node fail";
const QUEUE = "jobs and their schedules are in two places, and each node carries out its own";

/** All that is known to break Harbor when it differs on one node, though no health check shows it. */
export const SHARED_ITEMS: readonly SharedItem[] = [
  seed(
    "secrets",
    "core/private_key.pem",
    names.tokenKey,
    "tokens of this node are refused by the others, and theirs by it: pushes and pulls fail",
  ),
  seed("secrets", "registry/root.crt", names.tokenCertificate, "the registry does not know the key of the tokens"),
  seed(
    "secrets",
    "keys/secretkey",
    names.secretKey,
    "this node cannot read passwords in the data base, and writes some that others cannot read: replication and LDAP fail",
  ),
  seed("config", "registry/passwd", names.registryHtpasswd, REGISTRY),
  seedIn("core/env", "CORE_SECRET", names.coreSecret, BEGUN),
  seedIn("jobservice/env", "CORE_SECRET", names.coreSecret, BEGUN),
  seedIn("registryctl/env", "CORE_SECRET", names.coreSecret, "garbage collection fails"),
  seedIn("core/env", "JOBSERVICE_SECRET", names.jobserviceSecret, CROSSING),
  seedIn("jobservice/env", "JOBSERVICE_SECRET", names.jobserviceSecret, CROSSING),
  seedIn("registryctl/env", "JOBSERVICE_SECRET", names.jobserviceSecret, "garbage collection fails"),
  seedIn("core/env", "REGISTRY_CREDENTIAL_PASSWORD", names.registryPassword, REGISTRY),
  seedIn("jobservice/env", "REGISTRY_CREDENTIAL_PASSWORD", names.registryPassword, "jobs that ask the registry fail"),
  seedIn("core/env", "CSRF_KEY", names.csrfKey, "browsers that meet two nodes get 403: CSRF token invalid"),
  seedIn(
    "core/env",
    "ROBOT_SCANNER_NAME_PREFIX",
    names.scannerRobotPrefix,
    "robots of the scanner are not known as such",
  ),
  {
    in: "config",
    file: "registry/config.yml",
    read: { as: "yaml", key: "http.secret" },
    seed: names.registryHttpSecret,
    isSecret: true,
    breaks: "uploads that go on through another node fail: pushes get 404",
  },
  plain("core/env", { as: "scheme", key: "EXT_ENDPOINT" }, "clients are sent for tokens to http, where nobody listens"),
  plain("core/env", { as: "env", key: "WITH_TRIVY" }, SCANNER),
  plain("core/env", { as: "env", key: "CACHE_ENABLED" }, STALE),
  plain("jobservice/env", { as: "env", key: "CACHE_ENABLED" }, STALE),
  plain("core/env", { as: "env", key: "CACHE_EXPIRE_HOURS" }, STALE),
  plain("core/env", { as: "env", key: "QUOTA_UPDATE_PROVIDER" }, "usage of quotas is counted in two places"),
  {
    ...plain(
      "core/env",
      { as: "env", key: "CONFIG_OVERWRITE_JSON" },
      "its settings apply to all nodes, and only this one refuses to change them",
    ),
    isSecret: true,
  },
  plain("core/env", { as: "database", key: "_REDIS_URL_CORE" }, SESSIONS),
  plain("core/env", { as: "database", key: "_REDIS_URL_HARBOR" }, STALE),
  plain("core/env", { as: "database", key: "_REDIS_URL_CACHE_LAYER" }, STALE),
  plain(
    "core/env",
    { as: "database", key: "_REDIS_URL_REG" },
    "garbage collection leaves what the registry remembers: deleted layers seem to be there",
  ),
  plain("jobservice/env", { as: "database", key: "_REDIS_URL_CACHE_LAYER" }, STALE),
  plain("jobservice/config.yml", { as: "yaml-database", key: "redis_url" }, QUEUE),
  plain(
    "jobservice/config.yml",
    { as: "loggers", key: "job_loggers" },
    "logs of jobs are found through one node and not through another",
  ),
  plain("registry/config.yml", { as: "yaml", key: "redis.db" }, "layers that were deleted seem to be there"),
  plain(
    "trivy-adapter/env",
    { as: "database", key: "SCANNER_STORE_REDIS_URL" },
    "scans that one node has begun are unknown to another",
  ),
  plain(
    "trivy-adapter/env",
    { as: "database", key: "SCANNER_JOB_QUEUE_REDIS_URL" },
    "scans that one node has begun are unknown to another",
  ),
];

/** File and key as an operator looks for them: "core/env CSRF_KEY". */
export function itemName({ file, read }: SharedItem): string {
  return "key" in read ? `${file} ${read.key}` : file;
}

function seed(place: SharedItem["in"], file: string, name: string, breaks: string): SharedItem {
  return { in: place, file, read: { as: "file" }, seed: name, isSecret: true, breaks };
}

function seedIn(file: string, key: string, name: string, breaks: string): SharedItem {
  return { in: "config", file, read: { as: "env", key }, seed: name, isSecret: true, breaks };
}

function plain(file: string, read: Reader, breaks: string): SharedItem {
  return { in: "config", file, read, isSecret: false, breaks };
}
