import type { Host } from "../hosts/host.js";
import { Problem, type ProblemDetails, Problems } from "../spec/problem.js";
import type { Cluster, Operator } from "./cluster.js";
import { type Lease, takeLock } from "./lock.js";
import { during, type OnProgress } from "./progress.js";

export interface LockedWork {
  readonly operator: Operator;
  /** Nodes that are left out because they cannot be reached. */
  readonly without: readonly string[];
  readonly onProgress: OnProgress;
}

/**
 * Does work while the lock is held on all hosts that take part.
 * @throws Problems when one of them cannot be reached: nothing has changed then
 */
export async function withLock<T>(
  cluster: Cluster,
  { operator, without, onProgress }: LockedWork,
  work: (lease: Lease) => Promise<T>,
): Promise<T> {
  const { environment } = cluster.environment;
  const hosts = cluster.hosts.filter((host) => !without.includes(host.node.name));
  const lease = await during(
    onProgress,
    { step: "lock" },
    async () => {
      await assertReachable(hosts);
      return takeLock(hosts, operator, environment);
    },
    () => `held by ${operator.who}`,
  );
  try {
    return await work(lease);
  } finally {
    await lease.release();
  }
}

/** All at once, so that several dead hosts cost the time of one. */
async function assertReachable(hosts: readonly Host[]): Promise<void> {
  const silent = await Promise.all(hosts.map((host) => unreachable(host, hosts.length > 1)));
  const problems = silent.filter((problem) => problem !== undefined);
  if (problems.length > 0) throw new Problems(problems);
}

async function unreachable(host: Host, others: boolean): Promise<ProblemDetails | undefined> {
  try {
    await host.read(":");
    return undefined;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const { instead } = error.details;
    return {
      ...error.details,
      instead: others ? `${instead}; or go on with the others: --without ${host.node.name}` : instead,
    };
  }
}
