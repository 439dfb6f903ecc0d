import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { parseHealth, serves } from "../../cluster/health.js";
import { gateScript, HEALTH_SCRIPT } from "../../cluster/health-script.js";

test("a node serves when nothing keeps it from it and nobody has drained it", () => {
  expect(serves(parseHealth("node-1", "floating held\n"))).toBe(true);
  expect(serves(parseHealth("node-1", "reason registry: its container is exited\n"))).toBe(false);
  expect(serves(parseHealth("node-1", "drained operator\n"))).toBe(false);
  expect(serves(parseHealth("node-1", "absent\n"))).toBe(false);
});

test("the reasons, the drain and the address are told apart", () => {
  const printed = "reason registry: it answers 503\nreason front: /livez gives 503\ndrained up\nfloating held\n";
  expect(parseHealth("node-1", printed)).toEqual({
    node: "node-1",
    installed: true,
    reasons: ["registry: it answers 503", "front: /livez gives 503"],
    drained: "up",
    holdsAddress: true,
  });
});

test("a machine without a release says so", () => {
  const { status, stdout } = spawnSync("sh", ["-eu"], { input: HEALTH_SCRIPT, encoding: "utf8" });
  expect({ status, stdout }).toEqual({ status: 0, stdout: "absent\n" });
});

test.each([
  ["looking once", HEALTH_SCRIPT],
  ["waiting", gateScript(60)],
])("the script for %s is one that a POSIX shell reads", (_name, script) => {
  expect(spawnSync("sh", ["-n"], { input: script, encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
});
