import { X509Certificate } from "node:crypto";
import { PATHS } from "../release/layout.js";
import type { ProblemDetails } from "../spec/problem.js";
import { missingTools } from "./actions.js";
import type { HostFacts } from "./host-facts.js";
import type { Wanted } from "./wanted.js";

const MEBIBYTE = 1024 ** 2;
/** Most milliseconds by which a host's clock may differ from ours. Signatures of S3 tolerate 15 minutes; people's logs do not. */
const MOST_SKEW = 30_000;
/** Least free space: images while they are unpacked; a few releases. */
const LEAST_FREE = { docker: 2048 * MEBIBYTE, opt: 200 * MEBIBYTE } as const;
/** Systems whose packages are known here. Debian and its package of the engine are tried in the lab, the others are not. */
const KNOWN_SYSTEMS = ["debian", "ubuntu", "fedora", "rhel", "centos", "rocky", "almalinux", "ol", "amzn", "alinux"];

/** When a certificate is valid, in milliseconds since 1970. */
export interface CertificateTimes {
  readonly from: number;
  readonly to: number;
  /** The host's own time. */
  readonly now: number;
}

/** The times of the certificate that a release brings, and the time of the host that will show it. */
export function certificateTimes(wanted: Wanted, facts: HostFacts): CertificateTimes | undefined {
  const file = wanted.files.find(({ path }) => path === PATHS.certificate || path === PATHS.certificateAndKey);
  if (file === undefined) return undefined;
  const certificate = new X509Certificate(file.masked);
  return {
    from: Date.parse(certificate.validFrom),
    to: Date.parse(certificate.validTo),
    now: Date.now() + facts.clockAhead,
  };
}

/**
 * What is in the way on a host, as far as its facts tell.
 * @param mayInstall - whether what the host lacks may be installed
 */
export function factProblems(
  wanted: Wanted,
  facts: HostFacts,
  certificate: CertificateTimes | undefined,
  mayInstall: boolean,
): ProblemDetails[] {
  return [
    ...(mayInstall ? unknownSystem(wanted, facts) : missingRuntime(wanted, facts)),
    ...wrongClock(facts),
    ...shortSpace(facts),
    ...strangers(facts),
    ...(certificate === undefined ? [] : invalidCertificate(facts, certificate)),
  ];
}

/** A system we do not know is fine as long as nothing must be installed. */
function unknownSystem(wanted: Wanted, facts: HostFacts): ProblemDetails[] {
  const missing = missingTools(wanted, facts);
  if (missing.length === 0 || KNOWN_SYSTEMS.includes(facts.system.id)) return [];
  return [
    {
      code: "preflight/unknown-system",
      says: `${facts.node} runs ${facts.system.name}, whose packages are not known here, and lacks ${missing.join(", ")}`,
      instead: `install ${missing.join(", ")} yourself, or use one of ${KNOWN_SYSTEMS.join(", ")}`,
    },
  ];
}

function missingRuntime(wanted: Wanted, facts: HostFacts): ProblemDetails[] {
  const missing = missingTools(wanted, facts);
  if (missing.length === 0) return [];
  return [
    {
      code: "preflight/runtime-missing",
      says: `${facts.node} lacks ${missing.join(", ")}, and hosts.installRuntime is false`,
      instead: "install them yourself, or let harborwright do it: hosts.installRuntime: true",
    },
  ];
}

function wrongClock({ node, clockAhead }: HostFacts): ProblemDetails[] {
  if (Math.abs(clockAhead) <= MOST_SKEW) return [];
  const seconds = Math.round(Math.abs(clockAhead) / 1000);
  return [
    {
      code: "preflight/clock-skew",
      says: `the clock of ${node} is ${seconds} s ${clockAhead > 0 ? "ahead of" : "behind"} this machine's; 30 s are allowed`,
      instead: "have both follow a time server: timedatectl set-ntp true",
    },
  ];
}

function shortSpace({ node, free }: HostFacts): ProblemDetails[] {
  const places = [
    { folder: "/var/lib/docker", got: free.docker, least: LEAST_FREE.docker },
    { folder: "/opt", got: free.opt, least: LEAST_FREE.opt },
  ];
  return places
    .filter(({ got, least }) => got < least)
    .map(({ folder, got, least }) => ({
      code: "preflight/disk-full",
      says: `${folder} of ${node} has ${mebibytes(got)} free; ${mebibytes(least)} are needed`,
      instead: "free some space (docker system df shows what Docker uses) or enlarge the disk",
    }));
}

/** Harbor's compose file gives its containers names that stand for themselves. */
function strangers({ node, strangers = [] }: HostFacts): ProblemDetails[] {
  if (strangers.length === 0) return [];
  return [
    {
      code: "preflight/container-name-taken",
      says: `${node} has ${strangers.length === 1 ? "a container" : "containers"} of somebody else named ${strangers.join(", ")}, as Harbor names its own`,
      instead: "take them away (docker rm), or use hosts of their own for Harbor",
    },
  ];
}

function invalidCertificate({ node }: HostFacts, { from, to, now }: CertificateTimes): ProblemDetails[] {
  if (now < from) {
    return [
      {
        code: "preflight/certificate-not-yet-valid",
        says: `the certificate is valid from ${day(from)} on, and the clock of ${node} says ${day(now)}`,
        instead: "check the host's clock, or bring another certificate",
      },
    ];
  }
  if (now <= to) return [];
  return [
    {
      code: "preflight/certificate-expired",
      says: `the certificate has expired on ${day(to)}, by the clock of ${node}`,
      instead: "renew it: `harborwright renew`, or bring a new file when it is your own",
    },
  ];
}

function mebibytes(bytes: number): string {
  return `${Math.floor(bytes / MEBIBYTE)} MiB`;
}

function day(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 16).replace("T", " ");
}
