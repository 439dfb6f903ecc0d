import type { Engine } from "../engine.js";
import { Problem } from "../problem.js";

interface WithEngine {
  readonly registry: { readonly engine: Engine };
}

/**
 * Stops what would ask or change hosts for Harbor: this version reads its environment files and does not build it yet.
 * @throws Problem `harbor/not-supported-yet`
 */
export function refuseHarborYet({ registry }: WithEngine): void {
  if (registry.engine !== "harbor") return;
  throw new Problem({
    code: "harbor/not-supported-yet",
    says: "engine: harbor cannot be brought to hosts by this version yet",
    instead:
      "`harborwright validate` checks the file and `harborwright explain harbor` tells of its fields; or engine: distribution",
    field: "registry.engine",
  });
}
