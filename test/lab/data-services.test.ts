import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureDataServices } from "../../dataservices/ensure.js";
import { removeDataServices } from "../../dataservices/remove.js";
import { openGate } from "../../hosts/gate.js";
import type { Node } from "../../spec/inventory.js";
import { DataSite, type Kind } from "./data-site.js";
import { until } from "./lab-under-test.js";

/** Seconds after which writers are back. */
const BACK_WITHIN = 15;
const KINDS = ["database", "redis"] as const;

let site: DataSite;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "harborwright-data-"));
  site = await DataSite.make("datatest", 49, folder);
  await site.install();
});
afterAll(async () => {
  await site?.remove();
  await rm(folder, { recursive: true, force: true });
});

async function nodeThat(does: (health: { postgresql: string; redis: string }) => boolean): Promise<Node> {
  const { nodes } = await site.health();
  const found = site.nodes.find(({ name }) => nodes.some((health) => health.node === name && does(health)));
  if (found === undefined) throw new Error(`no such node: ${JSON.stringify(nodes)}`);
  return found;
}

async function untilWell(): Promise<void> {
  await until("all is well", async () => (await site.health()).troubles.length === 0, 90_000);
}

async function assertNothingToDo(): Promise<void> {
  const gate = openGate();
  await ensureDataServices(site.cluster(gate));
  expect(gate.changes).toEqual([]);
}

function others(node: Node): Node[] {
  return site.nodes.filter(({ name }) => name !== node.name);
}

/** Whether a writer has been told something after a moment. */
async function wroteAfter(kind: Kind, run: string, node: Node, moment: number): Promise<boolean> {
  return (await site.acknowledged(kind, run, node.name)).some(({ at }) => at > moment);
}

async function untilAllWrite(run: string, nodes: readonly Node[], since: number, kinds: readonly Kind[] = KINDS) {
  await until(
    `all are told that they have written ${run}`,
    async () => {
      const told = kinds.flatMap((kind) => nodes.map((node) => wroteAfter(kind, run, node, since)));
      return (await Promise.all(told)).every(Boolean);
    },
    90_000,
  );
}

/** The longest time, in seconds, in which a writer was told nothing, from a moment on. */
async function longestSilence(kind: Kind, run: string, node: Node, since: number): Promise<number> {
  const moments = (await site.acknowledged(kind, run, node.name)).map(({ at }) => at).filter((at) => at >= since - 1);
  return Math.max(...moments.slice(1).map((at, index) => at - (moments[index] ?? at)));
}

async function lost(kind: Kind, run: string, nodes: readonly Node[]): Promise<string[]> {
  const [asked] = nodes;
  if (asked === undefined) return [];
  const kept =
    kind === "database"
      ? new Set((await site.sql(asked, "select writer || ':' || number from acknowledged")).split("\n"))
      : await site.keys(asked, `${run}-*`);
  const told = await Promise.all(
    site.nodes.map(async ({ name }) =>
      (await site.acknowledged(kind, run, name)).map(({ number }) => `${run}-${name}:${number}`),
    ),
  );
  expect(told.every((list) => list.length > 20)).toBe(true);
  return told.flat().filter((one) => !kept.has(one));
}

