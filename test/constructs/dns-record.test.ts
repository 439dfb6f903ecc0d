import { expect, test } from "vitest";
import { labelIn, recordKind } from "../../constructs/dns-record.js";

test.each([
  ["registry.example.com", "example.com", "cname", "registry"],
  ["registry.eu.example.com", "example.com", "cname", "registry.eu"],
  ["example.com", "example.com", "apex", "@"],
])("%s in %s is a %s named %s", (hostname, zone, kind, label) => {
  expect(recordKind(hostname, zone)).toBe(kind);
  expect(labelIn(hostname, zone)).toBe(label);
});
