import fc from "fast-check";
import { expect, test } from "vitest";
import { type FirewallNeeds, type FirewallRule, planFirewall } from "../../constructs/firewall.js";

const needs: FirewallNeeds = {
  ports: { https: 443, registry: 5000, metrics: 5001, status: 8081 },
  operators: ["203.0.113.0/24"],
  clients: ["198.51.100.0/24", "192.0.2.0/24"],
  access: "bastion",
  metrics: "loopback",
};
const ports = fc
  .uniqueArray(fc.integer({ min: 1, max: 65535 }), { minLength: 4, maxLength: 4 })
  .map(([https = 443, registry = 5000, metrics = 5001, status = 8081]) => ({ https, registry, metrics, status }));
const blocks = fc.uniqueArray(fc.constantFrom("203.0.113.0/24", "198.51.100.0/24", "10.0.0.0/8", "0.0.0.0/0"));
const anyNeeds: fc.Arbitrary<FirewallNeeds> = fc.record({
  ports,
  operators: blocks,
  clients: blocks,
  access: fc.constantFrom("bastion", "direct", "private", "session"),
  metrics: fc.constantFrom("loopback", "private"),
  between: fc.array(fc.constantFrom(2379, 5432)),
  outbound: fc.array(fc.constantFrom(80, 443, 6379, 8443)),
});

/** Openings as one line each: who, which way, to which port, from whom. */
function lines(rules: readonly FirewallRule[]): string[] {
  return rules.map(({ of, direction, protocol, port, peer }) =>
    [of, direction, `${port}/${protocol}`, "party" in peer ? peer.party : peer.block].join(" "),
  );
}

test("clients come through the balancer only", () => {
  expect(lines(planFirewall(needs)).filter((line) => line.includes(" in 443/"))).toEqual([
    "balancer in 443/tcp 198.51.100.0/24",
    "balancer in 443/tcp 192.0.2.0/24",
    "nodes in 443/tcp balancer",
  ]);
});

test.each([
  ["bastion", ["bastion in 22/tcp 203.0.113.0/24", "bastion out 22/tcp nodes", "nodes in 22/tcp bastion"]],
  ["direct", ["nodes in 22/tcp 203.0.113.0/24"]],
  ["private", ["nodes in 22/tcp 203.0.113.0/24"]],
  ["session", []],
] as const)("access over %s opens just this for SSH", (access, expected) => {
  expect(lines(planFirewall({ ...needs, access })).filter((line) => line.includes(" 22/"))).toEqual(expected);
});

test("metrics are closed unless the environment shows them to the network", () => {
  expect(lines(planFirewall(needs)).some((line) => line.includes("5001/"))).toBe(false);
  expect(lines(planFirewall({ ...needs, metrics: "private" }))).toContain("nodes in 5001/tcp nodes");
});

test("nodes that carry a data base let each other in, and nobody else", () => {
  const more = lines(planFirewall({ ...needs, between: [5432, 6379] }));
  expect(more.filter((line) => /5432|6379/.test(line))).toEqual([
    "nodes out 5432/tcp nodes",
    "nodes in 5432/tcp nodes",
    "nodes out 6379/tcp nodes",
    "nodes in 6379/tcp nodes",
  ]);
});

test("from outside nothing but the registry's port and SSH is ever open", () => {
  fc.assert(
    fc.property(anyNeeds, (any) => {
      for (const { direction, peer, port, of } of planFirewall(any)) {
        if (direction === "out" || "party" in peer) continue;
        expect([of, port]).toEqual(
          any.clients.includes(peer.block) && of === "balancer" ? [of, any.ports.https] : [of, 22],
        );
      }
    }),
  );
});

test("what one group lets out to another, the other lets in", () => {
  fc.assert(
    fc.property(anyNeeds, (any) => {
      const rules = planFirewall(any);
      for (const { direction, of, port, peer } of rules) {
        if (!("party" in peer)) continue;
        const otherEnd = rules.some(
          (rule) =>
            rule.of === peer.party &&
            rule.direction !== direction &&
            rule.port === port &&
            "party" in rule.peer &&
            rule.peer.party === of,
        );
        expect(otherEnd).toBe(true);
      }
    }),
  );
});

test("no two openings have one id, and an id can be part of a construct's path", () => {
  fc.assert(
    fc.property(anyNeeds, (any) => {
      const ids = planFirewall(any).map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const id of ids) expect(id).toMatch(/^[a-z0-9.-]+$/);
    }),
  );
});

test("ports that nodes need outside are opened once, on top of 80 and 443", () => {
  const out = planFirewall({ ...needs, outbound: [6379, 443, 6379] }).filter(
    ({ of, direction, peer }) => of === "nodes" && direction === "out" && "block" in peer,
  );
  expect(out.map(({ port, protocol }) => `${port}/${protocol}`)).toEqual(["80/tcp", "443/tcp", "6379/tcp", "123/udp"]);
});
