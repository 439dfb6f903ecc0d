import { expect, test } from "vitest";
import { problemsOf } from "./problems.js";

/** What is wrong with a text, as "line:column code". */
function found(text: string): string[] {
  return problemsOf(text).map(({ location, code }) => `${location?.line}:${location?.column} ${code}`);
}

test.each([
  ["nothing", "", "1:1 yaml/empty"],
  ["only comments", "# soon\n", "1:1 yaml/empty"],
  ["an explicit null", "---\nnull\n", "1:1 yaml/empty"],
  ["a key twice", "environment: a\nenvironment: b\n", "2:1 yaml/duplicate-key"],
  ["a tab as indentation", "registry:\n\thostname: a\n", "2:1 yaml/tab"],
  ["a second document", "environment: a\n---\nenvironment: b\n", "2:1 yaml/several-documents"],
  ["an alias of nothing", "environment: *name\n", "1:14 yaml/alias"],
  ["an anchor", "environment: &name a\n", "1:20 yaml/alias"],
  ["a tag", "environment: !!str a\n", "1:20 yaml/tag"],
  ["an unknown tag", "environment: !secret a\n", "1:14 yaml/tag"],
  ["a directive", "%YAML 1.1\n---\nenvironment: yes\n", "1:1 yaml/directive"],
  ["a mapping as a key", "? { a: 1 }\n: 2\n", "1:3 yaml/key"],
  ["two keys on a line", "environment: a: b\n", "1:14 yaml/syntax"],
  ["a quote that is never closed", "environment: 'a\n", "2:1 yaml/syntax"],
  ["a reserved sign", "environment: @a\n", "1:14 yaml/syntax"],
  ["a bracket that is never closed", "sites: [a, b\n", "2:1 yaml/syntax"],
])("%s is a problem with a place", (_name, text, problem) => {
  expect(found(text)).toEqual([problem]);
});

test("a thousand million laughs are not laughed", () => {
  const lines = [
    "a: &a [lol, lol]",
    ..."bcdefghij".split("").map((key, index) => `${key}: &${key} [*${"abcdefghi"[index]}, *${"abcdefghi"[index]}]`),
  ];
  expect(new Set(problemsOf(lines.join("\n")).map(({ code }) => code))).toEqual(new Set(["yaml/alias"]));
});

test("brackets, dashes and question marks that nest without end are refused before they are read", () => {
  for (const nested of ["[", "{a: ", "- ", "? "])
    expect(found(nested.repeat(60_000 / nested.length)), nested).toEqual(["1:1 yaml/too-deep"]);
});

test("a file that is no environment file by its length is not read", () => {
  expect(found(`environment: ${"a".repeat(300_000)}\n`)).toEqual(["1:1 yaml/too-long"]);
});

test("a duplicate key is named", () => {
  expect(problemsOf("registry: 1\nregistry: 2\n")[0]?.says).toBe("registry stands here a second time");
});

test("a mark of the byte order and ends of lines of Windows move no place", () => {
  const text = "\ufeffenvironment: prod\r\nregistry:\r\n  hostname: registry.example.com\r\n  delete: 1\r\n";
  expect(problemsOf(text).map(({ location, field }) => `${location?.line}:${location?.column} ${field}`)).toEqual([
    "1:1 sites",
    "4:11 registry.delete",
  ]);
});
