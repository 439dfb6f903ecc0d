import { Problem } from "../spec/problem.js";
import { type Explanation, ROLE_KINDS, roleRefused } from "./role-problem.js";

/** What a probe asked, to name it in a problem. */
export interface Probed {
  readonly environment: string;
  readonly node: string;
  /** The bucket's URL, the account's host or the folder. */
  readonly storage: string;
  /** Whether a cloud has given the keys; its user knows none. @default false */
  readonly givesKeys?: boolean;
}

type Explain = (probed: Probed, detail: string) => Explanation;

/**
 * The problem behind what a probe's script wrote to standard error. Its last line is `step: kind: detail`; anything
 * else, a message of the shell for instance, is told as it is.
 */
export function storageProblem(probed: Probed, printed: string): Problem {
  const line = printed.trim().split("\n").at(-1) ?? "";
  const [, step = "", kind = "", detail = line] = /^([a-z]+): ([a-z-]+): (.*)$/.exec(line) ?? [];
  const { code, says, instead } = explainerOf(step, kind, detail)(probed, detail);
  return new Problem({
    code: `storage/${code}`,
    says: `${probed.node} cannot ${VERBS[step] ?? "use"} ${probed.storage}: ${says}`,
    instead,
    field: "registry.storage",
    log: printed.trim().split("\n"),
  });
}

const VERBS: Readonly<Record<string, string>> = {
  write: "write to",
  read: "read from",
  remove: "remove from",
  reach: "reach",
};

const setKeys = ({ environment, givesKeys = false }: Probed) =>
  givesKeys
    ? `harborwright rotate ${environment} storage-key: it has the cloud give a new one`
    : `harborwright secret set ${environment} storage-access-key, and storage-secret-key; then run the command again`;

function explainerOf(step: string, kind: string, detail: string): Explain {
  const role = ROLE_KINDS[kind];
  if (role !== undefined) return () => role(detail);
  if (kind === "answered") {
    const answer = detail.split(" ")[1] ?? "";
    const refused = roleRefused(step, answer, detail);
    return refused === undefined ? (ANSWERS[answer] ?? otherAnswer) : () => refused;
  }
  if (kind === "unreachable") return CURL_ERRORS[/\((\d+)\)/.exec(detail)?.[1] ?? ""] ?? otherCurlError;
  return KINDS[kind] ?? otherFailure;
}

/** Error codes of S3, which OSS, MinIO and others share (Amazon S3 API reference, "Error responses"). */
const ANSWERS: Readonly<Record<string, Explain>> = {
  InvalidAccessKeyId: wrongKey("the storage does not know the access key"),
  // versitygw's spelling of the same.
  XAdminUserNotFound: wrongKey("the storage does not know the access key"),
  SignatureDoesNotMatch: wrongKey("the secret key does not belong to the access key"),
  AccessDenied: (_, detail) => ({
    code: "denied",
    says: `the access key has no right to do this (${detail})`,
    instead: "allow it to list the bucket and to get, put and delete objects, and to work with multi-part uploads",
  }),
  NoSuchBucket: () => ({
    code: "no-such-bucket",
    says: "there is no such bucket",
    instead: "make the bucket, or correct registry.storage.bucket",
  }),
  AccessControlListNotSupported: () => ({
    code: "acl",
    says: "the bucket does not take the access control list that the registry sends with each object",
    instead: "set registry.storage.objectAcl: bucket-owner-full-control, and allow the key or role s3:PutObjectAcl",
  }),
  RequestTimeTooSkewed: () => ({
    code: "clock",
    says: "the clock of this machine, which signed the request, is more than 15 minutes off",
    instead: "set the clock: timedatectl set-ntp true",
  }),
  AuthorizationHeaderMalformed: wrongRegion,
  PermanentRedirect: wrongRegion,
  IllegalLocationConstraintException: wrongRegion,
  SecondLevelDomainForbidden: () => ({
    code: "addressing",
    says: "the storage refuses a bucket in the path",
    instead: "set registry.storage.forcePathStyle: false",
  }),
  InsufficientStorage: full,
  XMinioStorageFull: full,
  QuotaExceeded: full,
};

/** By exit code of curl (curl.1, "EXIT CODES"). */
const CURL_ERRORS: Readonly<Record<string, Explain>> = {
  6: (_, detail) => ({
    code: "name",
    says: `its name is not found (${detail})`,
    instead: "correct registry.storage, or the host's resolver: resolvectl status",
  }),
  7: (_, detail) => ({
    code: "refused",
    says: `no connection is accepted (${detail})`,
    instead: "start the storage, correct the port in registry.storage.endpoint, or open the way from the host",
  }),
  28: (_, detail) => ({
    code: "timeout",
    says: `nothing answers (${detail})`,
    instead: "open the way from the host to the storage: routes, firewalls, security groups",
  }),
  35: refusedTls,
  60: refusedTls,
};

function refusedTls(_: Probed, detail: string): Explanation {
  return {
    code: "certificate",
    says: `its certificate is not accepted (${detail})`,
    instead: "install the CA of the storage on the host, or correct the name in registry.storage.endpoint",
  };
}

const KINDS: Readonly<Record<string, Explain>> = {
  "missing-curl": () => ({
    code: "missing-curl",
    says: "the host has no curl to try it with",
    instead: "install it: apt-get install curl, or dnf install curl",
  }),
  skew: ({ node }, detail) => ({
    code: "clock",
    says: `the host's clock is ${Math.abs(Number(detail))} s ${Number(detail) > 0 ? "ahead of" : "behind"} the storage's`,
    instead: `set the clock of ${node}: timedatectl set-ntp true; S3 refuses signatures that are 15 minutes off`,
  }),
  differs: (_, detail) => ({
    code: "content",
    says: `what was read is not what was written (${detail})`,
    instead: "something between the host and the storage answers in its place: a proxy, a portal, a cache",
  }),
  "not-writable": ({ storage }, detail) => ({
    code: "not-writable",
    says: `the registry's user may not write there (${detail})`,
    instead: `chown 10101:10101 ${storage}, and see that the file system is not full or read-only`,
  }),
};

function wrongKey(says: string): Explain {
  return (probed) => ({ code: "wrong-key", says, instead: setKeys(probed) });
}

function wrongRegion(_: Probed, detail: string): Explanation {
  return {
    code: "wrong-region",
    says: `the bucket lies in another region (${detail})`,
    instead: "correct registry.storage.region, and the endpoint with it",
  };
}

function full(_: Probed, detail: string): Explanation {
  return { code: "full", says: `no room is left (${detail})`, instead: "enlarge the storage or free some of it" };
}

function otherAnswer(_: Probed, detail: string): Explanation {
  const status = detail.split(" ")[0] ?? "";
  return {
    code: "answer",
    says: `it answers ${detail}`,
    instead: status.startsWith("5")
      ? "see the log of the storage"
      : "correct registry.storage or the rights of the key or role",
  };
}

function otherCurlError(_: Probed, detail: string): Explanation {
  return { code: "connection", says: detail, instead: "correct registry.storage, or the host's network" };
}

function otherFailure(_: Probed, detail: string): Explanation {
  return { code: "probe", says: detail || "the check said nothing", instead: "run the command again" };
}
