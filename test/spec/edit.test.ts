import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { type Edit, resizeTo, scaleTo, upgradeTo } from "../../spec/edit.js";
import { parseEnvironment } from "../../spec/parse.js";
import { Problem, Problems } from "../../spec/problem.js";
import { fileText } from "../arbitrary/environment.js";
import { aws, hosts, local } from "./environments.js";

vi.setConfig({ testTimeout: 60_000 });

const FILE = "prod.yaml";
const WRITTEN = `# of the platform team
environment: prod
registry:
  hostname: registry.example.com # as in the contract

sites:
  - name: frankfurt
    provider: aws
    region: eu-central-1
    zones: [eu-central-1a, eu-central-1b, eu-central-1c] # never reorder
    # three survive a dead node
    nodes: { count: 3, size: c7i.xlarge, sizes: { node-3: c7i.large } }
    network:
      operators: [203.0.113.0/24]
      clients: ["0.0.0.0/0"]
`;

function codeOf(edit: Edit, text: string): string | undefined {
  try {
    edit(text, FILE);
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error.details.code;
    if (error instanceof Problems) return error.problems[0]?.code;
    throw error;
  }
}

/** The lines of one text that the other has not. */
function changedLines(before: string, after: string): string[] {
  const known = new Set(before.split("\n"));
  return after.split("\n").filter((line) => !known.has(line));
}

test("an edit changes one line and leaves comments, blank lines and quotes", () => {
  expect(changedLines(WRITTEN, scaleTo(4)(WRITTEN, FILE))).toEqual([
    "    nodes: { count: 4, size: c7i.xlarge, sizes: { node-3: c7i.large } }",
  ]);
  expect(changedLines(WRITTEN, resizeTo("c7i.2xlarge")(WRITTEN, FILE))).toEqual([
    "    nodes: { count: 3, size: c7i.2xlarge, sizes: { node-3: c7i.large } }",
  ]);
  expect(changedLines(WRITTEN, resizeTo("c7i.2xlarge", "node-2")(WRITTEN, FILE))).toEqual([
    "    nodes: { count: 3, size: c7i.xlarge, sizes: { node-3: c7i.large, node-2: c7i.2xlarge } }",
  ]);
});

test("a node that gets the size of all has no size of its own any more", () => {
  expect(changedLines(WRITTEN, resizeTo("c7i.xlarge", "node-3")(WRITTEN, FILE))).toEqual([
    "    nodes: { count: 3, size: c7i.xlarge }",
  ]);
});

test("with a node its size goes", () => {
  expect(changedLines(WRITTEN, scaleTo(2)(WRITTEN, FILE))).toEqual(["    nodes: { count: 2, size: c7i.xlarge }"]);
});

test("a file that says nothing of its nodes gets what is needed", () => {
  const edited = parseEnvironment(resizeTo("c7i.large", "node-1")(scaleTo(5)(fileText(aws()), FILE), FILE), FILE);
  expect(edited.sites[0]).toMatchObject({ nodes: { count: 5, size: "c7i.xlarge", sizes: { "node-1": "c7i.large" } } });
});

test("an edit whose result is refused is not made", () => {
  expect(codeOf(resizeTo("t3.micro"), WRITTEN)).toBe("nodes/size-too-small");
  expect(codeOf(resizeTo("c7i.large", "node-7"), WRITTEN)).toBe("nodes/size-of-unknown-node");
  expect(codeOf(scaleTo(0), WRITTEN)).toMatch(/^schema\//);
});

test("what no count or size makes says what does", () => {
  expect(codeOf(scaleTo(4), fileText(hosts()))).toBe("edit/no-count");
  expect(codeOf(resizeTo("c7i.large"), fileText(local()))).toBe("edit/no-size");
});

test("scaling there and back gives the file as it was", () => {
  fc.assert(
    fc.property(fc.integer({ min: 3, max: 9 }), (count) => {
      expect(scaleTo(3)(scaleTo(count)(WRITTEN, FILE), FILE)).toBe(WRITTEN);
    }),
    { numRuns: 20 },
  );
});

const HARBOR = `environment: prod
registry:
  engine: harbor
  version: "2.14" # until spring
  hostname: registry.example.com
  storage: { kind: s3, bucket: images, region: eu-central-1 }
harbor:
  release:
    sha256: ${"a".repeat(64)} # of the first of May
sites:
  - name: here
    provider: local
`;

test("an upgrade changes the version and what is told of the release, and keeps the comments", () => {
  const text = HARBOR;
  expect(changedLines(text, upgradeTo("2.15", { sha256: "b".repeat(64) })(text, FILE))).toEqual([
    '  version: "2.15" # until spring',
    `    sha256: ${"b".repeat(64)} # of the first of May`,
  ]);
  const bundled = upgradeTo("2.15", { file: "harbor-offline-installer-v2.15.2.tgz" })(text, FILE);
  expect(parseEnvironment(bundled, FILE)).toMatchObject({
    registry: { version: "2.15" },
    harbor: { release: { from: "bundle", file: "harbor-offline-installer-v2.15.2.tgz" } },
  });
});

test("a release is not taken for another one's bytes", () => {
  expect(codeOf(upgradeTo("2.15"), HARBOR)).toBe("edit/no-release");
});

test("an upgrade that is in the file already changes nothing", () => {
  expect(upgradeTo("3.1")(`${WRITTEN}`, FILE)).toContain('version: "3.1"');
  const text = HARBOR;
  expect(upgradeTo("2.14")(text, FILE)).toBe(text);
});
