import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type DataNodeHealth, dataTroubles, parseHealth } from "../../dataservices/health.js";

const SAID = `installed yes
etcd yes
patroni {"state": "running", "role": "replica", "sync_standby": true, "timeline": 3}
entry yes
redis role:slave master_link_status:up 
sentinel yes
disk 41`;

const WELL: readonly DataNodeHealth[] = [
  { ...parseHealth("node-1", SAID), postgresql: "primary", redis: "primary" },
  parseHealth("node-2", SAID),
  { ...parseHealth("node-3", SAID), postgresql: "replica" },
];

function withNode(index: number, change: Partial<DataNodeHealth>): DataNodeHealth[] {
  return WELL.map((node, position) => (position === index ? { ...node, ...change } : node));
}

function codes(nodes: readonly DataNodeHealth[]): string[] {
  return dataTroubles(nodes).map(({ code }) => code.replace("data-services/", ""));
}

describe("health of the data services", () => {
  test("what a node says is read", () => {
    expect(parseHealth("node-2", SAID)).toEqual({
      node: "node-2",
      reached: true,
      installed: true,
      etcd: true,
      postgresql: "synchronous",
      entry: true,
      redis: "replica",
      sentinel: true,
      used: 0.41,
    });
  });

  test("the primary is one whatever the version of Patroni calls it", () => {
    for (const role of ["master", "primary"]) {
      expect(parseHealth("n", `patroni {"state":"running","role":"${role}"}`).postgresql).toBe("primary");
    }
  });

  test("a server that starts, a word that is no JSON and silence are all down", () => {
    for (const said of ['patroni {"state":"starting","role":"replica"}', "patroni <html>", "patroni ", ""]) {
      expect(parseHealth("n", said)).toMatchObject({ postgresql: "down", redis: "down", etcd: false });
    }
  });

  test("nothing is told when all is well", () => {
    expect(dataTroubles(WELL)).toEqual([]);
  });

  test.each([
    [withNode(0, { postgresql: "replica" }), ["no-primary"]],
    [withNode(2, { postgresql: "primary" }), ["two-primaries"]],
    [withNode(1, { postgresql: "replica" }), ["not-synchronous"]],
    [withNode(2, { etcd: false }), ["etcd-down"]],
    [WELL.map((node, index) => ({ ...node, etcd: index === 0 })), ["etcd-no-quorum"]],
    [withNode(2, { entry: false }), ["entry-closed"]],
    [withNode(0, { redis: "replica" }), ["redis-no-primary"]],
    [withNode(1, { redis: "primary" }), ["redis-two-primaries"]],
    [withNode(1, { redis: "unlinked" }), ["redis-down"]],
    [withNode(1, { sentinel: false }), ["sentinel-blind"]],
    [withNode(1, { used: 0.9 }), ["disk-nearly-full"]],
    [withNode(2, { ...parseHealth("node-3", ""), reached: false }), ["unreachable"]],
  ])("a single fault is told by its own name (%#)", (nodes, expected) => {
    expect(codes(nodes)).toEqual(expected);
  });

  test("what keeps the registry from writing comes first", () => {
    const node = fc.record({
      node: fc.constantFrom("node-1", "node-2", "node-3"),
      reached: fc.boolean(),
      installed: fc.boolean(),
      etcd: fc.boolean(),
      postgresql: fc.constantFrom("primary" as const, "synchronous" as const, "replica" as const, "down" as const),
      entry: fc.boolean(),
      redis: fc.constantFrom("primary" as const, "replica" as const, "unlinked" as const, "down" as const),
      sentinel: fc.boolean(),
      used: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(node, { minLength: 3, maxLength: 3 }), (nodes) => {
        const severe = dataTroubles(nodes).map((trouble) => trouble.severe);
        expect(severe).toEqual([...severe].sort((one, other) => Number(other) - Number(one)));
      }),
    );
  });
});
