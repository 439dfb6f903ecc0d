import { expect, test } from "vitest";
import { DEFAULT_DATA_PORTS } from "../../release/data-context.js";
import { OWN_SERVICE_PORTS } from "../../spec/harbor/ports.js";
import { isKnownToOldDriver } from "../../spec/refusals/amazon-regions.js";
import { fileText } from "../arbitrary/environment.js";
import { aws } from "./environments.js";
import { harbor, harborOn, type RegistryFile, release, withRedis } from "./harbor-environments.js";
import { problemsOf } from "./problems.js";

const codesOf = (environment: Parameters<typeof fileText>[0]) =>
  problemsOf(fileText(environment)).map(({ code }) => code);

const onAmazon = (storage: RegistryFile["storage"]) => ({
  ...aws({}, { engine: "harbor", storage }),
  harbor: { release },
});

const inRegion = (region: string) => harbor({}, { storage: { kind: "s3", bucket: "images", region } });

test("Harbor may have a region that its driver does not know, but none outside of amazonaws.com", () => {
  expect(isKnownToOldDriver("eu-central-1")).toBe(true);
  expect(isKnownToOldDriver("eu-central-2")).toBe(false);
  for (const region of ["eu-central-1", "eu-central-2", "cn-north-1", "il-central-1"])
    expect(codesOf(inRegion(region)), region).toEqual([]);
  for (const region of ["us-iso-east-1", "eu-isoe-west-1", "garage"])
    expect(codesOf(inRegion(region)), region).toEqual(["storage/region-unknown-to-driver"]);
});

test("on machines of AWS Harbor has keys, and its role is refused", () => {
  const storage = { kind: "s3", bucket: "images", region: "eu-central-1" } as const;
  expect(codesOf(onAmazon(storage))).toEqual([]);
  const role = { ...storage, credentials: "instance-role" } as const;
  expect(codesOf(onAmazon(role))).toEqual(["harbor/s3-role"]);
});

test("one or two nodes are told of both quorums that they cannot have", () => {
  for (const count of [1, 2]) {
    const own = harborOn(count, { database: { kind: "own" }, redis: { kind: "own" } });
    expect(codesOf(own)).toEqual(["harbor/database-quorum", "harbor/redis-quorum"]);
  }
});

test.each([
  ["http", "harbor/external-url", "http://registry.example.com"],
  ["another name", "harbor/external-url", "https://other.example.com"],
  ["a path", "harbor/external-url", "https://registry.example.com/harbor"],
])("an external URL with %s is refused", (_, code, externalUrl) => {
  expect(codesOf(harbor({ externalUrl }))).toEqual([code]);
});

test("the external URL that is proposed is accepted", () => {
  const [problem] = problemsOf(fileText(harbor({ externalUrl: "http://other.example.com:8443/harbor" })));
  const [proposed = ""] = problem?.instead.split(",") ?? [];
  expect(codesOf(harbor({ externalUrl: proposed }))).toEqual([]);
});

test("connections as many as are proposed are accepted, and one more is not", () => {
  for (const count of [3, 4, 5, 9]) {
    const open = (connections: number) =>
      harborOn(count, { database: { kind: "own" }, redis: { kind: "own" }, connections: { open: connections } });
    const [problem] = problemsOf(fileText(open(500)));
    const most = Number(/^\d+/.exec(problem?.instead ?? "")?.[0]);
    expect(codesOf(open(most))).toEqual([]);
    expect(codesOf(open(most + 1))).toEqual(["harbor/connections-beyond-database"]);
  }
});

test("each number that two of Redis's data bases share is told once", () => {
  const shared = withRedis({ databases: { registry: 4, jobs: 4, trivy: 4 } });
  expect(problemsOf(fileText(shared)).map(({ field }) => field)).toEqual([
    "harbor.redis.databases.jobs",
    "harbor.redis.databases.trivy",
  ]);
});

test("names that a data base cannot have without quotes are refused", () => {
  for (const name of ["123", "yes", "a b", "a$b"]) {
    const named = harborOn(3, { database: { kind: "given", host: "10.20.0.40", name } });
    expect(codesOf(named), name).toEqual(["schema/malformed"]);
  }
});

test("the ports that are refused to the registry are those that data base and Redis take", () => {
  const refused = Object.values(OWN_SERVICE_PORTS).flatMap((ports) => Object.values(ports));
  expect(refused.sort()).toEqual(Object.values(DEFAULT_DATA_PORTS).sort());
});
