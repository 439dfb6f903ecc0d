import fc from "fast-check";
import { expect, test } from "vitest";
import { fileChanges } from "../../cluster/file-changes.js";
import type { FileState } from "../../cluster/file-state.js";
import { planCluster } from "../../cluster/plan.js";
import { wantedRelease } from "../../cluster/wanted.js";
import type { Release } from "../../release/release.js";
import { environmentSchema } from "../../spec/environment.js";
import { hostileText, validEnvironments } from "../arbitrary/environment.js";
import { MARK, releasesOf, secretsOf } from "../release/example.js";
import { exampleRelease } from "./example-releases.js";
import { ModelHost } from "./model-host.js";

const CONFIG = "/etc/harborwright/registry/config.yml";
const FRONT = "/etc/harborwright/front/nginx.conf";

/** A host that runs a release, as facts tell it: with the texts that `factsScript` sends for what is not as wanted. */
function running(release: Release, edited: ReadonlyMap<string, string> = new Map()): ModelHost {
  const host = new ModelHost(release.node);
  const states = new Map(wantedRelease(release).files.map(({ path, state }) => [path, state]));
  host.facts.released = states;
  host.facts.files = new Map([...states].map(([path, state]) => [path, edited.has(path) ? unknown(state) : state]));
  host.facts.texts = new Map(release.files.map(({ path, masked }) => [path, edited.get(path) ?? masked]));
  return host;
}

function unknown(state: FileState): FileState {
  return { ...state, sha256: "0".repeat(64) };
}

function changes(host: ModelHost, release: Release) {
  return fileChanges(wantedRelease(release), host.facts);
}

test("a secret never reaches a plan, its diffs or its JSON", () => {
  fc.assert(
    fc.property(validEnvironments(), validEnvironments(), hostileText(), (before, after, ending) => {
      const [old] = releasesOf(environmentSchema.parse(before), secretsOf(environmentSchema.parse(before), "-old"));
      const environment = environmentSchema.parse(after);
      const [release] = releasesOf(environment, secretsOf(environment, ending));
      if (old === undefined || release === undefined) throw new Error("a site has a node");
      const host = running({ ...old, node: release.node });
      const plan = planCluster("example", [release], { hosts: [host.facts], unreachable: [] });
      expect(JSON.stringify(plan)).not.toContain(MARK);
    }),
    { numRuns: 20 },
  );
}, 60_000);

test("a diff shows the lines that change, and begins at the first hunk", () => {
  const [change] = changes(
    running(exampleRelease({ front: "keepalive 16;" })),
    exampleRelease({ front: "keepalive 64;" }),
  );
  expect(change).toMatchObject({ path: FRONT, change: "change", drifted: false, secretsChange: false });
  expect(change?.diff).toMatch(/^@@ /);
  expect(change?.diff).toContain("-keepalive 16;");
  expect(change?.diff).toContain("+keepalive 64;");
});

test("a file in which only a secret changes has an empty diff and says so", () => {
  const files = changes(running(exampleRelease()), exampleRelease({ httpSecret: "TOP-SECRET-other" }));
  expect(files.find(({ path }) => path === CONFIG)).toMatchObject({ diff: "", secretsChange: true, sensitive: true });
});

test("a file that was edited on the host is shown as it is there", () => {
  const host = running(exampleRelease(), new Map([[FRONT, "keepalive 1;"]]));
  const [change] = changes(host, exampleRelease());
  expect(change).toMatchObject({ path: FRONT, drifted: true });
  expect(change?.diff).toContain("-keepalive 1;");
});

test("of a sensitive file that was edited on the host nothing is shown: nobody knows which of it is secret", () => {
  const host = running(exampleRelease(), new Map([[CONFIG, "never sent"]]));
  const [change] = changes(host, exampleRelease());
  expect(change).toMatchObject({ path: CONFIG, drifted: true, secretsChange: false });
  expect(change?.diff).toBeUndefined();
});

test("a file whose rights alone differ is changed, with an empty diff", () => {
  const host = running(exampleRelease());
  const files = new Map(host.facts.files);
  const state = files.get(CONFIG);
  if (state === undefined) throw new Error("the example has a configuration");
  host.facts.files = files.set(CONFIG, { ...state, mode: "666" });
  expect(changes(host, exampleRelease())).toMatchObject([
    { path: CONFIG, change: "change", drifted: true, diff: "", secretsChange: false },
  ]);
});

test("a file that was removed from the host is added again, and counts as edited there", () => {
  const host = running(exampleRelease());
  host.facts.files = new Map([...host.facts.files].filter(([path]) => path !== FRONT));
  expect(changes(host, exampleRelease())).toMatchObject([{ path: FRONT, change: "add", drifted: true }]);
});
