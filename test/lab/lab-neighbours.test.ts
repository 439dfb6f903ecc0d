import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openLab } from "../../lab/lab.js";
import { bridgeName } from "../../lab/layout.js";
import type { Environment } from "../../spec/environment.js";
import { silentProgress } from "../../supply/progress.js";
import { CREDENTIALS, environmentOf, LabUnderTest } from "./lab-under-test.js";

describe("labs side by side", () => {
  let here: LabUnderTest;
  let beside: LabUnderTest;

  beforeAll(async () => {
    here = await LabUnderTest.make("labtest-here", 6);
    beside = await LabUnderTest.make("labtest-beside", 7);
    await here.up();
  });
  afterAll(() => Promise.all([here.remove(), beside.remove()]));

  const tryUp = (environment: Environment, state: string) =>
    openLab(environment, state).up(CREDENTIALS, silentProgress);

  test("another environment's lab comes, suffers and goes without touching this one", async () => {
    const before = await here.objects("container");
    await beside.up();
    expect((await beside.ssh("node-1", "hostname")).stdout.trim()).toBe("node-1");
    await beside.lab.kill("node-1");
    expect(await here.states()).toEqual(["running", "running", "running"]);
    await beside.lab.down({ deleteData: true }, silentProgress);
    expect(await here.objects("container")).toEqual(before);
    expect((await here.ssh("node-1", "hostname")).stdout.trim()).toBe("node-1");
  });

  test("addresses of another network are refused with its name", async () => {
    await expect(tryUp(environmentOf("labtest-beside", "198.18.6.128/25"), beside.state)).rejects.toMatchObject({
      details: { code: "lab/network-taken", says: expect.stringContaining("hw-labtest-here-lab") },
    });
  });

  test("an environment of the same name in another folder does not take this one's hosts", async () => {
    await expect(tryUp(here.environment, `${here.state}-elsewhere`)).rejects.toMatchObject({
      details: { code: "lab/other-state-folder", says: expect.stringContaining(here.state) },
    });
  });

  test("hosts keep their addresses: another block in the file is refused", async () => {
    await expect(tryUp(environmentOf("labtest-here", "198.18.26.0/24"), here.state)).rejects.toMatchObject({
      details: { code: "lab/network-changed" },
    });
  });
});

test("a bridge's name fits Linux and differs for every environment", () => {
  const names = fc.stringMatching(/^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$/);
  fc.assert(
    fc.property(names, names, (one, other) => {
      expect(bridgeName(one).length).toBeLessThanOrEqual(15);
      expect(bridgeName(one) === bridgeName(other)).toBe(one === other);
    }),
  );
});
