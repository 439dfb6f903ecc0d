import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { forgetHost, hostKeyAlias, keptFingerprints, pinHostKeys } from "../../hosts/known-hosts.js";
import type { Node } from "../../spec/inventory.js";

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJcLOPaGNmMnLHVRVmuiT9pXwZ6tFQ3Sg7z3V5JE7Qb6";
const OTHER_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE9Gsb8dX0sC9mK8b3R0mO0pS6Vq1B8k7o0mJ0n0Qm3X";

function node(name: string): Node {
  return { site: "here", name, address: "192.0.2.1", privateAddress: "192.0.2.1", ssh: { user: "root", port: 22 } };
}

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "harborwright-known-hosts-"));
  file = join(folder, "state", "known_hosts");
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a given key becomes the only one of its node, and those of others stay", () => {
  pinHostKeys(file, node("node-1"), [OTHER_KEY]);
  pinHostKeys(file, node("node-2"), [OTHER_KEY]);
  pinHostKeys(file, node("node-1"), [KEY]);
  expect(readFileSync(file, "utf8")).toBe(`node-2.here ${OTHER_KEY}\nnode-1.here ${KEY}\n`);
});

test("keys are kept from others, and written only when they change", () => {
  pinHostKeys(file, node("node-1"), [KEY]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const before = statSync(file).ino;
  pinHostKeys(file, node("node-1"), [KEY]);
  expect(statSync(file).ino).toBe(before);
});

test("a node that is forgotten leaves the others alone", () => {
  pinHostKeys(file, node("node-1"), [KEY]);
  pinHostKeys(file, node("node-11"), [KEY]);
  forgetHost(file, node("node-1"));
  expect(readFileSync(file, "utf8")).toBe(`node-11.here ${KEY}\n`);
  forgetHost(join(folder, "none"), node("node-1"));
  expect(existsSync(join(folder, "none"))).toBe(false);
});

test("fingerprints are those that ssh-keygen prints", () => {
  pinHostKeys(file, node("node-1"), []);
  expect(keptFingerprints(file, node("node-1"))).toEqual([]);
  writeFileSync(join(folder, "kept"), `${hostKeyAlias(node("node-1"))} ${OTHER_KEY}\n`);
  expect(keptFingerprints(join(folder, "kept"), node("node-1"))).toEqual([
    "SHA256:hsKsNztKg8JmhaRDyMxaDIBQ8CZjcaWQaQY7aX3z3G8",
  ]);
});
