import { expect, test } from "vitest";
import { parse } from "yaml";
import { dataAddresses } from "../../release/data-services.js";
import { HARBOR_PATHS } from "../../release/harbor-layout.js";
import { dataServicesPlaces } from "../../release/own-data-services.js";
import { exampleEnvironment, fileAt, siteOf } from "./example.js";
import { harborEnvironment, harborReleases } from "./harbor-example.js";

const MEBIBYTE = 1024 ** 2;

function placesOf(environment: Parameters<typeof siteOf>[0]) {
  return dataServicesPlaces(environment, siteOf(environment));
}

const five = { sites: [{ name: "here", provider: "local" as const, nodes: { count: 5 } }] };

test("the first three nodes carry data base and Redis, and the others may come in", () => {
  const places = placesOf(harborEnvironment({}, {}, five));
  expect(places?.nodes.map(({ name }) => name)).toEqual(["node-1", "node-2", "node-3"]);
  expect(places?.clients).toHaveLength(2);
});

test("nodes that are named carry them, in the order of the environment", () => {
  const nodes = ["node-5", "node-2", "node-4"];
  const environment = harborEnvironment({ database: { kind: "own", nodes }, redis: { kind: "own", nodes } }, {}, five);
  expect(placesOf(environment)?.nodes.map(({ name }) => name)).toEqual(["node-2", "node-4", "node-5"]);
});

test("connections and memory are those of the file", () => {
  const environment = harborEnvironment({
    database: { kind: "own", maxConnections: 700, memory: "3GiB" },
    redis: { kind: "own", memory: "768MiB" },
  });
  expect(placesOf(environment)?.settings).toMatchObject({
    maxConnections: 700,
    memory: { postgresql: 3072 * MEBIBYTE, redis: 1024 * MEBIBYTE },
  });
});

test("each node's Harbor is told where they are", () => {
  const environment = harborEnvironment();
  const places = placesOf(environment);
  if (places === undefined) throw new Error("no data services");
  for (const release of harborReleases(environment)) {
    const { external_database, external_redis } = parse(fileAt(release, HARBOR_PATHS.config).content);
    const { database, redis } = dataAddresses(places, release.node);
    expect(external_database.harbor).toMatchObject({ host: database.host, port: database.port });
    expect(external_redis.host.split(",")).toEqual(redis.sentinels);
  }
});

test.each([
  ["another engine", exampleEnvironment()],
  [
    "services elsewhere",
    harborEnvironment({
      database: { kind: "given", host: "db.example.com" },
      redis: { kind: "given", addresses: ["10.20.0.30:6379"] },
    }),
  ],
])("%s leaves the nodes without", (_, environment) => {
  expect(placesOf(environment)).toBeUndefined();
});
