import { type Node, plannedInventory } from "../spec/inventory.js";
import { cloudSite, type Workspace } from "./workspace.js";

/** Nodes that a site still has and that the environment file no longer wants, with the places they have. */
export function nodesThatGo(workspace: Workspace): Node[] {
  const site = cloudSite(workspace);
  if (site === undefined) return [];
  const made = Object.keys(workspace.outputs?.[site.name]?.nodes ?? {});
  const last = Math.max(site.nodes.count, ...made.map(numberOf));
  const environment = {
    ...workspace.environment,
    sites: workspace.environment.sites.map((one) =>
      one === site ? { ...site, nodes: { ...site.nodes, count: last } } : one,
    ),
  };
  const { identityFile: identity, outputs = {} } = workspace;
  return plannedInventory(environment, { identity, outputs })
    .sites.filter(({ name }) => name === site.name)
    .flatMap(({ nodes }) => nodes)
    .filter(({ name }) => made.includes(name) && numberOf(name) > site.nodes.count);
}

function numberOf(node: string): number {
  return Number(/\d+$/.exec(node)?.[0] ?? 0);
}
