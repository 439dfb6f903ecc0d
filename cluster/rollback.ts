import type { Host } from "../hosts/host.js";
import { Problem } from "../spec/problem.js";
import { missingImages } from "./actions.js";
import { type Applied, factsOf } from "./apply.js";
import type { Cluster, Operator } from "./cluster.js";
import { readHistory } from "./history.js";
import type { ClusterFacts } from "./host-facts.js";
import { PLACES } from "./places.js";
import { type Plan, planWanted } from "./plan.js";
import type { OnProgress } from "./progress.js";
import { rollOut } from "./roll-out.js";
import { rollbackTarget } from "./rollback-target.js";
import { stagedRelease } from "./staged-releases.js";
import type { Wanted } from "./wanted.js";
import { withLock } from "./with-lock.js";

export interface RollbackOptions {
  readonly operator: Operator;
  readonly onProgress: OnProgress;
}

/** What a rollback would change. */
export async function planRollback(cluster: Cluster): Promise<Plan> {
  const wanted = await releasesBefore(cluster.hosts);
  const facts = await factsOf(cluster.hosts, wanted, () => {});
  return planWanted(cluster.environment.environment, wanted, facts);
}

/**
 * Takes all nodes to the releases that they last ran together, one at a time and through the same gates as `up`. They
 * lie on the hosts, images included; the environment file is not asked.
 * @throws Problem `rollback/nothing-before`, `rollback/release-gone`, `rollback/image-gone`, `rollback/other-harbor`
 */
export function rollback(cluster: Cluster, { operator, onProgress }: RollbackOptions): Promise<Applied> {
  return withLock(cluster, { operator, onProgress, without: [] }, async ({ hosts }) => {
    const wanted = await releasesBefore(hosts);
    const facts = await factsOf(hosts, wanted, onProgress);
    assertImages(wanted, facts);
    assertSameHarbor(wanted, facts);
    const plan = planWanted(cluster.environment.environment, wanted, facts);
    await rollOut({ cluster, hosts, wanted, facts, plan, operator, onProgress, bring: async () => {} });
    return { plan };
  });
}

async function releasesBefore(hosts: readonly Host[]): Promise<Wanted[]> {
  const known = await Promise.all(
    hosts.map(async (host) => {
      const [current, history] = await Promise.all([currentRelease(host), readHistory(host)]);
      return { node: host.node.name, current, history };
    }),
  );
  const target = rollbackTarget(
    Object.fromEntries(known.map(({ node, current }) => [node, current])),
    known.map(({ history }) => history),
  );
  if (target === undefined) throw nothingBefore();
  return Promise.all(hosts.map((host) => stagedRelease(host, target[host.node.name] ?? "")));
}

async function currentRelease(host: Host): Promise<string | undefined> {
  const link = (await host.read(`readlink ${PLACES.current} || true`)).trim();
  return link === "" ? undefined : link.slice(link.lastIndexOf("/") + 1);
}

function assertImages(wanted: readonly Wanted[], facts: ClusterFacts): void {
  for (const host of facts.hosts) {
    const own = wanted.find(({ node }) => node === host.node);
    const missing = own === undefined ? [] : missingImages(own, host);
    if (missing.length === 0) continue;
    throw new Problem({
      code: "rollback/image-gone",
      says: `${host.node} no longer has the image ${missing.join(", ")} of the release before`,
      instead: "check out the environment file as it was then and run `harborwright up`: it brings images along",
    });
  }
}

/** Harbor's cores do not read a data base that a newer one has migrated, and nothing brings it back but a restore. */
function assertSameHarbor(wanted: readonly Wanted[], facts: ClusterFacts): void {
  for (const host of facts.hosts) {
    const asked = wanted.find(({ node }) => node === host.node)?.harbor;
    const core = asked?.containers.find(({ name }) => name === "harbor-core");
    const running = host.harbor?.get("harbor-core");
    if (core === undefined || running === undefined || running.image === core.image) continue;
    throw new Problem({
      code: "rollback/other-harbor",
      says: `the releases before ran Harbor ${asked?.version}, and ${host.node} runs another one, which has brought the data base to its own version`,
      instead:
        "go back with `harborwright restore`, from the backup that was made before the upgrade; settings alone go back by the environment file",
    });
  }
}

function nothingBefore(): Problem {
  return new Problem({
    code: "rollback/nothing-before",
    says: "there is no other set of releases that all nodes once ran together",
    instead: "change the environment file and run `harborwright up`",
  });
}
