import { expect, test } from "vitest";
import type { HostFacts } from "../../cluster/host-facts.js";
import { type CertificateTimes, factProblems } from "../../cluster/preflight-facts.js";
import { exampleRelease, exampleWanted } from "./example-releases.js";
import { ModelHost } from "./model-host.js";

const NOON = Date.parse("2026-11-22T12:00:00Z");
const DAY = 86_400_000;
const VALID: CertificateTimes = { from: NOON - DAY, to: NOON + DAY, now: NOON };
const READY: HostFacts["tools"] = { docker: "running", compose: "2.40.0", keepalived: true, curl: true };

function problems(changed: Partial<HostFacts>, certificate = VALID, mayInstall = true) {
  const facts = { ...new ModelHost("node-1").facts, tools: READY, ...changed };
  return factProblems(exampleWanted(exampleRelease()), facts, certificate, mayInstall);
}

const codes = (...args: Parameters<typeof problems>) => problems(...args).map(({ code }) => code);

test("a host that has all it needs has no problems", () => {
  expect(problems({})).toEqual([]);
});

test("a clock may differ by thirty seconds, in both directions", () => {
  expect(codes({ clockAhead: 30_000 })).toEqual([]);
  expect(codes({ clockAhead: -30_000 })).toEqual([]);
  expect(problems({ clockAhead: 31_000 })[0]?.says).toContain("31 s ahead of");
  expect(problems({ clockAhead: -3_600_000 })[0]?.says).toContain("3600 s behind");
});

test("each disk that is short is told with what it has and what it needs", () => {
  const free = { docker: 1024 ** 3, opt: 100 * 1024 ** 2, log: 0 };
  const found = problems({ free });
  expect(found.map(({ code }) => code)).toEqual(["preflight/disk-full", "preflight/disk-full"]);
  expect(found[0]?.says).toContain("/var/lib/docker of node-1 has 1024 MiB free; 2048 MiB are needed");
  expect(found[1]?.says).toContain("/opt");
});

test("a certificate is judged by the clock of the host that will show it", () => {
  expect(codes({}, { ...VALID, now: VALID.to + 1 })).toEqual(["preflight/certificate-expired"]);
  expect(codes({}, { ...VALID, now: VALID.from - 1 })).toEqual(["preflight/certificate-not-yet-valid"]);
});

const STRANGE: HostFacts["system"] = { id: "plan9", version: "4", name: "Plan 9", architecture: "x86_64" };

test("a system that is not known is fine as long as nothing must be installed", () => {
  expect(codes({ system: STRANGE })).toEqual([]);
  expect(codes({ system: STRANGE, tools: { ...READY, curl: false } })).toEqual(["preflight/unknown-system"]);
});

test("what may not be installed must be there", () => {
  expect(codes({}, VALID, false)).toEqual([]);
  const [problem] = problems({ tools: { ...READY, docker: "absent" } }, VALID, false);
  expect(problem).toMatchObject({ code: "preflight/runtime-missing" });
  expect(problem?.says).toContain("Docker's engine");
});

test("all that is wrong with a host is told at once", () => {
  const free = { docker: 0, opt: 0, log: 0 };
  expect(codes({ clockAhead: DAY, free }, { ...VALID, now: NOON + 2 * DAY })).toHaveLength(4);
});
