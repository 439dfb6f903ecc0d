import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { collectGarbage } from "../../harbor/garbage.js";
import { Operator } from "./harbor.js";
import { HarborServer } from "./server/harbor-server.js";
import { State } from "./server/state.js";

let server: HarborServer;
beforeAll(async () => {
  server = await HarborServer.start();
});
afterAll(() => server.stop());
beforeEach(() => {
  server.state = new State();
});

const collect = async (more: Partial<Parameters<typeof collectGarbage>[1]> = {}) => {
  const seen: string[] = [];
  const collection = await collectGarbage(new Operator(server).client, {
    dryRun: false,
    untagged: false,
    workers: 1,
    every: 1,
    onStatus: (status) => seen.push(status),
    ...more,
  });
  return { collection, seen };
};

test("a collection is followed to its end and tells what it has freed", async () => {
  const { collection, seen } = await collect({ untagged: true, workers: 4 });
  expect(collection).toEqual({ id: "1", freed: 5_368_709_120, blobs: 12, manifests: 3 });
  expect(seen).toEqual(["Pending", "Running", "Success"]);
  expect(server.state.collections[0]?.parameters).toEqual({
    delete_untagged: true,
    delete_tag: false,
    dry_run: false,
    workers: 4,
  });
});

test("what only might be deleted is asked for as such", async () => {
  await collect({ dryRun: true });
  expect(server.state.collections[0]?.parameters.dry_run).toBe(true);
});

test("a job that has ended is not waited for until Harbor says so", async () => {
  server.state.collectionLags = true;
  const { collection, seen } = await collect();
  expect(collection.blobs).toBe(12);
  expect(seen).toEqual(["Pending", "Running"]);
});

test("a collection that finds nothing frees nothing", async () => {
  server.state.collectionResult = {};
  expect((await collect()).collection).toMatchObject({ freed: 0, blobs: 0, manifests: 0 });
});

test("one that failed is told with the end of its log", async () => {
  server.state.collectionStatus = "Error";
  await expect(collect()).rejects.toMatchObject({
    details: { code: "gc/failed", log: ["start to run gc in job.", "failed to execute GC job"] },
  });
});

test("one that somebody stopped is told", async () => {
  server.state.collectionStatus = "Stopped";
  await expect(collect()).rejects.toMatchObject({ details: { code: "gc/stopped" } });
});
