import type { Cluster, Operator } from "../cluster/cluster.js";
import { journalled } from "../cluster/journal.js";
import { during, type OnProgress } from "../cluster/progress.js";
import type { Host } from "../hosts/host.js";
import { HARBOR_PATHS } from "../release/harbor-layout.js";
import { wholeSeconds } from "../spec/duration.js";

/** Milliseconds that containers take to stop, besides the end of what clients have begun. */
const STOP_TIME = 90_000;

/**
 * Stops Harbor on all nodes, after clients have ended what they had begun: two versions of its core do not share a data
 * base, and no data base changes below a running one. The next `up` starts it. A node without Harbor is passed over.
 * Must be called under the cluster's lock.
 */
export async function stopHarbor(
  { environment }: Pick<Cluster, "environment">,
  hosts: readonly Host[],
  { operator, onProgress }: { readonly operator: Operator; readonly onProgress: OnProgress },
): Promise<void> {
  const drain = wholeSeconds(environment.registry.drain) * 1000;
  const script = `
[ -x ${HARBOR_PATHS.program} ] || exit 0
${HARBOR_PATHS.program} close 2>/dev/null || true
${HARBOR_PATHS.program} stop`;
  await Promise.all(
    hosts.map((host) => {
      const entry = { step: "stop", release: "none", operator } as const;
      return during(onProgress, { step: "stop", node: host.node.name }, () =>
        host.change("stop Harbor", journalled(entry, script), { timeout: 2 * drain + STOP_TIME }),
      );
    }),
  );
}
