import { isCloud } from "../spec/cloud/sites.js";
import type { Environment } from "../spec/environment.js";
import type { Inventory, SiteInventory } from "../spec/inventory.js";
import { cloudPart } from "./cloud-site.js";
import { ownPart } from "./own-site.js";
import type { Box, Picture } from "./picture.js";
import { nodeBox, type SitePart } from "./site-part.js";

/** The picture of an environment: who comes in where, what stands in which zone, and where the images are. */
export function environmentPicture(environment: Environment, inventory: Inventory): Picture {
  const parts = environment.sites.map((site, index): SitePart => {
    const hosts = inventory.sites[index];
    if (hosts === undefined) throw new RangeError(`the inventory has no site ${site.name}`);
    return isCloud(site) ? cloudPart(site, environment, hosts) : ownPart(site, hosts);
  });
  const store = storeOutside(environment, inventory.sites);
  return {
    title: `${environment.environment}: ${environment.registry.engine} ${environment.registry.version}`,
    boxes: [clients(environment, parts), ...operators(parts), ...store],
    frames: parts.map(({ frame }) => frame),
    arrows: [
      ...parts.flatMap(({ entrance }) => ({ from: "clients", to: entrance, label: "TLS" })),
      ...parts.flatMap(({ doors }) =>
        doors.map(({ box, label }) => ({ from: "operators", to: box, label, care: true })),
      ),
      ...parts.flatMap(({ arrows }) => arrows),
      ...store.flatMap(({ id }) =>
        inventory.sites.flatMap((site) => site.nodes.map((node) => ({ from: nodeBox(node.site, node.name), to: id }))),
      ),
    ],
  };
}

function clients({ registry }: Environment, parts: readonly SitePart[]): Box {
  const { https } = registry.ports;
  const from = parts.flatMap((part) => part.clients ?? []);
  return {
    id: "clients",
    kind: "people",
    label: "clients",
    details: [`https://${registry.hostname}${https === 443 ? "" : `:${https}`}`, ...fromBlocks(from)],
  };
}

function operators(parts: readonly SitePart[]): Box[] {
  if (parts.every(({ doors }) => doors.length === 0)) return [];
  const from = parts.flatMap((part) => part.operators ?? []);
  return [{ id: "operators", kind: "people", label: "operators", details: fromBlocks(from) }];
}

/** A long list of blocks would push everything else aside. */
function fromBlocks(blocks: readonly string[]): string[] {
  const distinct = [...new Set(blocks)];
  const shown = distinct.length > 3 ? [...distinct.slice(0, 2), `${distinct.length - 2} more blocks`] : distinct;
  return shown.length === 0 ? [] : [`from ${shown.join(", ")}`];
}

/** A storage that the file names is nobody's site. */
function storeOutside({ registry }: Environment, sites: readonly SiteInventory[]): Box[] {
  const { storage } = registry;
  if (sites.some((site) => site.storage !== undefined)) return [];
  const box = (label: string, ...details: string[]): Box[] => [{ id: "storage", kind: "store", label, details }];
  switch (storage.kind) {
    case "s3":
      return box(`bucket ${storage.bucket}`, storage.endpoint ?? `Amazon S3, ${storage.region}`);
    case "oss":
      return box(`bucket ${storage.bucket}`, `OSS, ${storage.region}`);
    case "azure":
      return box(`container ${storage.container}`, `Azure Blob, ${storage.account}`);
    case "swift":
      return box(`container ${storage.container}`, `Swift, ${storage.authUrl}`);
    case "filesystem":
      if (storage.nfs !== undefined) return box(`NFS ${storage.nfs.path}`, storage.nfs.server);
      return box(storage.directory, "a folder on the node");
    case "managed":
      return [];
  }
}
