import { type Document, isAlias, visit, type YAMLError } from "yaml";
import type { ProblemDetails } from "./problem.js";

/** A problem and the place in the text where it begins. */
export interface FoundAt {
  readonly offset: number;
  readonly problem: ProblemDetails;
}

type Wording = Pick<ProblemDetails, "code" | "says" | "instead">;

const WORDINGS: Readonly<Partial<Record<YAMLError["code"], Wording>>> = {
  TAB_AS_INDENT: {
    code: "yaml/tab",
    says: "a tab stands where the line is indented",
    instead: "YAML is indented with blanks: two for each level",
  },
  BLOCK_AS_IMPLICIT_KEY: {
    code: "yaml/syntax",
    says: "a second ': ' stands on this line",
    instead: "put a value that has ': ' in it into quotes, or begin a new line for the next key",
  },
  BAD_SCALAR_START: {
    code: "yaml/syntax",
    says: "a value begins with a sign that YAML keeps for itself",
    instead: "put the value into quotes",
  },
  NON_STRING_KEY: {
    code: "yaml/key",
    says: "a key that is no text stands here",
    instead: "each key is one of the schema's words: `harborwright explain` lists them",
  },
};

/** What the YAML library found, in our words. */
export function syntaxProblem(error: YAMLError, source: string): FoundAt {
  const [offset, end] = error.pos;
  if (error.code === "DUPLICATE_KEY")
    return { offset, problem: duplicateKey(source.slice(offset).match(/^[^\s:]+/)?.[0]) };
  if (error.code === "TAG_RESOLVE_FAILED") return { offset, problem: tag(source.slice(offset, end)) };
  return { offset, problem: WORDINGS[error.code] ?? otherSyntax(error) };
}

function duplicateKey(key = "this key"): Wording {
  return {
    code: "yaml/duplicate-key",
    says: `${key} stands here a second time`,
    instead: "keep one of the two: which of them would count is not defined",
  };
}

function otherSyntax(error: YAMLError): Wording {
  const [first = "", ...rest] = error.message;
  return {
    code: "yaml/syntax",
    says: `this is not YAML: ${first.toLowerCase()}${rest.join("")}`,
    instead: "look at quotes, brackets and the indentation of this line and the one before",
  };
}

/** Anchors, aliases and tags: legal YAML, but a file with them does not say in its place what each field is. */
export function strangeParts(document: Document): FoundAt[] {
  const found: FoundAt[] = [];
  visit(document, {
    Node: (_key, node) => {
      const offset = node.range?.[0] ?? 0;
      if (isAlias(node)) found.push({ offset, problem: alias(`*${node.source}`) });
      else if (node.anchor !== undefined) found.push({ offset, problem: alias(`&${node.anchor}`) });
      else if (node.tag !== undefined) found.push({ offset, problem: tag(node.tag) });
    },
  });
  return found;
}

function alias(name: string): Wording {
  return {
    code: "yaml/alias",
    says: `${name} is an anchor or an alias`,
    instead: "write the value itself, here too: each field says in its own place what it is",
  };
}

function tag(name: string): Wording {
  return {
    code: "yaml/tag",
    says: `${name.trim()} is a tag`,
    instead: "leave it away; put a text into quotes instead",
  };
}

/** `%YAML 1.1` would change what yes, no and 010 mean. */
export function directive(text: string): Wording {
  return {
    code: "yaml/directive",
    says: `${text.trim()} is a directive`,
    instead: "leave it away: environment files are YAML 1.2",
  };
}
