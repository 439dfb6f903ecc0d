import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { overlap, sizeOf } from "../../spec/cidr.js";
import { placeNodes, planSubnets } from "../../spec/cloud/network-plan.js";
import { addressIn, ipv4Number } from "../../spec/names.js";

/** Blocks of /8 to /24 anywhere in 10.0.0.0/8. */
const blocks = fc
  .tuple(fc.integer({ min: 8, max: 24 }), fc.nat())
  .map(([prefix, place]) => `${addressIn("10.0.0.0/8", (place % 2 ** (prefix - 8)) * 2 ** (32 - prefix))}/${prefix}`);
const zones = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,4}$/), { minLength: 1, maxLength: 8 });
const counts = fc.integer({ min: 1, max: 9 });

function isInside(inner: string, outer: string): boolean {
  const start = ipv4Number(inner.split("/")[0] ?? "") - ipv4Number(outer.split("/")[0] ?? "");
  return start >= 0 && start + sizeOf(inner) <= sizeOf(outer);
}

describe("subnets", () => {
  test("all lie inside the network and none overlaps another", () => {
    fc.assert(
      fc.property(blocks, zones, (cidr, names) => {
        const all = planSubnets(cidr, names).flatMap((subnets) => [subnets.private, subnets.public]);
        expect(all).toHaveLength(names.length * 2);
        for (const [index, subnet] of all.entries()) {
          expect(isInside(subnet, cidr)).toBe(true);
          expect(sizeOf(subnet)).toBeGreaterThanOrEqual(16);
          expect(all.slice(index + 1).filter((other) => overlap(subnet, other))).toEqual([]);
        }
      }),
    );
  });

  test("appending a zone moves no subnet", () => {
    fc.assert(
      fc.property(
        blocks,
        fc.uniqueArray(fc.stringMatching(/^[a-z]{1,4}$/), { minLength: 2, maxLength: 8 }),
        (cidr, names) => {
          const before = planSubnets(cidr, names.slice(0, -1));
          expect(planSubnets(cidr, names).slice(0, -1)).toEqual(before);
        },
      ),
    );
  });

  test("of 10.20.0.0/16 are /20, the private ones first", () => {
    expect(planSubnets("10.20.0.0/16", ["a", "b"])).toEqual([
      { zone: "a", private: "10.20.0.0/20", public: "10.20.128.0/20" },
      { zone: "b", private: "10.20.16.0/20", public: "10.20.144.0/20" },
    ]);
  });
});

describe("nodes", () => {
  test("have addresses of their own inside their subnet, clear of what clouds keep for themselves", () => {
    fc.assert(
      fc.property(blocks, zones, counts, (cidr, names, count) => {
        const places = placeNodes(planSubnets(cidr, names), count);
        expect(new Set(places.map(({ address }) => address)).size).toBe(count);
        for (const { address, subnet } of places) {
          const place = ipv4Number(address) - ipv4Number(subnet.split("/")[0] ?? "");
          // AWS keeps the first four and the last, Alibaba Cloud the first and the last three.
          expect(place).toBeGreaterThanOrEqual(4);
          expect(place).toBeLessThan(sizeOf(subnet) - 3);
        }
      }),
    );
  });

  test("stay where they are when one comes or goes", () => {
    fc.assert(
      fc.property(blocks, zones, fc.integer({ min: 2, max: 9 }), (cidr, names, count) => {
        const subnets = planSubnets(cidr, names);
        expect(placeNodes(subnets, count).slice(0, -1)).toEqual(placeNodes(subnets, count - 1));
      }),
    );
  });

  test("stay where they are when zones are appended, as long as there are no more nodes than zones", () => {
    const before = fc
      .integer({ min: 1, max: 8 })
      .chain((had) => fc.tuple(fc.constant(had), fc.integer({ min: 1, max: had })));
    fc.assert(
      fc.property(blocks, before, fc.integer({ min: 0, max: 7 }), (cidr, [had, count], more) => {
        const names = Array.from({ length: Math.min(had + more, 8) }, (_, index) => `zone-${index}`);
        const placed = placeNodes(planSubnets(cidr, names.slice(0, had)), count);
        expect(placeNodes(planSubnets(cidr, names), count)).toEqual(placed);
      }),
    );
  });

  test("are spread over the zones as evenly as can be", () => {
    fc.assert(
      fc.property(zones, counts, (names, count) => {
        const places = placeNodes(planSubnets("10.20.0.0/16", names), count);
        const each = names.map((zone) => places.filter((place) => place.zone === zone).length);
        expect(Math.max(...each) - Math.min(...each)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
