import { expect, test } from "vitest";
import { planAlarms } from "../../constructs/alarms.js";

const nodes = ["node-1", "node-2"];

test("every node and the balancer are watched", () => {
  expect(planAlarms({ nodes }).map(({ id }) => id)).toEqual([
    "unhealthy-nodes",
    "no-healthy-node",
    "failed-node-1",
    "cpu-node-1",
    "failed-node-2",
    "cpu-node-2",
  ]);
});

test("the alarm on the bucket is raised at the percentage of what was planned", () => {
  const alarm = planAlarms({ nodes, plannedSize: "100GiB", storage: 85 }).at(-1);
  expect(alarm).toMatchObject({ id: "bucket-size", threshold: 85 * 1024 ** 3, beyond: "above" });
});

test("a certificate of the cloud is watched before its end", () => {
  const alarm = planAlarms({ nodes, certificateDays: 21 }).at(-1);
  expect(alarm).toMatchObject({ id: "certificate-days", threshold: 21, beyond: "below" });
});

test("only a silent balancer is an alarm by itself", () => {
  const all = planAlarms({ nodes, plannedSize: "1TiB", certificateDays: 21 });
  expect(all.filter(({ silenceIsAlarm }) => silenceIsAlarm).map(({ id }) => id)).toEqual(["no-healthy-node"]);
});
