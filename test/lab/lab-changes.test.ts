import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openLab } from "../../lab/lab.js";
import { watchersNeeded } from "../../lab/machine-limits.js";
import { silentProgress } from "../../supply/progress.js";
import { CREDENTIALS, environmentOf, LabUnderTest, quiet } from "./lab-under-test.js";

describe("a changed file", () => {
  let hosts: LabUnderTest;

  beforeAll(async () => {
    hosts = await LabUnderTest.make("labtest-changes", 8);
    await hosts.up();
  });
  afterAll(() => hosts.remove());

  const upWith = (site: object) =>
    openLab(environmentOf("labtest-changes", "198.18.8.0/24", site), hosts.state).up(CREDENTIALS, silentProgress);
  const inspect = async (name: string, field: string) =>
    (await quiet`docker inspect --format ${field} ${hosts.container(name)}`).stdout.trim();

  test("gives running nodes more memory", async () => {
    const before = await inspect("node-1", "{{.State.StartedAt}}");
    await upWith({ nodes: { count: 2, memory: "768MiB" } });
    expect(await inspect("node-1", "{{.HostConfig.Memory}} {{.State.StartedAt}}")).toBe(`${768 * 1024 ** 2} ${before}`);
  });

  test("publishes the entry from a new services host, which finds the old one's objects", async () => {
    await hosts.s3("PUT", "kept", "through a new host");
    await upWith({ publish: 18443 });
    expect(await inspect("services", "{{json .NetworkSettings.Ports}}")).toContain('"HostPort":"18443"');
    expect(await hosts.s3("GET", "kept")).toEqual({ status: 200, body: "through a new host" });
    expect((await hosts.ssh("services", "systemctl is-active haproxy")).stdout.trim()).toBe("active");
    await hosts.up();
    expect((await hosts.ssh("services", "systemctl is-active haproxy")).stdout.trim()).toBe("inactive");
  });

  test("removes the nodes it does not have any more, and makes those that are new", async () => {
    const kept = await inspect("node-1", "{{.Id}}");
    await upWith({ nodes: { count: 1, memory: "512MiB" } });
    expect(await hosts.stateOf("node-2")).toBe("missing");
    await hosts.up();
    expect(await hosts.states()).toEqual(["running", "running", "running"]);
    expect((await hosts.ssh("node-2", "hostname")).stdout.trim()).toBe("node-2");
    expect(await inspect("node-1", "{{.Id}}")).toBe(kept);
  });
});

test("the kernel's limit leaves as many watchers to all else as the hosts take", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), (count) => {
      expect(watchersNeeded(count)).toBeGreaterThanOrEqual(2 * 7 * count);
    }),
  );
});
