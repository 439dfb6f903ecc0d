import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { type Answers, composeEnvironment } from "../../spec/compose.js";
import { parseEnvironment } from "../../spec/parse.js";
import { Problems } from "../../spec/problem.js";
import { validEnvironments } from "../arbitrary/environment.js";
import { host } from "./environments.js";
import { problemsOf } from "./problems.js";

// Hundreds of files each: more than five seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const trial: Answers = { name: "trial", hostname: "registry.example.com", place: { provider: "local" } };

/** Answers of somebody who wants what a valid environment describes. */
const answers: fc.Arbitrary<Answers> = validEnvironments()
  .filter(({ registry }) => registry.mirror === undefined && registry.redirect !== true)
  .map(({ environment, registry, sites: [site] }) => ({
    name: environment,
    hostname: registry.hostname,
    ...(registry.version === undefined ? {} : { version: registry.version }),
    ...(registry.storage === undefined ? {} : { storage: registry.storage }),
    ...(site === undefined || site.provider === "alicloud" || site.provider === "aws" || site.entry === undefined
      ? {}
      : { entry: site.entry }),
    place:
      site?.provider === "hosts"
        ? { provider: "hosts", hosts: site.hosts }
        : { provider: "local", nodes: site?.nodes?.count ?? 3 },
  }));

/** Not every network of the valid sites is the default one, which the answers do not name. */
const inDefaultNetwork = ({ place, entry }: Answers): boolean =>
  place.provider === "hosts" ||
  entry?.from !== "floating" ||
  entry.address === undefined ||
  entry.address.startsWith("198.18.0.");

test("three answers are a short file with comments and the schema for editors", () => {
  expect(composeEnvironment(trial)).toBe(`# yaml-language-server: $schema=../environment.schema.json
# \`harborwright explain\` tells of every field that may stand here

environment: trial
registry:
  # the name clients use; it must lead to the entry
  hostname: registry.example.com
sites:
  - name: trial
    provider: local
    # one is a trial, three survive a dead node
    nodes: { count: 3 }
`);
});

const cloud = { region: "eu-central-1", zones: ["eu-central-1a", "eu-central-1b"], clients: ["0.0.0.0/0"] };

test("a site in a cloud is about fifteen lines", () => {
  const place = { provider: "aws", ...cloud, operators: ["203.0.113.7/32"], size: "m7i.large" } as const;
  const text = composeEnvironment({ ...trial, place });
  expect(text).toContain(`sites:
  - name: trial
    provider: aws
    region: eu-central-1
    # nodes are spread over them; append only
    zones: [ eu-central-1a, eu-central-1b ]
    # who comes in: operators by SSH, clients to the registry
    network: { operators: [ 203.0.113.7/32 ], clients: [ 0.0.0.0/0 ] }
    # one is a trial, three survive a dead node
    nodes: { count: 3, size: m7i.large }
`);
  expect(text.split("\n").length).toBeLessThanOrEqual(18);
});

test("on AWS nobody need come by SSH, on Alibaba Cloud somebody must", () => {
  const text = composeEnvironment({ ...trial, place: { provider: "aws", ...cloud, operators: [] } });
  expect(text).toContain("access: { from: session }");
  const zones = ["cn-hangzhou-h", "cn-hangzhou-j"];
  const place = { ...cloud, provider: "alicloud", region: "cn-hangzhou", zones, operators: [] } as const;
  expect(() => composeEnvironment({ ...trial, place })).toThrow(Problems);
});

test("whatever it writes parses, and says what was answered", () => {
  fc.assert(
    fc.property(answers.filter(inDefaultNetwork), (given) => {
      const text = composeEnvironment(given);
      expect(problemsOf(text, `${given.name}.yaml`)).toEqual([]);
      const { registry, sites } = parseEnvironment(text, `${given.name}.yaml`);
      expect(registry.hostname).toBe(given.hostname);
      expect(registry.storage).toMatchObject(given.storage ?? { kind: "managed" });
      expect(sites[0]?.entry).toMatchObject(given.entry ?? {});
    }),
    { numRuns: 200 },
  );
});

test("accounts, a mirrored registry, a published port and another schema are written down", () => {
  const text = composeEnvironment({
    ...trial,
    users: ["ci", "on"],
    upstream: "https://quay.io",
    place: { provider: "local", nodes: 1, publish: 8443 },
    schema: "/opt/environment.schema.json",
  });
  expect(text).toMatch(/^# yaml-language-server: \$schema=\/opt\/environment\.schema\.json\n/);
  const { registry, sites } = parseEnvironment(text, "trial.yaml");
  expect(registry.authentication).toMatchObject({ users: ["ci", "on"] });
  expect(registry.mirror?.upstream).toBe("https://quay.io");
  expect(sites[0]).toMatchObject({ nodes: { count: 1 }, publish: 8443 });
});

test("answers that do not go together are refused before anything is written", () => {
  const given: Answers = { ...trial, place: { provider: "hosts", hosts: [host(1), host(2)] } };
  expect(() => composeEnvironment(given)).toThrow(Problems);
});
