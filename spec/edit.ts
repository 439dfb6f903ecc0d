import { applyPatch, structuredPatch } from "diff";
import { type Document, isMap, parseDocument } from "yaml";
import { isCloud } from "./cloud/sites.js";
import type { Environment } from "./environment.js";
import { parseEnvironment } from "./parse.js";
import { Problem } from "./problem.js";

/** A change of an environment file that a command makes for its user. */
export type Edit = (text: string, file: string) => string;

/**
 * Sets how many nodes a site has. Sizes of nodes that are no more go with them.
 * @returns an edit that keeps comments and whatever else stands in the file; it throws Problems when the new file is
 * refused, Problem `edit/no-count` for hosts that a list names
 */
export function scaleTo(count: number): Edit {
  return edited((document, environment) => {
    const [site] = environment.sites;
    if (site === undefined || site.provider === "hosts") throw noCount(environment);
    document.setIn([...FIRST_SITE, "nodes", "count"], count);
    if (!isCloud(site)) return;
    const gone = Object.keys(site.nodes.sizes).filter((node) => Number(/\d+$/.exec(node)?.[0]) > count);
    for (const node of gone) deleteIn(document, [...FIRST_SITE, "nodes", "sizes", node]);
  });
}

/**
 * Sets the instance type of all nodes, or of one. A node that has one of its own keeps it until it is named.
 * @returns an edit as {@link scaleTo}'s; Problem `edit/no-size` for machines that no cloud makes
 */
export function resizeTo(size: string, node?: string): Edit {
  return edited((document, environment) => {
    const [site] = environment.sites;
    if (site === undefined || !isCloud(site)) throw noSize(environment);
    const own = [...FIRST_SITE, "nodes", "sizes"];
    if (node === undefined) document.setIn([...FIRST_SITE, "nodes", "size"], size);
    else if (size === site.nodes.size) deleteIn(document, [...own, node]);
    else document.setIn([...own, node], size);
  });
}

const FIRST_SITE = ["sites", 0] as const;
type Path = readonly (string | number)[];

function edited(change: (document: Document, environment: Environment) => void): Edit {
  return (text, file) => {
    const environment = parseEnvironment(text, file);
    const document = parseDocument(text);
    const before = document.toString({ lineWidth: 0 });
    change(document, environment);
    const changed = inItsOwnHand(text, before, document.toString({ lineWidth: 0 }));
    parseEnvironment(changed, file);
    return changed;
  };
}

/** Removes an entry, and what is empty around it then. */
function deleteIn(document: Document, path: Path): void {
  if (!document.hasIn(path)) return;
  document.deleteIn(path);
  const around = document.getIn(path.slice(0, -1), true);
  if (isMap(around) && around.items.length === 0) document.deleteIn(path.slice(0, -1));
}

/**
 * Brings a change into a text as its author has laid it out: what writes YAML has ideas of its own about blanks, so only
 * the lines that it changed are taken from it.
 */
function inItsOwnHand(text: string, before: string, after: string): string {
  const bare = (line: string) => line.replaceAll(/\s/g, "");
  const patch = structuredPatch("", "", before, after);
  const patched = applyPatch(text, patch, { compareLine: (_, line, __, expected) => bare(line) === bare(expected) });
  return patched === false ? after : patched;
}

function noCount({ environment, sites: [site] }: Environment): Problem {
  return new Problem({
    code: "edit/no-count",
    says: `the nodes of ${environment} are the hosts that its file lists`,
    instead: "add a host to the list, or take one out, and run `harborwright up`",
    field: site === undefined ? "sites" : "sites[0].hosts",
  });
}

function noSize({ environment, sites: [site] }: Environment): Problem {
  return new Problem({
    code: "edit/no-size",
    says: `the machines of ${environment} are not made by a cloud: its provider is ${site?.provider}`,
    instead: site?.provider === "local" ? "set nodes.memory in the file" : "change the machines themselves",
    field: "sites[0].provider",
  });
}
