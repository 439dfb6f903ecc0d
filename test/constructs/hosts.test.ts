import { expect, test } from "vitest";
import { diskGibibytes, sizeOfNode } from "../../constructs/hosts.js";
import { wholeDays } from "../../constructs/logs.js";

test.each([
  ["100GiB", 100],
  ["1TiB", 1024],
  ["1500MiB", 2],
])("a disk of %s has %i whole GiB", (size, gibibytes) => {
  expect(diskGibibytes(size)).toBe(gibibytes);
});

test("a node has the size of all unless it has one of its own", () => {
  const sizes = { size: "c7i.xlarge", sizes: { "node-2": "c7i.2xlarge" } };
  expect(["node-1", "node-2"].map((node) => sizeOfNode(node, sizes))).toEqual(["c7i.xlarge", "c7i.2xlarge"]);
});

test.each([
  ["90d", 90],
  ["36h", 2],
  ["1ms", 1],
])("%s are %i whole days", (duration, days) => {
  expect(wholeDays(duration)).toBe(days);
});
