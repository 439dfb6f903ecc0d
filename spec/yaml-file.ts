import { Composer, type CST, type Document, isMap, isNode, isScalar, LineCounter, Parser } from "yaml";
import type { FieldPath } from "./field.js";
import { type Location, type ProblemDetails, Problems } from "./problem.js";
import { directive, strangeParts, syntaxProblem } from "./yaml-problem.js";

/** Characters an environment file may have. The longest anybody needs is a hundredth of it. */
const MOST_CHARACTERS = 256 * 1024;
/** Levels of nesting. Ours are eight; composing thousands of them exhausts the stack. */
const MOST_LEVELS = 32;

/** What a YAML file says, and where it says it. */
export interface YamlFile {
  readonly value: unknown;
  /** Where a field's value stands; if it is a mapping, a list or empty, its key; if it is absent, the nearest thing around it. */
  locate(path: FieldPath): Location;
  /** Where a key of the mapping at this path stands. */
  locateKey(path: FieldPath, key: string): Location;
  /** A scalar as it is written in the file: `3.10`, not 3.1. */
  written(path: FieldPath): string | undefined;
}

/**
 * Reads one YAML document.
 * @throws Problems `yaml/…`, each with its place
 */
export function readYaml(text: string, file: string): YamlFile {
  const lines = new LineCounter();
  const locationAt = (offset: number): Location => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const refuse = (...found: readonly { offset: number; problem: ProblemDetails }[]): never => {
    throw new Problems(found.map(({ offset, problem }) => ({ ...problem, location: locationAt(offset) })));
  };

  const source = text.startsWith("\ufeff") ? text.slice(1) : text;
  if (source.length > MOST_CHARACTERS) refuse({ offset: 0, problem: tooLong(source.length) });
  const tokens = [...new Parser(lines.addNewLine).parse(source)];
  if (tokens.some((token) => levels(token) > MOST_LEVELS)) refuse({ offset: 0, problem: TOO_DEEP });

  for (const token of tokens) {
    if (token.type === "directive") refuse({ offset: token.offset, problem: directive(token.source) });
  }
  const documents = [...new Composer({ stringKeys: true, logLevel: "silent" }).compose(tokens, false, source.length)];
  const [document, second] = documents;
  const syntax = documents.flatMap(({ errors, warnings }) => [...errors, ...warnings]);
  if (syntax.length > 0)
    refuse(
      ...firstOfEachLine(
        syntax.map((error) => syntaxProblem(error, source)),
        lines,
      ),
    );
  if (second !== undefined) refuse({ offset: second.range[0], problem: SEVERAL });
  if (document === undefined || document.contents === null || isNothing(document.contents)) {
    throw new Problems([{ ...EMPTY, location: locationAt(0) }]);
  }
  const strange = strangeParts(document);
  if (strange.length > 0) refuse(...strange);

  return {
    value: document.toJS(),
    locate: (path) => locationAt(offsetOf(document, path)),
    locateKey: (path, key) => locationAt(keyOffset(document.getIn(path, true), key) ?? offsetOf(document, path)),
    written: (path) => {
      const node = document.getIn(path, true);
      return isScalar(node) ? node.source : undefined;
    },
  };
}

/** How deep a token nests. It asks a list of its own, not the stack, which a hostile file would exhaust. */
function levels(token: CST.Token): number {
  let deepest = 0;
  const open: [CST.Token, number][] = [[token, 1]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [current, level] = next;
    deepest = Math.max(deepest, level);
    if (deepest > MOST_LEVELS) return deepest;
    if (current.type === "document" && current.value) open.push([current.value, level]);
    if (!("items" in current)) continue;
    for (const { key, value } of current.items) {
      if (key) open.push([key, level + 1]);
      if (value) open.push([value, level + 1]);
    }
  }
  return deepest;
}

/** One forgotten quote makes a dozen errors; the first of a line is the one that helps. */
function firstOfEachLine<Found extends { offset: number }>(found: readonly Found[], lines: LineCounter): Found[] {
  const seen = new Set<number>();
  return found.filter(({ offset }) => {
    const { line } = lines.linePos(offset);
    return !seen.has(line) && seen.add(line);
  });
}

/** Where the value at a path begins: a scalar itself, the key of anything larger, or what is nearest to what is absent. */
function offsetOf(document: Document, path: FieldPath): number {
  let offset = document.contents?.range?.[0] ?? 0;
  for (const [level, step] of path.entries()) {
    const key = keyOffset(document.getIn(path.slice(0, level), true), String(step));
    const found = document.getIn(path.slice(0, level + 1), true);
    const begin = isNode(found) ? found.range?.[0] : undefined;
    if (begin === undefined && key === undefined) return offset;
    offset = (isScalar(found) && found.value !== null ? begin : key) ?? key ?? begin ?? offset;
  }
  return offset;
}

function keyOffset(node: unknown, key: string): number | undefined {
  if (!isMap(node)) return undefined;
  const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
  return isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
}

/** A file with nothing but comments, or with an explicit null. */
function isNothing(node: unknown): boolean {
  return isScalar(node) && node.value === null;
}

function tooLong(length: number): ProblemDetails {
  return {
    code: "yaml/too-long",
    says: `this file has ${length} characters`,
    instead: `an environment file has ${MOST_CHARACTERS} at most; is it another file?`,
  };
}

const TOO_DEEP: ProblemDetails = {
  code: "yaml/too-deep",
  says: `this file nests more than ${MOST_LEVELS} levels`,
  instead: "an environment file needs eight; is a bracket never closed?",
};

const SEVERAL: ProblemDetails = {
  code: "yaml/several-documents",
  says: "a second document begins here, after a line '---' or '...'",
  instead: "one file describes one environment: put the second into a file of its own",
};

const EMPTY: ProblemDetails = {
  code: "yaml/empty",
  says: "this file is empty",
  instead: "`harborwright init` writes one; environment, registry and sites are needed at the least",
};
