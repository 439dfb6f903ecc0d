import { expect, test } from "vitest";
import { failureOf } from "../lab/load-failure.js";

const FAULT = { what: "kill node-2", from: 1_400, to: 1_500 };

function kindOf(error: string, faults = [FAULT]): string {
  return failureOf({ action: "pull", tag: "t", digest: "d", began: 1_000, ended: 2_000, error }, faults).kind;
}

test.each([
  ["writing blob: happened during read: unexpected EOF", "bytes-on-their-way"],
  ['writing blob: Patch \\"https://198.18.0.100/v2/a/blobs/uploads/1?_state=2\\": EOF', "bytes-on-their-way"],
  ['Patch \\"https://198.18.0.100/v2/a\\": write tcp 1:1->1:1: write: broken pipe', "bytes-on-their-way"],
  ["happened during read: read tcp 1:1->1:1: read: connection reset by peer", "bytes-on-their-way"],
  ['reading blob sha256:00: Get \\"https://198.18.0.100/v2/a/blobs/sha256:00\\": EOF', "unanswered"],
  ['Post \\"https://198.18.0.100/v2/a/blobs/uploads/\\": read tcp 1:1->1:1: connection reset', "unanswered"],
  ["pinging container registry 198.18.0.100: dial tcp 198.18.0.100:443: connect: connection refused", "unreachable"],
  ["dial tcp 198.18.0.100:443: connect: no route to host", "unreachable"],
  ['Get \\"https://198.18.0.100/v2/\\": dial tcp 198.18.0.100:443: i/o timeout', "unreachable"],
  ["received unexpected HTTP status: 503 Service Unavailable", "answered"],
  ["wrong digest: sha256:11, pushed as sha256:00", "wrong-digest"],
  ["killed after 330000 ms: ", "timeout"],
  ["something that nobody has seen before", "other"],
])("%s is told as %s", (error, kind) => {
  expect(kindOf(error)).toBe(kind);
});

test("a connection that is cut while nothing was broken is not excused", () => {
  expect(kindOf("unexpected EOF", [])).toBe("cut");
  expect(kindOf("unexpected EOF", [{ what: "kill node-2", from: 800, to: 900 }])).toBe("cut");
  expect(kindOf("unexpected EOF", [{ what: "kill node-2", from: 2_100, to: 2_200 }])).toBe("cut");
});
