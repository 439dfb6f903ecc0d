import { afterAll, beforeAll, expect, test } from "vitest";
import { breakLock, lockHolders, takeLock } from "../../cluster/lock.js";
import { Problem } from "../../spec/problem.js";
import { Doors } from "./doors.js";

let doors: Doors;
beforeAll(async () => {
  doors = await Doors.make("locks", 22);
});
afterAll(() => doors.remove());

const ME = { who: "me@here", command: "harborwright up example" };

test("a second operator is refused with who holds the lock, since when, and how it ends", async () => {
  const first = await doors.operator("ops@laptop", [1, 2]);
  expect(await first.answer()).toBe("done");
  const refusal = await takeLock([doors.open(1), doors.open(2)], ME, "example").catch((error: unknown) => error);
  if (!(refusal instanceof Problem)) throw new Error("the lock was given twice");
  expect(refusal.details.code).toBe("lock/held");
  expect(refusal.details.says).toMatch(
    /node-1 is held by ops@laptop since 20\d\d-\d\d-\d\dT[\d:]+Z \(harborwright up example\)/,
  );
  expect(refusal.details.instead).toContain("harborwright unlock example");
  await first.leave();
});

test("when one host refuses, the others are free again", async () => {
  const first = await doors.operator("ops@laptop", [2]);
  expect(await first.answer()).toBe("done");
  const second = await doors.operator("dev@desk", [1, 2]);
  expect(await second.answer()).toBe("lock/held");
  const holders = await lockHolders([doors.open(1), doors.open(2)]);
  expect(holders.map(({ node, who }) => [node, who])).toEqual([["node-2", "ops@laptop"]]);
  await Promise.all([first.leave(), second.leave()]);
});

test("the lock of an operator who was killed is free at once", async () => {
  const first = await doors.operator("ops@laptop", [1, 2]);
  expect(await first.answer()).toBe("done");
  first.kill("SIGKILL");
  const second = await doors.operator("dev@desk", [1, 2]);
  expect(await second.answer()).toBe("done");
  await second.leave();
});

test("a change that a killed operator has left running ends before the next one begins", async () => {
  const first = await doors.operator("ops@laptop", [1]);
  expect(await first.answer()).toBe("done");
  first.begin("echo first >> /tmp/order; sleep 4; echo first >> /tmp/order");
  const host = doors.open(1);
  await host.read("until [ -e /tmp/order ]; do sleep 0.1; done");
  first.kill("SIGKILL");
  const second = await doors.operator("dev@desk", [1]);
  expect(await second.answer()).toBe("done");
  second.begin("echo second >> /tmp/order");
  expect(await second.answer()).toBe("done");
  expect(await host.read("cat /tmp/order")).toBe("first\nfirst\nsecond\n");
  await second.leave();
});

test("an operator who falls silent loses the lock, and the host refuses what it does after waking", async () => {
  const first = await doors.operator("ops@laptop", [1]);
  expect(await first.answer()).toBe("done");
  first.kill("SIGSTOP");
  const host = doors.open(1);
  await expect.poll(() => lockHolders([host]), { timeout: 25_000, interval: 1_000 }).toEqual([]);
  const second = await doors.operator("dev@desk", [1]);
  expect(await second.answer()).toBe("done");
  first.begin("touch /tmp/too-late");
  first.kill("SIGCONT");
  expect(await first.answer()).toBe("lock/lost");
  expect(await host.read("ls /tmp/too-late 2>/dev/null || echo none")).toBe("none\n");
  await second.leave();
});

test("breaking the lock tells whose it was, and ends the change that hangs", async () => {
  const first = await doors.operator("ops@laptop", [1]);
  expect(await first.answer()).toBe("done");
  first.begin("touch /tmp/begun; sleep 100; touch /tmp/ended");
  const host = doors.open(1);
  await host.read("until [ -e /tmp/begun ]; do sleep 0.1; done");
  first.kill("SIGSTOP");
  const broken = await breakLock([host, doors.open(2)], ME);
  expect(broken.map(({ node, who }) => [node, who])).toEqual([["node-1", "ops@laptop"]]);
  const second = await doors.operator("dev@desk", [1]);
  expect(await second.answer()).toBe("done");
  second.begin("ls /tmp/ended 2>/dev/null || true");
  expect(await second.answer()).toBe("done");
  expect(await host.read("tail -n 1 /var/lib/harborwright/journal.jsonl")).toContain('"who":"me@here"');
  await second.leave();
});
