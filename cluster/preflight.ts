import { setTimeout as pause } from "node:timers/promises";
import type { Host } from "../hosts/host.js";
import { HARBOR_LOG_PORT } from "../spec/harbor/ports.js";
import { harborOf } from "../spec/harbor/software.js";
import { Problem, type ProblemDetails, Problems } from "../spec/problem.js";
import type { Probe } from "./apply.js";
import type { Cluster } from "./cluster.js";
import type { ClusterFacts, HostFacts } from "./host-facts.js";
import { certificateTimes, factProblems } from "./preflight-facts.js";
import { preflightScript } from "./preflight-script.js";
import type { Wanted } from "./wanted.js";

export interface Preflight {
  readonly cluster: Cluster;
  /** Those of the cluster's hosts that take part. */
  readonly hosts: readonly Host[];
  readonly wanted: readonly Wanted[];
  readonly facts: ClusterFacts;
  readonly probes: readonly Probe[];
}

/**
 * Looks for all that could stop the work later, on every host at once, and changes nothing but the storage probe's tiny
 * object. A host without curl is asked about its storage later, when it has it.
 * @returns what was found to be good, in a few words
 * @throws Problems with everything that is in the way
 */
export async function preflight({ cluster, hosts, wanted, facts, probes }: Preflight): Promise<string> {
  const { installRuntime } = cluster.environment.hosts;
  const found = await Promise.all(
    hosts.map(async (host) => {
      const own = wanted.find((release) => release.node === host.node.name);
      const known = facts.hosts.find((candidate) => candidate.node === host.node.name);
      if (own === undefined || known === undefined) throw new RangeError(`nothing is known about ${host.node.name}`);
      const [inTheWay, refused] = await Promise.all([
        hostProblems(host, cluster, hosts),
        known.tools.curl ? probeProblems(host, probes) : [],
      ]);
      return [...factProblems(own, known, certificateTimes(own, known), installRuntime), ...inTheWay, ...refused];
    }),
  );
  const problems = found.flat();
  if (problems.length > 0) throw new Problems(problems);
  const asked = [...new Set(probes.map((probe) => probe.what))];
  return [`${hosts.length} host${hosts.length === 1 ? "" : "s"}`, ...asked].join(", ");
}

/** Asks the probes of one host. @throws Problems */
export async function probeHost(host: Host, probes: readonly Probe[]): Promise<void> {
  const problems = await probeProblems(host, probes);
  if (problems.length > 0) throw new Problems(problems);
}

/** Whether a host could not be asked before its runtime was there. */
export function isUnproved(facts: HostFacts): boolean {
  return !facts.tools.curl;
}

async function probeProblems(host: Host, probes: readonly Probe[]): Promise<ProblemDetails[]> {
  const own = probes.filter((probe) => probe.node === undefined || probe.node === host.node.name);
  const answers = await Promise.all(own.map((probe) => probeProblem(host, probe)));
  return answers.filter((problem) => problem !== undefined);
}

async function probeProblem(host: Host, probe: Probe): Promise<ProblemDetails | undefined> {
  const { codes = [], within = 0, every = 2_000 } = probe.passing ?? {};
  const end = performance.now() + within;
  for (;;) {
    const problem = await askProbe(host, probe);
    if (problem === undefined || !codes.includes(problem.code) || performance.now() >= end) return problem;
    await pause(every);
  }
}

async function askProbe(host: Host, probe: Probe): Promise<ProblemDetails | undefined> {
  try {
    await host.read(probe.script, probe.input === undefined ? {} : { input: probe.input });
    return undefined;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const reason = (error.details.log ?? []).join("\n");
    if (error.details.code !== "host/command-failed") return error.details;
    if (probe.explain !== undefined) return probe.explain(reason).details;
    return {
      code: "preflight/probe-failed",
      says: `${host.node.name}: ${probe.what}: no`,
      instead: probe.instead,
      log: error.details.log,
    };
  }
}

async function hostProblems(host: Host, cluster: Cluster, hosts: readonly Host[]): Promise<ProblemDetails[]> {
  const { ports } = cluster.environment.registry;
  const printed = await host.read(
    preflightScript({
      ports: [...new Set([ports.https, ports.registry, ports.metrics, ports.status, ...harborPorts(cluster)])],
      others: hosts.map((other) => other.node).filter((node) => node.name !== host.node.name),
      registryPort: ports.registry,
      names: neededNames(cluster),
    }),
  );
  return printed
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => explained(line.split(" "), host, ports.registry));
}

/** Ports that Harbor opens besides: its log's on loopback, and plain HTTP beside TLS. */
function harborPorts({ environment }: Cluster): number[] {
  if (environment.registry.engine !== "harbor") return [];
  const { tls, redirectPort } = harborOf(environment).nginx;
  return [HARBOR_LOG_PORT, ...(tls ? [redirectPort] : [])];
}

/** Names that the registry itself will look up. */
function neededNames({ environment, site }: Cluster): string[] {
  const { storage, mirror } = environment.registry;
  const urls = [
    storage.kind === "s3" ? storage.endpoint : storage.kind === "managed" ? site.storage?.endpoint : undefined,
    mirror?.upstream,
  ];
  return urls.flatMap((url) => (url === undefined ? [] : [new URL(url).hostname]));
}

function explained([kind, ...words]: string[], { node }: Host, registryPort: number): ProblemDetails {
  const [first = "", second = ""] = words;
  switch (kind) {
    case "no-systemd":
      return {
        code: "preflight/no-systemd",
        says: `${node.name} does not run systemd`,
        instead: "use a host with Debian, Ubuntu, Fedora, or a system of the Red Hat family",
      };
    case "no-name":
      return {
        code: "preflight/name-unknown",
        says: `${node.name} finds no address for ${first}`,
        instead: "correct the name in the environment file, or the DNS that this host asks",
      };
    case "taken":
      return {
        code: "preflight/port-taken",
        says: `port ${first} of ${node.name} is taken by ${programName(second)}`,
        instead: "stop that program, or choose other ports under registry.ports",
      };
    default:
      return {
        code: "preflight/nodes-apart",
        says: `${node.name} does not reach ${first} at ${second}, port ${registryPort}`,
        instead: `let the nodes reach each other: TCP ${registryPort} and, for a floating address, VRRP (IP protocol 112)`,
      };
  }
}

/** ss prints `users:(("nginx",pid=12,fd=3))`. */
function programName(users: string): string {
  const match = /"([^"]+)",pid=(\d+)/.exec(users);
  return match === null ? "another program" : `${match[1]} (process ${match[2]})`;
}
