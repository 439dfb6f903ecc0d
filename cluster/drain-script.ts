import { quoted } from "../hosts/quote.js";
import { READ_GATE } from "./gate-points.js";
import { PLACES } from "./places.js";

/** Seconds until the floating address must have left a drained node: two failed checks, and an election. */
const ADDRESS_TIME = 15;
/** Seconds that a load balancer gets to see that a node is drained; nobody can ask it. */
const BALANCER_TIME = 5;

/**
 * Keeps clients away from a node: its status port answers 503 from now on. Waits until the floating address is
 * elsewhere.
 * @param by - what the file says: `up` ends its own drains, an operator's stays
 * @param entry - where clients come in
 */
export function drainScript(by: "up" | "operator", entry: "floating" | "balancer" | "node"): string {
  return `
mkdir -p ${PLACES.runtime}
echo ${quoted(by)} > ${PLACES.drain}
${entry === "floating" ? AWAIT_ADDRESS : ""}${entry === "balancer" ? `sleep ${BALANCER_TIME}` : ""}`;
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
export const UNDRAIN_SCRIPT = `rm -f ${PLACES.drain} ${PLACES.registryDrain}`;
