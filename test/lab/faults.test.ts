import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fault, type FaultReport, faultRun, faultsOn, holderAndOther, ROLL } from "./fault-run.js";
import { LabEnvironment } from "./fixture.js";

/** Names of the faults; the nodes are found out when each begins, for the entry moves. */
const NAMES = faultsOn("holder", "other").map((fault) => fault.name);

/** HAProxy suffers those in which the fronts differ: a registry that is gone, one that hangs, and the entry that moves. */
const FRONTS = [
  ["nginx", NAMES],
  ["haproxy", ["another node is killed", "another node is paused", "the node with the entry is killed"]],
] as const;

describe.each(FRONTS)("with %s in front", (kind, names) => {
  let lab: LabEnvironment;

  beforeAll(async () => {
    lab = await LabEnvironment.make(`faults-${kind}`, kind === "nginx" ? 16 : 17, { front: { kind } });
    await lab.succeed("up", "--yes");
  });
  afterAll(() => lab.remove());

  async function run(fault: Fault, seed: string): Promise<FaultReport> {
    const report = await faultRun(lab, fault, seed);
    expect((await lab.run("status")).code, "all nodes are healthy again").toBe(0);
    return report;
  }

  test.each(names)("%s: no image is lost, and only what was on its way fails", async (name) => {
    const { holder, other } = await holderAndOther(lab);
    const fault = faultsOn(holder, other).find((one) => one.name === name);
    if (fault === undefined) throw new RangeError(name);
    const { load, probes } = await run(fault, `f${NAMES.indexOf(name)}`);
    expect(load.lost).toEqual([]);
    expect(load.failures.filter((failure) => failure.kind !== "bytes-on-their-way")).toEqual([]);
    expect(probes.pulls.failures).toEqual([]);
  });

  test("up rolls a change over three nodes and no operation fails", async () => {
    const { load, probes } = await run(ROLL, "roll");
    expect(load.lost).toEqual([]);
    expect(load.failures).toEqual([]);
    expect(probes.pulls.failures).toEqual([]);
    expect(probes.pushes.failures).toEqual([]);
  });

  test("renew under load breaks no pull", async () => {
    const renew: Fault = { name: "renew", strike: async (on) => void (await on.succeed("renew", "--yes")) };
    const { load, probes } = await run(renew, "renew");
    expect(load.failures).toEqual([]);
    expect(probes.pulls.failures).toEqual([]);
  });
});
