import { setTimeout as pause } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { $ } from "zx";
import { sampleImage } from "../../operations/sample-image.js";
import { Load } from "../lab/load.js";
import { Probes } from "../lab/load-probe.js";
import type { LoadTarget } from "../lab/load-target.js";
import { RealRegistries } from "../operations/real-registry.js";

let registries: RealRegistries | undefined;
afterEach(async () => {
  await registries?.stop();
  registries = undefined;
});

/** Milliseconds for which a registry says nothing. */
const HANGING = 700;

async function start(): Promise<{ running: RealRegistries; target: LoadTarget }> {
  registries = await RealRegistries.start([{}]);
  const [target] = registries.targets;
  if (target === undefined) throw new RangeError("no registry was started");
  return { running: registries, target };
}

/** Waits for so many further operations of the load. */
async function further(load: Load, count: number): Promise<void> {
  const enough = load.operations.length + count;
  while (load.operations.length < enough) await pause(20);
}

test("load on a healthy registry has no failure, and every image is there at the end", async () => {
  const { target } = await start();
  const load = await Load.start(target, { layerSizes: [1024, 100_000] });
  await further(load, 12);
  const report = await load.stop();
  expect(report.failures).toEqual([]);
  expect(report.lost).toEqual([]);
  expect(report.pushes).toBeGreaterThan(1);
  expect(report.pulls).toBeGreaterThan(1);
  expect(report.slowest.ended - report.slowest.began).toBeGreaterThan(0);
});

test("a registry that dies shows as failures, and images that cannot be pulled any more are named", async () => {
  const { running, target } = await start();
  const load = await Load.start(target, { layerSizes: [1024], retries: 0 });
  await further(load, 4);
  await load.during("kill the registry", async () => running.kill(0));
  await further(load, 4);
  const report = await load.stop();
  expect(report.failures.map(({ kind }) => kind)).toContain("unreachable");
  expect(report.failures.filter(({ kind }) => kind === "other")).toEqual([]);
  expect(report.lost.length).toBeGreaterThan(0);
});

test("tar unpacks the layers of a sample image", async () => {
  const [layer] = sampleImage("seed", [100_000]).layers;
  const input = Buffer.from(layer?.bytes ?? []);
  const listed = await $({ quiet: true, input })`tar --list --verbose --gzip --file -`;
  expect(listed.stdout).toMatch(/^-rw-r--r-- \S+ +100000 .* sample-0\n$/);
});

test("a load ends by itself after so many operations", async () => {
  const { target } = await start();
  const load = await Load.start(target, { layerSizes: [1024], pushers: 1, pullers: 1, mostOperations: 5 });
  await further(load, 4);
  const report = await load.stop();
  expect(report.pushes + report.pulls).toBeLessThanOrEqual(6);
});

test("probes measure how long a registry hung, and succeed when it goes on", async () => {
  const { running, target } = await start();
  const probes = await Probes.start(target, { every: 20, pushEvery: 5 });
  while (probes.ended < 10) await pause(20);
  running.freeze(0);
  await pause(HANGING);
  running.thaw(0);
  const enough = probes.ended + 50;
  while (probes.ended < enough) await pause(20);
  const { pulls, pushes } = await probes.stop();
  expect([...pulls.failures, ...pushes.failures]).toEqual([]);
  expect(pulls.count).toBeGreaterThan(2 * pushes.count);
  expect(pulls.longest).toBeGreaterThan(HANGING - 50);
  expect(pulls.longest).toBeLessThan(HANGING + 2_000);
});

test("load goes to no other machine", async () => {
  const { target } = await start();
  await expect(Load.start({ ...target, address: "192.0.2.1" })).rejects.toThrow("loopback and 198.18.0.0/15 only");
  await expect(Probes.start({ ...target, address: "198.20.0.1" })).rejects.toThrow("not for 198.20.0.1");
  await expect(Probes.start({ ...target, address: "localhost" })).rejects.toThrow("not for localhost");
});
