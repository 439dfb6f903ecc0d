import type { Cluster } from "../cluster/cluster.js";
import { type DatabaseDoor, databaseElsewhere, ownDatabase } from "../recovery/database-door.js";
import { HARBOR_DATABASE } from "../release/data-context.js";
import { dataServicesPlaces } from "../release/own-data-services.js";
import { harborOf } from "../spec/harbor/software.js";
import { Problem } from "../spec/problem.js";

/**
 * The way to Harbor's data base: on the nodes that carry it, or from a node to where it is.
 * @returns undefined when the engine has none
 * @throws Problem `data-services/no-primary`, `ssh/…`
 */
export async function harborDatabase(cluster: Cluster): Promise<DatabaseDoor | undefined> {
  const { environment, site, hosts } = cluster;
  if (environment.registry.engine !== "harbor") return undefined;
  const { database } = harborOf(environment);
  if (database.kind === "own") {
    const places = dataServicesPlaces(environment, site);
    const carriers = hosts.filter(({ node }) => places?.nodes.some(({ name }) => name === node.name));
    return ownDatabase(await answering(carriers), places?.settings.ports.postgresql ?? 0, HARBOR_DATABASE);
  }
  const [host] = await answering(hosts);
  const name = database.kind === "given" ? database : site.database;
  if (host === undefined || name === undefined) throw unreachable(environment.environment);
  return databaseElsewhere(host, name);
}

/** A backup must be possible while a node is away. @throws Problem of the last one when none answers */
async function answering(hosts: Cluster["hosts"]): Promise<Cluster["hosts"]> {
  const asked = await Promise.all(
    hosts.map((host) =>
      host.read(":").then(
        () => ({ host, silent: undefined }),
        (silent: unknown) => ({ host, silent }),
      ),
    ),
  );
  const found = asked.filter(({ silent }) => silent === undefined).map(({ host }) => host);
  const [first] = asked;
  if (found.length === 0 && first !== undefined) throw first.silent;
  return found;
}

function unreachable(environment: string): Problem {
  return new Problem({
    code: "backup/no-database",
    says: `it is not known where the data base of ${environment} is`,
    instead: "bring the environment up first: harborwright up",
  });
}
