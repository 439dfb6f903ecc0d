import { expect, test } from "vitest";
import type { Probe } from "../../cluster/apply.js";
import { probeHost } from "../../cluster/preflight.js";
import type { Host } from "../../hosts/host.js";
import { Problem, Problems } from "../../spec/problem.js";
import { exampleEnvironment, siteOf } from "../release/example.js";

/** A host on which a script fails with each of these reasons in turn, and then succeeds. */
function hostThatFails(reasons: readonly string[]): Host & { readonly asked: () => number } {
  const node = siteOf(exampleEnvironment()).nodes[0];
  if (node === undefined) throw new Error("there is no node");
  let asked = 0;
  const never = () => {
    throw new Error("the host was changed");
  };
  const read = async () => {
    const reason = reasons[asked];
    asked += 1;
    if (reason === undefined) return "";
    throw new Problem({ code: "host/command-failed", says: "it failed", instead: "look", log: [reason] });
  };
  return {
    node,
    dial: () => {},
    stream: never,
    change: never,
    converse: never,
    close: async () => {},
    read,
    asked: () => asked,
  };
}

const probe: Probe = {
  what: "storage writable",
  script: ":",
  instead: "look",
  explain: (reason) => new Problem({ code: `storage/${reason}`, says: reason, instead: "look" }),
  passing: { codes: ["storage/unknown-key"], within: 60_000, every: 1 },
};

const codes = (attempt: Promise<unknown>) =>
  attempt.then(
    () => [],
    (error: unknown) => (error instanceof Problems ? error.problems.map((problem) => problem.code) : [String(error)]),
  );

test("what may pass is waited for", async () => {
  const host = hostThatFails(["unknown-key", "unknown-key"]);
  expect(await codes(probeHost(host, [probe]))).toEqual([]);
  expect(host.asked()).toBe(3);
});

test("what stays is told at once, also after something that passed", async () => {
  const host = hostThatFails(["unknown-key", "no-such-bucket", "unknown-key"]);
  expect(await codes(probeHost(host, [probe]))).toEqual(["storage/no-such-bucket"]);
  expect(host.asked()).toBe(2);
});

test("what does not pass in its time is told", async () => {
  const host = hostThatFails(Array.from({ length: 10_000 }, () => "unknown-key"));
  const brief = { ...probe, passing: { codes: ["storage/unknown-key"], within: 20, every: 1 } };
  expect(await codes(probeHost(host, [brief]))).toEqual(["storage/unknown-key"]);
});

test("a problem of which nothing is said is not asked about again", async () => {
  const { passing: _, ...once } = probe;
  const host = hostThatFails(["unknown-key", "unknown-key"]);
  expect(await codes(probeHost(host, [once]))).toEqual(["storage/unknown-key"]);
  expect(host.asked()).toBe(1);
});
