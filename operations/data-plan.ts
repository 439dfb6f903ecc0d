import type { Plan } from "../cluster/plan.js";
import type { Host } from "../hosts/host.js";
import { carriesDataServices } from "../secrets/data-secrets.js";
import type { SecretStore } from "../secrets/store.js";
import type { Workspace } from "./workspace.js";

/**
 * What changes of data base and Redis on the nodes; those whose host is not given get all. Other engines start without
 * the rest of it.
 */
export async function dataPlan(
  workspace: Workspace,
  store: SecretStore,
  hosts: readonly Host[],
): Promise<Pick<Plan, "dataServices">> {
  if (!carriesDataServices(workspace.environment)) return {};
  const { planOwnDataServices } = await import("./data-services.js");
  const dataServices = await planOwnDataServices(workspace, store, hosts);
  return dataServices === undefined ? {} : { dataServices };
}
