import { expect, test } from "vitest";
import { parseEnvironment } from "../../spec/parse.js";
import { FILE, problemsOf } from "./problems.js";

const FIRST = `environment: prod
registry:
  hostname: registry.example.com
sites:
  - name: here
    provider: local
`;

/** The first environment with one text in place of another. */
function withChange(from: string, to: string): string {
  expect(FIRST).toContain(from);
  return FIRST.replace(from, to);
}

/** The only problem of a file, as "line:column field code". */
function placed(text: string): string[] {
  return problemsOf(text).map(({ location, field, code }) => `${location?.line}:${location?.column} ${field} ${code}`);
}

test("six lines are an environment of three nodes with all defaults", () => {
  const environment = parseEnvironment(FIRST, FILE);
  expect(environment.sites[0]).toMatchObject({
    nodes: { count: 3, memory: "2GiB" },
    network: { cidr: "198.18.0.0/24" },
  });
  expect(environment.registry).toMatchObject({ version: "3.1", storage: { kind: "managed" }, ports: { https: 443 } });
});

test("the key that nobody knows is pointed at, and the one that was meant is named", () => {
  const text = withChange("hostname:", "hostnam:");
  expect(placed(text)).toEqual(["2:1 registry.hostname schema/missing", "3:3 registry.hostnam schema/unknown-key"]);
  expect(problemsOf(text)[1]).toMatchObject({
    says: '"hostnam" is not a key of registry',
    instead: expect.stringMatching(/^did you mean hostname\? allowed: engine, version, hostname, /),
  });
});

test("a key with nothing near it gets the list of all, and no guess", () => {
  const [problem] = problemsOf(`${FIRST}bananas: 3\n`);
  expect(problem?.instead).toBe(
    "allowed: environment, registry, harbor, front, limits, hosts, secrets, infrastructure, sites",
  );
});

test("a key of another kind says to which kind it belongs", () => {
  const [problem] = problemsOf(`${FIRST}    certificate: { from: own-ca, key: server.key }\n`);
  expect(problem).toMatchObject({ field: "sites[0].certificate.key", location: { line: 7, column: 34 } });
  expect(problem?.instead).toBe("it belongs to from: file; allowed: from, validity");
});

test("a value that is too large points to the value and names what is allowed", () => {
  const text = `${FIRST}    nodes:\n      count: 12\n`;
  expect(problemsOf(text)).toEqual([
    {
      code: "schema/out-of-range",
      says: "count is 12",
      instead: "a whole number from 1 to 9 is needed",
      field: "sites[0].nodes.count",
      location: { file: FILE, line: 8, column: 14 },
    },
  ]);
});

test("numbers that JavaScript cannot hold are shown as they were written", () => {
  for (const number of ["99999999999999999999", "1e999", ".inf", "-3", "2.5"]) {
    const [problem] = problemsOf(`${FIRST}    nodes: { count: ${number} }\n`);
    expect(problem?.says, number).toBe(`count is ${number}`);
    expect(problem?.location, number).toMatchObject({ line: 7, column: 21 });
  }
});

test("a version without quotes is a number, and the quotes are shown", () => {
  const [problem] = problemsOf(withChange("registry:\n", "registry:\n  version: 3.1\n"));
  expect(problem).toMatchObject({ code: "schema/not-allowed", field: "registry.version" });
  expect(problem?.instead).toBe('write it in quotes: "3.1"; allowed: 3.1, 2.8');
});

test("a misspelt kind lists the kinds that there are", () => {
  const [problem] = problemsOf(withChange("sites:", "  storage: { kind: s4 }\nsites:"));
  expect(problem).toMatchObject({ field: "registry.storage.kind", location: { line: 4, column: 20 } });
  expect(problem?.instead).toBe("did you mean s3? allowed: managed, s3, oss, azure, filesystem, swift");
});

test("a union without its kind says that the kind is missing", () => {
  expect(placed(withChange("sites:", "  storage: { bucket: images }\nsites:"))).toEqual([
    "4:3 registry.storage.kind schema/missing",
  ]);
});

