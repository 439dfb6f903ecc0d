import { quoted } from "../hosts/quote.js";
import { HARBOR_PATHS } from "../release/harbor-layout.js";
import { isCloud } from "../spec/cloud/sites.js";
import { wholeSeconds } from "../spec/duration.js";
import type { Cluster } from "./cluster.js";
import { READ_GATE } from "./gate-points.js";
import { PLACES } from "./places.js";

/** Seconds until the floating address must have left a drained node: two failed checks, and an election. */
const ADDRESS_TIME = 15;
/** Seconds that a load balancer gets to see that a node is drained; nobody can ask it. */
const BALANCER_TIME = 5;
/** Those of a cloud ask every five seconds and believe the second bad answer, and another one is on its way by then. */
export const CLOUD_BALANCER_TIME = 15;

/**
 * Keeps clients away from a node: its status port answers 503 from now on. Waits until the floating address is
 * elsewhere.
 * @param by - what the file says: `up` ends its own drains, an operator's stays
 */
export function drainScript(
  by: "up" | "operator",
  { environment, site }: Pick<Cluster, "environment" | "site">,
): string {
  const entry = site.entry.from;
  const seconds = environment.sites.some(isCloud) ? CLOUD_BALANCER_TIME : BALANCER_TIME;
  return `
mkdir -p ${PLACES.runtime}
echo ${quoted(by)} > ${PLACES.drain}
${entry === "floating" ? AWAIT_ADDRESS : ""}${entry === "balancer" ? `sleep ${seconds}` : ""}`;
}

/**
 * As {@link drainScript}, for a machine that will stop: the other fronts ask its registry no more either, and what
 * clients have under way may end.
 */
export function drainMachineScript(cluster: Pick<Cluster, "environment" | "site">): string {
  const { ports, drain } = cluster.environment.registry;
  return `${drainScript("up", cluster)}
${closeRegistryScript(cluster)}
end=$(($(date +%s) + ${wholeSeconds(drain)}))
while [ "$(date +%s)" -lt $end ] && [ -n "$(ss -Htn state established "sport = :${ports.https}")" ]; do
  sleep 0.5
done`;
}

/**
 * Sends the other fronts away from the node's registry. Distribution is told by a file; Harbor knows nothing of the
 * kind, so its own nginx ends what it has begun and rests.
 */
export function closeRegistryScript({ environment }: Pick<Cluster, "environment">): string {
  const close = environment.registry.engine === "harbor" ? `\n${HARBOR_PATHS.program} close` : "";
  return `touch ${PLACES.registryDrain}${close}`;
}

/** Milliseconds that a drain takes at the most. */
export function drainTimeout({ environment }: Pick<Cluster, "environment">): number {
  return (30 + 2 * wholeSeconds(environment.registry.drain)) * 1000;
}

const AWAIT_ADDRESS = `
${READ_GATE}
end=$(($(date +%s) + ${ADDRESS_TIME}))
while [ -n "$gate_floating" ] && [ -n "$(ip -4 -oneline address show to "$gate_floating/32")" ]; do
  if [ "$(date +%s)" -ge $end ]; then
    echo "the floating address $gate_floating has not left after ${ADDRESS_TIME} s" >&2
    exit 1
  fi
  sleep 0.1
done`;

/** Lets clients come back. */
export const UNDRAIN_SCRIPT = `
if [ -e ${PLACES.registryDrain} ] && [ -x ${HARBOR_PATHS.program} ]; then ${HARBOR_PATHS.program} open; fi
rm -f ${PLACES.drain} ${PLACES.registryDrain}`;
