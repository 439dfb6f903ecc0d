import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type DataFacts, newDataFacts, parseDataFacts } from "../../dataservices/facts.js";
import { SERVICES } from "../../dataservices/places.js";
import { planDataNode, planNewDataNode } from "../../dataservices/plan.js";
import type { DataFile, DataRelease } from "../../release/data-context.js";
import { DATA_FILES, DATA_PATHS } from "../../release/data-layout.js";
import { renderDataServices } from "../../release/data-services.js";
import { sha256 } from "../../release/digest.js";
import { Secret } from "../../spec/secret.js";
import { dataContext } from "../release/data-example.js";

function releaseOf(changes: Parameters<typeof dataContext>[1] = {}): DataRelease {
  const [release] = renderDataServices(dataContext(3, changes));
  if (release === undefined) throw new Error("no release");
  return release;
}

/** What a host prints that has taken up a release, as far as these files are there. */
function factsOf(had: DataRelease, wanted = had, files: readonly DataFile[] = had.files): DataFacts {
  const lines = [
    ...files.map(({ path, content, mode }) => `file ${sha256(content)} ${mode.toString(8)} ${path}`),
    ...Object.entries(had.units).map(([unit, digest]) => `mark ${unit} ${digest}`),
    ...Object.values(SERVICES).map((unit) => `active ${unit}`),
  ];
  return parseDataFacts(lines.join("\n"), wanted.files);
}

describe("the plan of a node's data services", () => {
  test("is empty where all is as it shall be", () => {
    const release = releaseOf();
    expect(planDataNode(release, factsOf(release))).toEqual({ node: "node-1", files: [], actions: [] });
  });

  test("of a new host is all its files, the packages, and a start", () => {
    const release = releaseOf();
    const { files, actions } = planNewDataNode(release);
    expect(files.map(({ path, change }) => [path, change])).toEqual(release.files.map(({ path }) => [path, "add"]));
    expect(actions.map((action) => action.split(" ")[0])).toEqual(["install", "start"]);
    expect(newDataFacts(release).active.size).toBe(0);
  });

  test("of another password of Redis names the files that hold it, and who restarts", () => {
    const { secrets } = dataContext();
    const wanted = releaseOf({ secrets: { ...secrets, redisPassword: new Secret("another-password") } });
    expect(planDataNode(wanted, factsOf(releaseOf(), wanted))).toEqual({
      node: "node-1",
      files: [
        { path: DATA_PATHS.redisConfig, change: "change", sensitive: true },
        { path: DATA_PATHS.sentinelConfig, change: "change", sensitive: true },
      ],
      actions: ["restart Redis, after its place as primary is handed over", "restart Sentinel"],
    });
  });

  test("of another certificate reloads and restarts nothing", () => {
    const context = dataContext();
    const certificate = { certificate: "a new one\n", key: new Secret("a new key") };
    const wanted = releaseOf({ certificates: { ...context.certificates, "node-1": certificate } });
    expect(planDataNode(wanted, factsOf(releaseOf(), wanted)).actions).toEqual(["reload PostgreSQL"]);
  });

  test("of another number of connections says that PostgreSQL may restart", () => {
    const context = dataContext();
    const wanted = releaseOf({ settings: { ...context.settings, maxConnections: 500 } });
    expect(planDataNode(wanted, factsOf(releaseOf(), wanted)).actions).toContain(
      "restart PostgreSQL if a setting needs it, the primary last",
    );
  });

  test("names every file that is missing or was edited, whichever it is, and nothing else", () => {
    const release = releaseOf();
    fc.assert(
      fc.property(fc.subarray([...release.files]), fc.subarray([...release.files]), (there, edited) => {
        const bent = there.map((file) => (edited.includes(file) ? { ...file, content: "edited" } : file));
        const { files } = planDataNode(release, factsOf(release, release, bent));
        const missing = release.files.filter((file) => !there.includes(file)).map(({ path }) => `add ${path}`);
        const changed = there.filter((file) => edited.includes(file)).map(({ path }) => `change ${path}`);
        expect(files.map(({ path, change }) => `${change} ${path}`).sort()).toEqual([...missing, ...changed].sort());
      }),
      { numRuns: 30 },
    );
  });

  test("a program that was stopped is started", () => {
    const release = releaseOf();
    const facts = factsOf(release);
    const active = new Set([...facts.active].filter((unit) => unit !== SERVICES.redis));
    expect(planDataNode(release, { ...facts, active }).actions).toEqual(["start Redis"]);
  });
});

test("what is taken away with the data services is every file that was brought", () => {
  expect(releaseOf().files.map(({ path }) => path)).toEqual([...DATA_FILES].sort());
});
