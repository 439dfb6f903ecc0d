import type { Plan } from "../cluster/plan.js";

/** What a plan says of certificates that will be asked for. */
export function asked(asks: readonly string[]): Pick<Plan, "certificates"> {
  return asks.length === 0 ? {} : { certificates: asks };
}
