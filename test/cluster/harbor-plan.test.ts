import fc from "fast-check";
import { expect, test } from "vitest";
import { isEmpty, type Plan, planWanted } from "../../cluster/plan.js";
import { exampleRelease, exampleWanted, type Settings } from "./example-releases.js";
import { digestsOf, ModelHost } from "./model-host.js";

const HARBOR: Partial<Settings> = { harbor: "2.15.2" };

function planFor(host: ModelHost, settings: Partial<Settings>): Plan {
  return planWanted("example", [exampleWanted(exampleRelease(settings))], { hosts: [host.facts], unreachable: [] });
}

function attempt(host: ModelHost, settings: Partial<Settings>, moves?: number): void {
  const [plan] = planFor(host, settings).hosts;
  if (plan !== undefined) host.carryOut(plan, exampleWanted(exampleRelease(settings)), moves);
}

function settled(settings: Partial<Settings>): ModelHost {
  const host = new ModelHost("node-1");
  attempt(host, settings);
  return host;
}

/** What a plan says of Harbor itself. */
function kinds(host: ModelHost, settings: Partial<Settings>): string[] {
  const ours = ["prepare-harbor", "migrate-database", "start-registry", "restart-registry"];
  return planFor(host, settings)
    .hosts.flatMap(({ actions }) => actions.map(({ kind }): string => kind))
    .filter((kind) => ours.includes(kind));
}

test("a new host has Harbor prepared, the data base brought to it, and then its containers started", () => {
  expect(kinds(new ModelHost("node-1"), HARBOR)).toEqual(["prepare-harbor", "migrate-database", "start-registry"]);
});

test("what was carried out leaves nothing to do", () => {
  expect(isEmpty(planFor(settled(HARBOR), HARBOR))).toBe(true);
});

test("another setting prepares and restarts Harbor and leaves the data base alone", () => {
  expect(kinds(settled(HARBOR), { ...HARBOR, registry: "level: debug" })).toEqual([
    "prepare-harbor",
    "restart-registry",
  ]);
});

test("another version brings the data base to it first", () => {
  expect(kinds(settled({ harbor: "2.14.4" }), HARBOR)).toEqual([
    "prepare-harbor",
    "migrate-database",
    "restart-registry",
  ]);
});

test("what concerns the front alone does not touch Harbor", () => {
  expect(kinds(settled(HARBOR), { ...HARBOR, front: "keepalive 64;" })).toEqual([]);
});

test.each(["harbor-jobservice", "nginx", "harbor-log"])("a %s that does not run is mended", (name) => {
  const host = settled(HARBOR);
  const containers = new Map(host.facts.harbor);
  const fact = containers.get(name);
  if (fact === undefined) throw new Error(`there is no ${name}`);
  containers.set(name, { ...fact, state: "exited" });
  host.facts.harbor = containers;
  expect(kinds(host, HARBOR)).toContain("restart-registry");
  containers.delete(name);
  expect(kinds(host, HARBOR)).toContain("restart-registry");
});

const settings = fc.record({
  harbor: fc.constantFrom("2.14.4", "2.15.2"),
  registry: fc.constantFrom("level: info", "level: debug"),
  front: fc.constantFrom("keepalive 16;", "keepalive 64;"),
});

test("whatever was interrupted before, in the end Harbor has read the files that lie there, and its containers are those of the release", () => {
  const attempts = fc.array(fc.record({ settings, moves: fc.nat({ max: 40 }), reboot: fc.boolean() }), {
    maxLength: 5,
  });
  fc.assert(
    fc.property(attempts, settings, (history, last) => {
      const host = new ModelHost("node-1");
      for (const { settings: tried, moves, reboot } of history) {
        attempt(host, tried, moves);
        if (reboot) host.reboot();
      }
      attempt(host, last);
      const wanted = exampleWanted(exampleRelease(last));
      const states = new Map(wanted.files.map(({ path, state }) => [path, state]));
      expect(host.loaded.registry).toBe(digestsOf("registry", wanted, states));
      const images = [...(host.facts.harbor ?? [])].map(([name, { image }]) => ({ name, image }));
      expect(images).toEqual(wanted.harbor?.containers);
      expect(isEmpty(planFor(host, last))).toBe(true);
    }),
    { numRuns: 300 },
  );
}, 60_000);
