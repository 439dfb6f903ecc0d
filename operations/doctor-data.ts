import { access } from "node:fs/promises";
import { join } from "node:path";
import { NOT_THERE } from "../dataservices/health.js";
import { carriesDataServices } from "../secrets/data-secrets.js";
import { ownDataServicesHealth } from "./data-services.js";
import { type Finding, ok, problem, warning } from "./finding.js";
import { withCluster } from "./open-cluster.js";
import type { Workspace } from "./workspace.js";

const CHECK = "data services";

/** How data base and Redis on the nodes are; nothing as long as no host was ever met. */
export async function dataFindings(workspace: Workspace): Promise<Finding[]> {
  if (!carriesDataServices(workspace.environment) || !(await hasMetHosts(workspace))) return [];
  const health = await withCluster(workspace, ownDataServicesHealth);
  if (health === undefined) return [];
  const { nodes, troubles } = health;
  if (troubles.some(({ code }) => code === NOT_THERE)) return [ok(CHECK, "not made yet")];
  if (troubles.length === 0) return [ok(CHECK, `data base and Redis are well on ${nodes.length} nodes`)];
  const { environment } = workspace.environment;
  const again = `harborwright up ${environment} mends what it can; harborwright logs ${environment} --of database, or redis, tells more`;
  return troubles.map(({ severe, says }) => (severe ? problem : warning)(CHECK, says, again));
}

async function hasMetHosts(workspace: Workspace): Promise<boolean> {
  return access(join(workspace.stateFolder, "known_hosts")).then(
    () => true,
    () => false,
  );
}
