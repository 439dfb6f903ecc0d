import { expect, test } from "vitest";
import { verifyTarget } from "../../operations/verify-target.js";
import { Secret } from "../../spec/secret.js";
import { exampleEnvironment, siteOf } from "../release/example.js";

const NOW = new Date("2026-11-22T12:00:00Z");
const ACCESS = { ca: "", credentials: { username: "operator", password: new Secret("x") } };

function targetOf(
  environment: ReturnType<typeof exampleEnvironment>,
  access: Parameters<typeof verifyTarget>[2] = ACCESS,
) {
  return verifyTarget(environment, siteOf(environment), access, NOW);
}

test("the ways in are the entry and each node, all under the registry's name", () => {
  const { doors, leaveOut } = targetOf(exampleEnvironment());
  expect(doors.map(({ through, node, address }) => [through, node, address.address, address.port])).toEqual([
    ["entry", false, "198.18.0.100", 443],
    ["node-1", true, "198.18.0.11", 443],
    ["node-2", true, "198.18.0.12", 443],
    ["node-3", true, "198.18.0.13", 443],
  ]);
  expect(new Set(doors.map(({ address }) => address.hostname))).toEqual(new Set(["registry.example.com"]));
  expect(leaveOut).toEqual([]);
});

test("nodes that SSH alone reaches are tried through it, with the CA that signs for them", () => {
  const environment = exampleEnvironment();
  const ports = new Map([["node-1", 40_001]]);
  const { doors } = verifyTarget(environment, siteOf(environment), ACCESS, NOW, { ports, ca: "own" });
  expect(doors.slice(0, 2).map(({ through, address }) => [through, address.address, address.port, address.ca])).toEqual(
    [
      ["entry", "198.18.0.100", 443, ""],
      ["node-1", "127.0.0.1", 40_001, "own"],
    ],
  );
});

test("a published port is one more way in", () => {
  const published = exampleEnvironment({}, { sites: [{ name: "here", provider: "local", publish: 8443 }] });
  expect(targetOf(published).doors[1]).toMatchObject({
    through: "published",
    node: false,
    address: { address: "127.0.0.1", port: 8443 },
  });
});

test("what an environment does not allow is left out, with the setting that says so", () => {
  const leftOut = (registry: Parameters<typeof exampleEnvironment>[0], access = ACCESS) =>
    targetOf(exampleEnvironment(registry), access).leaveOut.map(({ step, why }) => `${step}: ${why}`);
  expect(leftOut({ delete: false })).toEqual([
    "delete: registry.delete is false; the tiny images stay",
    "gone: registry.delete is false; the tiny images stay",
  ]);
  expect(leftOut({ readOnly: true })).toContain("push: registry.readOnly is true");
  expect(leftOut({ mirror: { upstream: "https://registry-1.docker.io" } })[0]).toContain("registry.mirror");
});

test("runs have names of their own, and one name for all where nothing can be deleted", () => {
  const runs = (registry: Parameters<typeof exampleEnvironment>[0]) =>
    [NOW, new Date(NOW.getTime() + 1)].map((now) => {
      const environment = exampleEnvironment(registry);
      return verifyTarget(environment, siteOf(environment), ACCESS, now).run;
    });
  expect(new Set(runs({})).size).toBe(2);
  expect(new Set(runs({ delete: false })).size).toBe(1);
});
