import fc from "fast-check";
import { expect, test } from "vitest";
import { ACTIONS } from "../../cluster/actions.js";
import { isEmpty, type Plan, planCluster, planWanted } from "../../cluster/plan.js";
import type { Release } from "../../release/release.js";
import { exampleRelease, exampleWanted, type Settings } from "./example-releases.js";
import { digestsOf, ModelHost } from "./model-host.js";

const ORDER: readonly string[] = ACTIONS;

const settings: fc.Arbitrary<Partial<Settings>> = fc.record(
  {
    registry: fc.constantFrom("level: info", "level: warn", "level: debug"),
    front: fc.constantFrom("keepalive 16;", "keepalive 64;"),
    certificate: fc.constantFrom("certificate one", "certificate two"),
    floating: fc.constantFrom("advert_int 0.25", "advert_int 1"),
    passwords: fc.constantFrom("operator:hash", "operator:other"),
    frontMemory: fc.constantFrom(512, 1024),
    extra: fc.boolean(),
  },
  { requiredKeys: [] },
);

/** An attempt that stops after some moves, and whether the machine then reboots. */
const attempts = fc.array(fc.record({ settings, moves: fc.nat({ max: 40 }), reboot: fc.boolean() }), { maxLength: 5 });

function planFor(host: ModelHost, release: Release): Plan {
  return planWanted("example", [exampleWanted(release)], { hosts: [host.facts], unreachable: [] });
}

function attempt(host: ModelHost, release: Release, moves?: number): void {
  const [plan] = planFor(host, release).hosts;
  if (plan !== undefined) host.carryOut(plan, exampleWanted(release), moves);
}

/** A host on which a release has been carried out. */
function settled(release: Release): ModelHost {
  const host = new ModelHost("node-1");
  attempt(host, release);
  return host;
}

function kinds(host: ModelHost, release: Release): string[] {
  return planFor(host, release).hosts.flatMap(({ actions }) => actions.map(({ kind }) => kind));
}

test("after a plan was carried out there is nothing to change", () => {
  fc.assert(
    fc.property(settings, settings, (before, after) => {
      const host = settled(exampleRelease(before));
      attempt(host, exampleRelease(after));
      expect(isEmpty(planFor(host, exampleRelease(after)))).toBe(true);
    }),
  );
}, 60_000);

test("whatever was interrupted before, in the end every program has read the files that lie there", () => {
  fc.assert(
    fc.property(attempts, settings, (history, last) => {
      const host = new ModelHost("node-1");
      for (const { settings: tried, moves, reboot } of history) {
        attempt(host, exampleRelease(tried), moves);
        if (reboot) host.reboot();
      }
      const release = exampleRelease(last);
      attempt(host, release);
      const wanted = exampleWanted(release);
      const states = new Map(wanted.files.map(({ path, state }) => [path, state]));
      expect(host.facts.files).toEqual(states);
      for (const unit of ["registry", "front", "floating-address"] as const) {
        expect(host.loaded[unit]).toBe(digestsOf(unit, wanted, states));
      }
      expect(isEmpty(planFor(host, release))).toBe(true);
    }),
    { numRuns: 300 },
  );
}, 60_000);

test("actions come in the order in which they are done", () => {
  fc.assert(
    fc.property(settings, settings, fc.nat({ max: 40 }), (before, after, moves) => {
      const host = new ModelHost("node-1");
      attempt(host, exampleRelease(before), moves);
      const places = kinds(host, exampleRelease(after)).map((kind) => ORDER.indexOf(kind));
      expect(places).toEqual([...places].sort((one, other) => one - other));
    }),
  );
});

test("a fresh host gets everything, and its clients wait for the node to be ready", () => {
  expect(kinds(new ModelHost("node-1"), exampleRelease())).toEqual([
    "install-runtime",
    "load-image",
    "load-image",
    "stage-release",
    "install-files",
    "apply-kernel-settings",
    "start-registry",
    "start-front",
    "enable-service",
    "start-floating-address",
    "record-release",
  ]);
});

const STAGED = ["stage-release", "install-files"];

