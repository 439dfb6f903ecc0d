import { describe, expect, test } from "vitest";
import { goRefuses } from "../../spec/refusals/validation.js";
import { refusals } from "../../spec/refusals.js";
import { fileText } from "../arbitrary/environment.js";
import { host, hosts, local } from "./environments.js";
import { problemsOf } from "./problems.js";
import { refusalCases } from "./refusal-cases.js";

describe.each(refusalCases)("$code", ({ code, refused, field, allowed, also }) => {
  test("is refused at its field, with a place, a reason and its source", () => {
    const problems = problemsOf(fileText(refused));
    const others = problems.filter((problem) => problem.code !== code);
    expect(others.map((problem) => problem.code)).toEqual(also === undefined ? [] : [also]);
    const [problem] = problems.filter((one) => one.code === code);
    expect(problem).toMatchObject({ field, location: { file: "environments/prod.yaml" } });
    expect(problem?.source).not.toBe("");
    expect(problem?.says).toMatch(/[^.]$/);
    expect(problem?.instead).not.toBe("");
  });

  test("the nearest thing that works is not", () => {
    expect(problemsOf(fileText(allowed))).toEqual([]);
  });
});

test("every refusal has a case", () => {
  expect(refusalCases.map(({ code }) => code).sort()).toEqual(refusals.map(({ code }) => code).sort());
});

test("every refusal has a code of its own", () => {
  expect(new Set(refusals.map(({ code }) => code)).size).toBe(refusals.length);
});

test("a port that SSH listens on is refused, but not the port of a forwarding address", () => {
  const ports = { https: 2222 };
  const direct = hosts({ hosts: [host(1, { port: 2222 })] }, { ports });
  const forwarded = hosts({ hosts: [host(1, { port: 2222, privateAddress: "10.0.0.1" })] }, { ports });
  expect(problemsOf(fileText(direct)).map(({ code }) => code)).toEqual(["ports/taken-twice"]);
  expect(problemsOf(fileText(forwarded))).toEqual([]);
});

test("two nodes are fine: no node asks a majority", () => {
  expect(problemsOf(fileText(local({}, { nodes: { count: 2 } })))).toEqual([]);
});

test("folders of the system are no place for images", () => {
  for (const directory of [
    "/etc/registry",
    "/registry",
    "/var/lib",
    "/var/lib/docker/x",
    "/opt/harborwright/data",
    "/srv/.",
  ]) {
    const problems = problemsOf(fileText(hosts({ hosts: [host(1)] }, { storage: { kind: "filesystem", directory } })));
    expect(
      problems.map(({ code }) => code),
      directory,
    ).toEqual(["storage/directory-of-the-system"]);
  }
});

test.each([
  ["^https://[a-z.]+/.*$", undefined],
  ["(?i)HTTPS://(?P<host>[[:alpha:]]+)", undefined],
  ["[]a]", undefined],
  ["\\pL+\\Q.\\E", undefined],
  ["a{1000}", undefined],
  ["(?=a)", "a look-ahead or look-behind"],
  ["(?<!a)b", "a look-ahead or look-behind"],
  ["(a)\\1", "a back-reference"],
  ["a{1001}", "a repetition over 1000"],
  ["a++", "a bracket, a range or a repetition that does not fit together"],
  ["(?>a)", "a bracket, a range or a repetition that does not fit together"],
  ["\\101\\(?=", undefined],
  ["\\u00e9", "an escape that Go does not know"],
  ["(a", "a bracket, a range or a repetition that does not fit together"],
  ["[[:alpha:]", "a bracket, a range or a repetition that does not fit together"],
  ["[]", "a bracket, a range or a repetition that does not fit together"],
  ["*", "a bracket, a range or a repetition that does not fit together"],
])("Go reads %s as we say", (pattern, reason) => {
  expect(goRefuses(pattern)).toBe(reason);
});
