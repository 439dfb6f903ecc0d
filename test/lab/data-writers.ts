import type { Node } from "../../spec/inventory.js";
import { type DataSite, KINDS, type Kind } from "./data-site.js";
import { until } from "./lab-under-test.js";

/** Rows or keys that a writer must have been told of, lest a comparison proves nothing. */
const ENOUGH = 20;

/** Something that befalls the host of a primary, and its end. */
export interface DataFault {
  readonly name: string;
  readonly strike: (site: DataSite, node: string) => Promise<unknown>;
  readonly mend: (site: DataSite, node: string) => Promise<unknown>;
}

export const DATA_FAULTS: readonly DataFault[] = [
  { name: "is killed", strike: ({ lab }, node) => lab.kill(node), mend: ({ lab }, node) => lab.start(node) },
  { name: "hangs", strike: ({ lab }, node) => lab.pause(node), mend: ({ lab }, node) => lab.heal(node) },
  { name: "is cut off", strike: ({ lab }, node) => lab.cut(node), mend: ({ lab }, node) => lab.heal(node) },
];

/** What the writers on the other nodes noticed of a fault, by kind. */
export type Noticed = Readonly<Record<Kind, { readonly silence: number; readonly lost: readonly string[] }>>;

/**
 * Has writers on all nodes, lets a fault befall the node that has the primaries of both, waits until the others write
 * again, mends it, and tells the longest silence in seconds and what was acknowledged and is gone.
 */
export async function befall(site: DataSite, { name, strike, mend }: DataFault): Promise<Noticed> {
  const run = name.replaceAll(" ", "");
  const struck = await nodeThat(site, ({ postgresql }) => postgresql === "primary");
  await site.moveRedisTo(struck);
  await untilWell(site);
  const survivors = others(site, struck);
  await Promise.all(KINDS.map((kind) => site.write(kind, run)));
  await untilAllWrite(site, run, site.nodes, Date.now() / 1000 + 1);
  await strike(site, struck.name);
  const moment = Date.now() / 1000;
  await untilAllWrite(site, run, survivors, moment + 5);
  await mend(site, struck.name);
  await untilWell(site);
  await site.rest();
  const noticed = async (kind: Kind) => ({
    silence: Math.max(...(await Promise.all(survivors.map((node) => longestSilence(site, kind, run, node, moment))))),
    lost: await lost(site, kind, run, survivors),
  });
  return { database: await noticed("database"), redis: await noticed("redis") };
}

/** The node of which its health says so. */
export async function nodeThat(
  site: DataSite,
  does: (health: { postgresql: string; redis: string }) => boolean,
): Promise<Node> {
  const { nodes } = await site.health();
  const found = site.nodes.find(({ name }) => nodes.some((health) => health.node === name && does(health)));
  if (found === undefined) throw new Error(`no such node: ${JSON.stringify(nodes)}`);
  return found;
}

export async function untilWell(site: DataSite): Promise<void> {
  await until("all is well", async () => (await site.health()).troubles.length === 0, 120_000);
}

export function others(site: DataSite, node: Node): Node[] {
  return site.nodes.filter(({ name }) => name !== node.name);
}

/** Waits until the writers of these nodes have been told something after a moment, in seconds since 1970. */
export async function untilAllWrite(
  site: DataSite,
  run: string,
  nodes: readonly Node[],
  since: number,
  kinds: readonly Kind[] = KINDS,
): Promise<void> {
  const wrote = async (kind: Kind, { name }: Node) =>
    (await site.acknowledged(kind, run, name)).some(({ at }) => at > since);
  await until(
    `all are told that they have written ${run}`,
    async () => {
      const told = kinds.flatMap((kind) => nodes.map((node) => wrote(kind, node)));
      return (await Promise.all(told)).every(Boolean);
    },
    120_000,
  );
}

/** What was acknowledged to the writers of a run and is not there, as one of the nodes sees it. */
export async function lost(site: DataSite, kind: Kind, run: string, [asked]: readonly Node[]): Promise<string[]> {
  if (asked === undefined) throw new Error("nobody to ask");
  const kept =
    kind === "database"
      ? new Set((await site.sql(asked, "select writer || ':' || number from acknowledged")).split("\n"))
      : await site.keys(asked, `${run}-*`);
  const told = await Promise.all(
    site.nodes.map(async ({ name }) =>
      (await site.acknowledged(kind, run, name)).map(({ number }) => `${run}-${name}:${number}`),
    ),
  );
  if (told.some((list) => list.length <= ENOUGH)) throw new Error(`too few ${kind} writes of ${run} to compare`);
  return told.flat().filter((one) => !kept.has(one));
}

/** The longest time, in seconds, in which a writer was told nothing, from a moment on. */
async function longestSilence(site: DataSite, kind: Kind, run: string, node: Node, since: number): Promise<number> {
  const moments = (await site.acknowledged(kind, run, node.name)).map(({ at }) => at).filter((at) => at >= since - 1);
  return Math.max(...moments.slice(1).map((at, index) => at - (moments[index] ?? at)));
}
