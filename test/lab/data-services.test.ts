import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureDataServices } from "../../dataservices/ensure.js";
import { removeDataServices } from "../../dataservices/remove.js";
import { openGate } from "../../hosts/gate.js";
import { change } from "../../recovery/database-door.js";
import { PART } from "../../recovery/manifest.js";
import { blobLines, compareBlobs } from "../../recovery/needed-blobs.js";
import { readPart } from "../../recovery/read-backup.js";
import { fillDatabase, forgetBefore, restoreStage, swapDatabases } from "../../recovery/restore-database.js";
import { BACKUP_ID, brokenOff, furnishedDatabase, images, keptDatabase, NEEDED } from "./data-recovery.js";
import { DataSite } from "./data-site.js";
import { befall, DATA_FAULTS, lost, nodeThat, others, untilAllWrite, untilWell } from "./data-writers.js";

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

async function assertNothingToDo(): Promise<void> {
  const gate = openGate();
  await ensureDataServices(site.cluster(gate));
  expect(gate.changes).toEqual([]);
}

describe("data base and Redis on three nodes", () => {
  test("come up, and doing it again changes nothing", async () => {
    await ensureDataServices(site.cluster());
    await untilWell(site);
    await assertNothingToDo();
    await site.makeTable();
  });

  test("a host that is no node reaches none of it", async () => {
    const [first] = site.nodes;
    const doors = Object.values(site.context.settings.ports).map((port) => `${first?.privateAddress} ${port}`);
    const open = await site.openFromServices(doors);
    expect(open).toEqual([]);
  });

  test.each(DATA_FAULTS)(
    "when the primary's host $name, the others write again, and nothing acknowledged is lost",
    async (fault) => {
      const { database, redis } = await befall(site, fault);
      expect(database.lost).toEqual([]);
      expect(redis.lost).toEqual([]);
    },
  );

  test("a backup takes the place of the data base in use, although a first restoring was cut off", async () => {
    const door = await furnishedDatabase(site);
    const { backup, identity } = await keptDatabase(door, folder);
    const list = await compareBlobs(blobLines(readPart(backup, PART.blobs, identity)), new Map());
    expect(list.missing).toHaveLength(NEEDED);
    await change(door, "lose images", "delete from artifact where id > 100");

    const dump = () => readPart(backup, PART.database, identity);
    expect(await restoreStage(door, BACKUP_ID)).toBe("nothing");
    await expect(fillDatabase(door, BACKUP_ID, brokenOff(dump(), 2000), 180)).rejects.toThrow("killed");
    expect(await restoreStage(door, BACKUP_ID)).toBe("filling");
    expect(await images(door)).toBe(100);

    await fillDatabase(door, BACKUP_ID, dump(), 180);
    expect(await restoreStage(door, BACKUP_ID)).toBe("filled");
    expect(await images(door)).toBe(100);
    await swapDatabases(door, BACKUP_ID);
    expect(await restoreStage(door, BACKUP_ID)).toBe("swapped");
    expect(await images(door)).toBe(500);
    const [, , last] = site.nodes;
    expect(last && (await site.sql(last, "select count(*) from artifact"))).toBe("500");
    await forgetBefore(door, BACKUP_ID);
    expect(await restoreStage(door, BACKUP_ID)).toBe("nothing");
  });

  test("when the synchronous replica hangs, commits go on with another", async () => {
    const struck = await nodeThat(site, ({ postgresql }) => postgresql === "synchronous");
    await site.write("database", "replica");
    const begun = Date.now() / 1000;
    await untilAllWrite(site, "replica", site.nodes, begun + 1, ["database"]);
    await site.lab.pause(struck.name);
    const moment = Date.now() / 1000;
    const survivors = others(site, struck);
    await untilAllWrite(site, "replica", survivors, moment + 5, ["database"]);
    await site.lab.heal(struck.name);
    await untilWell(site);
    await site.rest();
    expect(await lost(site, "database", "replica", survivors)).toEqual([]);
  });

  test("a node that is lost for good is replaced by a bare machine, and rows and keys are there", async () => {
    const lostNode = await nodeThat(site, ({ postgresql }) => postgresql === "primary");
    const [witness] = others(site, lostNode);
    const rows = () => site.sql(witness ?? lostNode, "select count(*) from acknowledged");
    const before = await rows();
    await site.replaceMachine(lostNode.name);
    await ensureDataServices(site.cluster());
    await untilWell(site);
    expect(await rows()).toBe(before);
    const { nodes } = await site.health();
    expect(nodes.find(({ node }) => node === lostNode.name)).toMatchObject({ etcd: true, sentinel: true });
    await assertNothingToDo();
  });

  test("changed settings reach one node after the other while rows are written", async () => {
    await site.write("database", "roll");
    const begun = Date.now() / 1000;
    await untilAllWrite(site, "roll", site.nodes, begun + 1, ["database"]);
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
    await untilAllWrite(site, "roll", site.nodes, after, ["database"]);
    await site.rest();
    expect(await lost(site, "database", "roll", site.nodes)).toEqual([]);
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
    await untilWell(site);
    expect(await site.sql(first, "select count(*) from acknowledged")).toBe(before);
  });

  test("come up from nothing although the operator is killed at every step", { timeout: 900_000 }, async () => {
    await removeDataServices(site.cluster(), { deleteData: true });
    const steps = ["files", "etcd", "postgresql", "database", "redis", "sentinel"];
    for (const step of steps) await site.operate(`${step} begun`);
    await site.operate();
    await untilWell(site);
    await assertNothingToDo();
  });
});
