import type { Plan } from "../cluster/plan.js";
import type { SecretStore } from "../secrets/store.js";
import type { Workspace } from "./workspace.js";

/** A plan with what changes inside of Harbor, which is asked for it when it runs already. */
export async function withSettings(workspace: Workspace, store: SecretStore, plan: Plan): Promise<Plan> {
  if (workspace.environment.registry.engine !== "harbor") return plan;
  const { planSettings } = await import("./harbor-settings.js");
  const runs = plan.hosts.some(({ release }) => release.before !== undefined);
  const settings = await planSettings(workspace, store, runs);
  return settings === undefined ? plan : { ...plan, settings };
}
