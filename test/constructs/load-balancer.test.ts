import { expect, test } from "vitest";
import { healthCheck, idleSeconds, speechOf } from "../../constructs/load-balancer.js";

test("a node that fell silent gets no new client after ten seconds", () => {
  const { intervalSeconds, unhealthyAfter, timeoutSeconds } = healthCheck(8081);
  expect(intervalSeconds * unhealthyAfter).toBeLessThanOrEqual(10);
  expect(timeoutSeconds).toBeLessThan(intervalSeconds);
});

test("the check asks what a drained node answers with 503", () => {
  expect(healthCheck(9999)).toMatchObject({ protocol: "http", port: 9999, path: "/healthz", status: 200 });
});

test.each([
  ["nlb", "nodes", "tcp", "tcp"],
  ["nlb", "balancer", "tls", "tls"],
  ["clb", "nodes", "tcp", "tcp"],
  ["alb", "balancer", "https", "https"],
] as const)("%s with TLS at the %s speaks %s to clients and %s to nodes", (kind, tls, clients, nodes) => {
  expect(speechOf(kind, tls)).toEqual({ clients, nodes });
});

test("the balancer waits longer than the front for a commit", () => {
  expect(idleSeconds("300s")).toBe(350);
  expect(idleSeconds("20m")).toBeGreaterThan(1200);
});
