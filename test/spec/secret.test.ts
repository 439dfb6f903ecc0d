import { inspect } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { MASK, Secret } from "../../spec/secret.js";

test("a secret prints as *** wherever it is turned into text", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 4 }), (value) => {
      const secret = new Secret(`s3cr${value}`);
      const printed = [
        `${secret}`,
        String(secret),
        JSON.stringify({ secret }),
        inspect({ secret }, { showHidden: true, depth: 9 }),
      ];
      for (const text of printed) {
        expect(text).toContain(MASK);
        expect(text).not.toContain("s3cr");
      }
      expect(Object.keys(secret)).toEqual([]);
      expect(secret.reveal()).toBe(`s3cr${value}`);
    }),
  );
});