test("a version that nobody knows is told those of its engine", () => {
  const [problem] = problemsOf(withChange("sites:", '  engine: harbor\n  version: "2.5"\nsites:'));
  expect(problem).toMatchObject({ code: "schema/not-allowed", location: { line: 5, column: 12 } });
  expect(problem?.instead).toBe("did you mean 2.15? allowed: 2.15, 2.14, 2.13");
});

test("a file that names no version gets the newest of its engine", () => {
  const harbor = parseEnvironment(
    withChange("sites:", "  engine: harbor\nharbor: { release: { from: bundle, file: harbor.tgz } }\nsites:"),
    FILE,
  );
  expect(harbor.registry.version).toBe("2.15");
  expect(parseEnvironment(FIRST, FILE).registry.version).toBe("3.1");
});

test("a length of time without a unit is told how to write one", () => {
  const [problem] = problemsOf(`${FIRST}front: { readTimeout: "30" }\n`);
  expect(problem).toMatchObject({
    code: "schema/malformed",
    says: 'readTimeout is "30"',
    location: { line: 7, column: 23 },
  });
  expect(problem?.instead).toBe("a duration is a whole number and a unit: 500ms, 30s, 5m, 12h, 7d");
});

test("a key without a value is pointed at", () => {
  expect(placed(withChange("registry.example.com", ""))).toEqual(["3:3 registry.hostname schema/missing"]);
});

test("a list where a mapping is needed, and an empty list", () => {
  expect(placed("- a\n")).toEqual(["1:1  schema/wrong-type"]);
  const [problem] = problemsOf("environment: prod\nregistry: { hostname: r.example.com }\nsites: []\n");
  expect(problem).toMatchObject({ says: "sites is an empty list", instead: "a list of 1 to 16 entries is needed" });
});

test("all problems of a file are told at once, from top to bottom", () => {
  const text = "environment: Prod\nregistry: { hostname: HTTP://x }\nsites:\n  - { name: 1, provider: locl }\n";
  expect(placed(text)).toEqual([
    "1:14 environment environment/name-differs",
    "1:14 environment schema/malformed",
    "2:23 registry.hostname schema/malformed",
    "4:26 sites[0].provider schema/not-allowed",
  ]);
});

test("the name in the file is the name of the file", () => {
  expect(problemsOf(FIRST, "other/prod.yml")).toEqual([]);
  expect(problemsOf(FIRST, "environments/staging.yaml")).toEqual([
    {
      code: "environment/name-differs",
      field: "environment",
      says: 'this environment is called "prod", and its file "staging"',
      instead: "environment: staging, or call the file prod.yaml",
      location: { file: "environments/staging.yaml", line: 1, column: 14 },
    },
  ]);
});

test("the names of an object's own members are no keys", () => {
  expect(placed(`${FIRST}__proto__: 1\nconstructor: 2\ntoString: 3\n`)).toEqual([
    "7:1 __proto__ schema/unknown-key",
    "8:1 constructor schema/unknown-key",
    "9:1 toString schema/unknown-key",
  ]);
});

test("a URL with a line break, a blank, a quote or a password in it is refused", () => {
  for (const url of [
    "https://a.example.com/x\\ny",
    "https://a.example.com/ x",
    'https://a.example.com/\\"x',
    "https://u:p@a.example.com",
  ]) {
    const text = withChange("sites:", `  mirror: { upstream: "${url}" }\nsites:`);
    expect(placed(text), url).toEqual(["4:23 registry.mirror.upstream schema/malformed"]);
  }
});

test("a line of text holds no control character and no half of a surrogate pair", () => {
  for (const text of ["a\\nb", "\\0", "\\x85", "\\u2028", "\\uD800", ""]) {
    const file = withChange("sites:", `  clientCertificates: { ca: "${text}" }\nsites:`);
    expect(placed(file), text).toHaveLength(1);
  }
});
