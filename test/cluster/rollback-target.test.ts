import { expect, test } from "vitest";
import { rollbackTarget } from "../../cluster/rollback-target.js";

/** A set in which all three nodes run the same generation, or each its own. */
function set(...names: [string] | [string, string, string]): Record<string, string> {
  const [one, two = one, three = one] = names;
  return { "node-1": one, "node-2": two, "node-3": three };
}

function history(...sets: Record<string, string>[]) {
  return sets.map((releases, index) => ({ at: `2026-11-22T10:00:0${index}Z`, releases }));
}

test("the way back is to the set before", () => {
  expect(rollbackTarget(set("b"), [history(set("a"), set("b"))])).toEqual(set("a"));
});

test("after a rollback the way back is forward again", () => {
  expect(rollbackTarget(set("a"), [history(set("a"), set("b"), set("a"))])).toEqual(set("b"));
});

test("an up that stopped half-way goes back to the set that was complete, on every node", () => {
  expect(rollbackTarget(set("c", "b", "b"), [history(set("a"), set("b"))])).toEqual(set("b"));
});

test("a set that was never complete is no place to go back to", () => {
  expect(rollbackTarget(set("d"), [history(set("a"), set("b"), set("d"))])).toEqual(set("b"));
});

test("what one host has forgotten another remembers", () => {
  expect(rollbackTarget(set("b"), [[], history(set("a"), set("b")), []])).toEqual(set("a"));
});

test("a set from before a node was added is no place to go back to", () => {
  const { "node-3": _, ...two } = set("a");
  expect(rollbackTarget(set("b"), [history(two, set("b"))])).toBeUndefined();
});

test("the first release has none before it", () => {
  expect(rollbackTarget(set("a"), [history(set("a"))])).toBeUndefined();
});
