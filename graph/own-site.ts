import type { EntryPoint, SiteInventory } from "../spec/inventory.js";
import type { HostsSite, LocalSite } from "../spec/site.js";
import type { Box } from "./picture.js";
import { nodeBox, type SitePart } from "./site-part.js";

/** A site on this machine, or on hosts that are there already. */
export function ownPart(site: LocalSite | HostsSite, { nodes, entry, storage }: SiteInventory): SitePart {
  const id = (what: string) => `${site.name}/${what}`;
  const machines = nodes.map(
    (node): Box => ({ id: nodeBox(site.name, node.name), kind: "machine", label: node.name, details: [node.address] }),
  );
  const store: Box[] =
    storage === undefined
      ? []
      : [{ id: id("storage"), kind: "store", label: `bucket ${storage.bucket}`, details: ["S3 of this machine"] }];
  const entrance: Box[] =
    entry.from === "node"
      ? []
      : [{ id: id("entry"), kind: "entry", label: WORDS[entry.from], details: [entry.address] }];
  return {
    frame: {
      id: site.name,
      label: `${site.name}: ${site.provider === "local" ? `this machine, ${site.network.cidr}` : "own hosts"}`,
      boxes: [...entrance, ...machines, ...store],
      frames: [],
    },
    arrows: [
      ...entrance.flatMap((from) => machines.map((to) => ({ from: from.id, to: to.id }))),
      ...store.flatMap((to) => machines.map((from) => ({ from: from.id, to: to.id }))),
    ],
    entrance: entrance[0]?.id ?? machines[0]?.id ?? site.name,
    doors: machines.map(({ id: box }) => ({ box, label: "SSH" })),
  };
}

const WORDS: Readonly<Record<Exclude<EntryPoint["from"], "node">, string>> = {
  floating: "floating address",
  balancer: "load balancer",
};
