import { expect, test } from "vitest";
import { problemsOf } from "./problems.js";

/** An environment with Harbor, and these lines at a depth of it. */
function withLines(place: "top" | "registry" | "harbor", lines: string): string {
  const indented = lines.replaceAll(/^/gm, place === "top" ? "" : "  ");
  const at = (one: typeof place) => (one === place ? `${indented}\n` : "");
  return `environment: prod
registry:
  engine: harbor
  hostname: registry.example.com
${at("registry")}harbor:
  dataVolume: /data
${at("harbor")}${at("top")}sites:
  - name: here
    provider: local
`;
}

test.each([
  ["registry", "storage_driver: { name: oss }", "a key of Harbor's own harbor.yml", "kind: s3, oss, azure"],
  ["top", "storage_service: { s3: {} }", "a key of Harbor's own harbor.yml", "registry.storage"],
  ["top", "chartmuseum: { enabled: true }", "ChartMuseum left Harbor with version 2.8", "`helm push` to oci://"],
  ["harbor", "with_chartmuseum: true", "ChartMuseum left Harbor with version 2.8", "`helm push` to oci://"],
  ["harbor", "with_notary: true", "Notary left Harbor with version 2.9", "contentTrust"],
  ["harbor", "withNotary: true", "Notary left Harbor with version 2.9", "cosign or notation"],
  ["top", "clair: { updaters_interval: 12 }", "Clair left Harbor with version 2.2", "harbor.trivy"],
  ["harbor", "with-trivy: true", "harbor.yml", "harbor.trivy.enabled"],
  ["harbor", "harbor_admin_password: Harbor12345", "harbor.yml", "in the secret store as harbor/admin-password"],
  ["top", "external_redis: {}", "harbor.yml", "harbor.redis with kind: given"],
  ["harbor", "quota_update_provider: redis", "harbor.yml", "harbor.quotaProvider"],
] as const)("in %s, %s is told what became of it", (place, lines, says, instead) => {
  const [problem, ...others] = problemsOf(withLines(place, lines));
  expect(others).toEqual([]);
  expect(problem).toMatchObject({ code: "schema/key-of-harbor", location: { column: place === "top" ? 1 : 3 } });
  expect(problem?.says).toContain(says);
  expect(problem?.instead).toContain(instead);
});

test.each([
  ["top", "trivy: {}", "it is harbor.trivy"],
  ["registry", "quotaProvider: db", "it is harbor.quotaProvider"],
  ["harbor", "projects: []", "it is harbor.settings.projects"],
  ["top", "robots: []", "it is harbor.settings.robots"],
] as const)("in %s, %s is told its place", (place, lines, instead) => {
  expect(problemsOf(withLines(place, lines))).toMatchObject([{ code: "schema/key-of-harbor", instead }]);
});

test("no password that articles show gets into a message", () => {
  const said = JSON.stringify(problemsOf(withLines("harbor", "harbor_admin_password: Harbor12345")));
  expect(said).not.toContain("Harbor12345");
});

test("a key that is only misspelt gets the one that was meant", () => {
  const [problem] = problemsOf(withLines("harbor", "quotaProvidr: db"));
  expect(problem).toMatchObject({ code: "schema/unknown-key" });
  expect(problem?.instead).toMatch(/^did you mean quotaProvider\? /);
});

test("what every object has by birth is nobody's old key", () => {
  expect(problemsOf(withLines("top", "constructor: 1"))).toMatchObject([{ code: "schema/unknown-key" }]);
});
