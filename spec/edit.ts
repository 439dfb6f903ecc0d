import { applyPatch, structuredPatch } from "diff";
import { type Document, isMap, parseDocument } from "yaml";
import { isCloud } from "./cloud/sites.js";
import type { EngineVersion } from "./engine.js";
import type { Environment } from "./environment.js";
import { bundleName, harborPatch } from "./harbor/release.js";
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

/** The file from which Harbor's images come: what `harbor.release` says of it. */
export interface NewRelease {
  /** Path beside the environment file. @default - upstream's, downloaded */
  readonly file?: string;
  readonly sha256?: string;
}

/**
 * Sets the version of the engine, and with Harbor where that release comes from.
 * @returns an edit as {@link scaleTo}'s; Problem `edit/no-release` when the file knows the old release by its sha256 or
 * its file, and nothing tells of the new one
 */
export function upgradeTo(version: EngineVersion, release: NewRelease = {}): Edit {
  return edited((document, environment) => {
    const { registry } = environment;
    const before = document.getIn(["registry", "version"]);
    if (registry.version === version && before === version) return;
    document.setIn(["registry", "version"], version);
    const place = ["harbor", "release"];
    if (registry.engine !== "harbor" || registry.version === version) return;
    const isKnown = document.hasIn([...place, "file"]) || document.hasIn([...place, "sha256"]);
    if (release.file === undefined && release.sha256 === undefined && isKnown) throw noRelease(environment, version);
    for (const [key, value] of [
      ["from", release.file === undefined ? undefined : "bundle"],
      ["file", release.file],
      ["sha256", release.sha256],
    ] as const) {
      if (value !== undefined) document.setIn([...place, key], value);
      else if (document.hasIn([...place, key])) deleteIn(document, [...place, key]);
    }
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

function noRelease({ registry }: Environment, version: EngineVersion): Problem {
  const name = bundleName(harborPatch(version));
  return new Problem({
    code: "edit/no-release",
    says: `harbor.release tells of Harbor ${harborPatch(registry.version)}, and nothing of ${harborPatch(version)}`,
    instead: `give the sha256 that \`sha256sum ${name}\` shows, once you trust that file: --sha256, and --release ${name} when it lies beside the environment file`,
    field: "harbor.release",
  });
}