test.each<[string, Partial<Settings>, string[]]>([
  ["a setting of the registry restarts the registry alone", { registry: "level: debug" }, ["restart-registry"]],
  ["another secret restarts the registry alone", { httpSecret: "TOP-SECRET-other" }, ["restart-registry"]],
  ["a setting of the front reloads the front alone", { front: "keepalive 64;" }, ["reload-front"]],
  ["another certificate reloads the front alone", { certificate: "certificate two" }, ["reload-front"]],
  ["other passwords are read by themselves", { passwords: "operator:other" }, []],
  ["another limit makes the front anew, and not the registry", { frontMemory: 1024 }, ["recreate-front"]],
  ["a setting of the floating address reaches it alone", { floating: "advert_int 1" }, ["restart-floating-address"]],
])("%s", (_name, changed, actions) => {
  expect(kinds(settled(exampleRelease()), exampleRelease(changed))).toEqual([...STAGED, ...actions, "record-release"]);
});

test("a file that no release wants any more is removed at last", () => {
  const host = settled(exampleRelease({ extra: true }));
  const [plan] = planFor(host, exampleRelease()).hosts;
  const removed = plan?.files.filter(({ change }) => change === "remove").map(({ path }) => path);
  expect(removed).toEqual(["/etc/harborwright/front/extra.conf"]);
  expect(plan?.actions.map(({ kind }) => kind).slice(-2)).toEqual(["remove-files", "record-release"]);
});

test("a container that was removed by hand is started again", () => {
  const host = settled(exampleRelease());
  host.facts.containers = {};
  expect(kinds(host, exampleRelease())).toEqual(["start-registry", "start-front"]);
});

test("an image that was removed by hand is loaded again before anything restarts", () => {
  const host = settled(exampleRelease());
  host.facts.images = new Set([`sha256:${"b".repeat(64)}`]);
  const actions = planFor(host, exampleRelease()).hosts.flatMap((plan) => plan.actions);
  expect(actions).toEqual([{ kind: "load-image", says: "load the image registry 3.1.1" }]);
});

test("a drain that an interrupted up has left is ended, one of an operator stays", () => {
  const host = settled(exampleRelease());
  host.facts.drained = { by: "up", registry: false };
  expect(kinds(host, exampleRelease())).toEqual(["end-drain"]);
  host.facts.drained = { by: "operator", registry: true };
  expect(kinds(host, exampleRelease())).toEqual([]);
});

test("a kernel setting that is better than asked for is left alone", () => {
  const host = settled(exampleRelease());
  host.facts.kernel = { "net.ipv4.ip_unprivileged_port_start": "0" };
  expect(kinds(host, exampleRelease())).toEqual([]);
  host.facts.kernel = { "net.ipv4.ip_unprivileged_port_start": "1024" };
  expect(kinds(host, exampleRelease())).toEqual(["apply-kernel-settings"]);
});

test.each([
  [undefined, true],
  ["2.23.3", true],
  ["v2.24.0", false],
  ["2.40.0", false],
  ["5.0.1", false],
])("compose plugin %s is brought: %s", (compose, brought) => {
  const host = settled(exampleRelease());
  host.facts.tools = { docker: "running", keepalived: true, curl: true, ...(compose === undefined ? {} : { compose }) };
  expect(kinds(host, exampleRelease()).includes("install-runtime")).toBe(brought);
});

test("a host that cannot be asked stands in the plan with the reason, and the plan is not empty", () => {
  const problem = { code: "ssh/refused", says: "node-2 refuses", instead: "start it" };
  const host = settled(exampleRelease());
  const plan = planCluster("example", [exampleRelease()], {
    hosts: [host.facts],
    unreachable: [{ node: "node-2", problem }],
  });
  expect(plan.unreachable).toEqual([
    { node: "node-2", code: "ssh/refused", says: "node-2 refuses", instead: "start it" },
  ]);
  expect(isEmpty(plan)).toBe(false);
});

test("a registry that restarts interrupts nobody as long as there is another node", () => {
  const changed = exampleRelease({ registry: "level: debug" });
  const host = settled(exampleRelease());
  const other = exampleRelease({}, "node-2");
  const both = planCluster("example", [changed, other], { hosts: [host.facts], unreachable: [] });
  expect(both.hosts[0]?.interruption).toBeUndefined();
  expect(planFor(host, changed).hosts[0]?.interruption).toContain("there is no other node");
});
