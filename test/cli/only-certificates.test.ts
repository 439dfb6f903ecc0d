import { expect, test } from "vitest";
import { refuseOtherChanges } from "../../cli/only-certificates.js";
import type { HostPlan, Plan } from "../../cluster/plan.js";
import { DATA_PATHS } from "../../release/data-layout.js";
import { PATHS } from "../../release/layout.js";

function planOf(paths: readonly string[], more: Partial<Plan> = {}): Plan {
  const files = paths.map((path) => ({
    path,
    unit: "front" as const,
    change: "change" as const,
    sensitive: false,
    drifted: false,
    secretsChange: true,
  }));
  const host: HostPlan = { site: "here", node: "node-1", release: { after: "1".repeat(64) }, files, actions: [] };
  return { environment: "prod", hosts: [host], unreachable: [], ...more };
}

test("a certificate and its key may go out unattended", () => {
  const plan = planOf([PATHS.certificate, PATHS.certificateKey, PATHS.certificateAndKey]);
  expect(() => refuseOtherChanges(plan)).not.toThrow();
});

test("what somebody has begun to write into the file may not", () => {
  const plan = planOf([PATHS.certificate, PATHS.nginxConfig, PATHS.compose, PATHS.sysctl, PATHS.tmpfiles]);
  expect(() => refuseOtherChanges(plan)).toThrow(/nginx\.conf, .*compose\.yaml, .* and 1 more.*harborwright plan prod/);
});

test("nor may machines be made or changed", () => {
  expect(() => refuseOtherChanges(planOf([], { infrastructure: ["make node-1 on this machine"] }))).toThrow("node-1");
});

test("nor may settings of Harbor change", () => {
  const changes = [{ action: "create" as const, what: "robot team/ci", values: [] }];
  expect(() => refuseOtherChanges(planOf([], { settings: { changes, left: [] } }))).toThrow("robot team/ci");
});

test("a certificate of the data services may go out unattended, and no other file of theirs", () => {
  const dataPlan = (path: string): Partial<Plan> => ({
    dataServices: [{ node: "node-1", files: [{ path, change: "change", sensitive: false }], actions: [] }],
  });
  expect(() => refuseOtherChanges(planOf([], dataPlan(DATA_PATHS.certificate)))).not.toThrow();
  expect(() => refuseOtherChanges(planOf([], dataPlan(DATA_PATHS.redisConfig)))).toThrow("redis.conf");
});
