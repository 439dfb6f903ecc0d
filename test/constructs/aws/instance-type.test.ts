import { expect, test } from "vitest";
import { architectureOf, hasDiskConnection } from "../../../constructs/aws/instance-type.js";

test.each([
  "c7g.xlarge",
  "m6gd.large",
  "t4g.nano",
  "c7gn.2xlarge",
  "im4gn.large",
  "is4gen.large",
  "x2gd.large",
  "a1.large",
  "g5g.xlarge",
  "r8g.large",
])("%s is a Graviton", (size) => {
  expect(architectureOf(size)).toBe("arm64");
});

test.each([
  "c7i.xlarge",
  "m7a.large",
  "t3.nano",
  "g4dn.xlarge",
  "gr6.4xlarge",
  "i4i.large",
  "c7i-flex.large",
  "u7i-12tb.224xlarge",
  "x2iedn.large",
])("%s is not", (size) => {
  expect(architectureOf(size)).toBe("amd64");
});

test.each([
  ["t2.large", false],
  ["m3.xlarge", false],
  ["t3.nano", true],
  ["c4.large", true],
  ["r7i.large", true],
])("%s has a connection of its own to its disks: %s", (size, has) => {
  expect(hasDiskConnection(size)).toBe(has);
});
