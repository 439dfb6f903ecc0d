import fc from "fast-check";
import { expect, test } from "vitest";
import { overlap } from "../../spec/cidr.js";

test("two blocks overlap when one holds the first address of the other", () => {
  const block = fc.tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 16, max: 30 })).map(([third, prefix]) => {
    const size = 2 ** (32 - prefix);
    const start = Math.floor((third * 256) / size) * size;
    return { start, end: start + size, cidr: `10.0.${Math.floor(start / 256)}.${start % 256}/${prefix}` };
  });
  fc.assert(
    fc.property(block, block, (one, other) => {
      const holds = (a: typeof one, b: typeof one) => b.start >= a.start && b.start < a.end;
      expect(overlap(one.cidr, other.cidr)).toBe(holds(one, other) || holds(other, one));
    }),
  );
});