describe("data base and Redis on three nodes", () => {
  test("come up, and doing it again changes nothing", async () => {
    await ensureDataServices(site.cluster());
    await untilWell();
    await assertNothingToDo();
    const [first] = site.nodes;
    if (first !== undefined) await site.sql(first, "create table acknowledged (writer text, number bigint)");
  });

  test("a host that is no node reaches none of it", async () => {
    const [first] = site.nodes;
    const doors = Object.values(site.context.settings.ports).map((port) => `${first?.privateAddress} ${port}`);
    const open = await site.openFromServices(doors);
    expect(open).toEqual([]);
  });

  const faults = [
    { fault: "is killed", strike: (name: string) => site.lab.kill(name), mend: (name: string) => site.lab.start(name) },
    { fault: "hangs", strike: (name: string) => site.lab.pause(name), mend: (name: string) => site.lab.heal(name) },
    { fault: "is cut off", strike: (name: string) => site.lab.cut(name), mend: (name: string) => site.lab.heal(name) },
  ];
  test.each(faults)(
    "when the primary's host $fault, writers are back in time, and nothing acknowledged is lost",
    async ({ fault, strike, mend }) => {
      const run = fault.replaceAll(" ", "");
      const struck = await nodeThat(({ postgresql }) => postgresql === "primary");
      await site.moveRedisTo(struck);
      await untilWell();
      const survivors = others(struck);
      await Promise.all(KINDS.map((kind) => site.write(kind, run)));
      await untilAllWrite(run, site.nodes, Date.now() / 1000 + 1);
      await strike(struck.name);
      const moment = Date.now() / 1000;
      await untilAllWrite(run, survivors, moment + 5);
      await mend(struck.name);
      await untilWell();
      await site.rest();
      for (const kind of KINDS) {
        const silences = await Promise.all(survivors.map((node) => longestSilence(kind, run, node, moment)));
        expect(Math.max(...silences)).toBeLessThan(BACK_WITHIN);
        expect(await lost(kind, run, survivors)).toEqual([]);
      }
    },
  );

  test("when the synchronous replica hangs, commits go on with another", async () => {
    const struck = await nodeThat(({ postgresql }) => postgresql === "synchronous");
    await site.write("database", "replica");
    const begun = Date.now() / 1000;
    await untilAllWrite("replica", site.nodes, begun + 1, ["database"]);
    await site.lab.pause(struck.name);
    const moment = Date.now() / 1000;
    const survivors = others(struck);
    await untilAllWrite("replica", survivors, moment + 5, ["database"]);
    await site.lab.heal(struck.name);
    await untilWell();
    await site.rest();
    const silences = await Promise.all(survivors.map((node) => longestSilence("database", "replica", node, moment)));
    expect(Math.max(...silences)).toBeLessThan(BACK_WITHIN);
  });

  test("a node that is lost for good is replaced by a bare machine, and rows and keys are there", async () => {
    const lostNode = await nodeThat(({ postgresql }) => postgresql === "primary");
    const [witness] = others(lostNode);
    const rows = () => site.sql(witness ?? lostNode, "select count(*) from acknowledged");
    const before = await rows();
    await site.replaceMachine(lostNode.name);
    await ensureDataServices(site.cluster());
    await untilWell();
    expect(await rows()).toBe(before);
    const { nodes } = await site.health();
    expect(nodes.find(({ node }) => node === lostNode.name)).toMatchObject({ etcd: true, sentinel: true });
    await assertNothingToDo();
  });

  test("changed settings reach one node after the other while rows are written", async () => {
    await site.write("database", "roll");
    const begun = Date.now() / 1000;
    await untilAllWrite("roll", site.nodes, begun + 1, ["database"]);
    const { settings } = site.context;
    const context = {
      ...site.context,
      settings: {
        ...settings,
        maxConnections: 80,
        memory: { ...settings.memory, redis: settings.memory.redis + 1024 * 1024, etcd: settings.memory.etcd + 1024 },
      },
    };
    await ensureDataServices(site.cluster(openGate(), context));
    const [first] = site.nodes;
    expect(first && (await site.sql(first, "show max_connections"))).toBe("80");
    const after = Date.now() / 1000;
    await untilAllWrite("roll", site.nodes, after, ["database"]);
    await site.rest();
    const silences = await Promise.all(site.nodes.map((node) => longestSilence("database", "roll", node, begun)));
    expect(Math.max(...silences)).toBeLessThan(BACK_WITHIN);
    expect(await lost("database", "roll", site.nodes)).toEqual([]);
  });

  test("taken away and made again they go on with their data", async () => {
    const [first] = site.nodes;
    if (first === undefined) throw new Error("there is no node");
    const before = await site.sql(first, "select count(*) from acknowledged");
    await removeDataServices(site.cluster(), { deleteData: false });
    expect((await site.health()).nodes.map(({ postgresql, redis, etcd }) => [postgresql, redis, etcd])).toEqual(
      site.nodes.map(() => ["down", "down", false]),
    );
    await ensureDataServices(site.cluster());
    await untilWell();
    expect(await site.sql(first, "select count(*) from acknowledged")).toBe(before);
  });

  test("come up from nothing although the operator is killed at every step", { timeout: 900_000 }, async () => {
    await removeDataServices(site.cluster(), { deleteData: true });
    const steps = ["files", "etcd", "postgresql", "database", "redis", "sentinel"];
    for (const step of steps) await site.operate(`${step} begun`);
    await site.operate();
    await untilWell();
    await assertNothingToDo();
  });
});
