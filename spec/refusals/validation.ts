import type { Environment } from "../environment.js";
import { refusalOfEach } from "../refusal.js";
import type { Registry } from "../registry.js";

type List = "allowUrls" | "denyUrls";

/** What Go's regular expressions lack, and what they would answer. */
const MISSING_IN_GO: readonly { readonly found: RegExp; readonly name: string }[] = [
  { found: /\(\?<?[=!]/, name: "a look-ahead or look-behind" },
  { found: /\\([1-7](?![0-7])|[89])/, name: "a back-reference" },
  { found: /\\([ceghijklmouyCEGHIJKLMNORTUVXYZ]|\P{ASCII})/u, name: "an escape that Go does not know" },
  { found: /\{(\d+,)?(100[1-9]|10[1-9]\d|1[1-9]\d\d|[2-9]\d{3}|\d{5,})(,\d*)?\}/, name: "a repetition over 1000" },
];

/** Why Go would not compile a pattern, undefined if it probably would. */
export function goRefuses(pattern: string): string | undefined {
  const plain = pattern.replace(/\\Q.*?(\\E|$)/g, "q").replace(/\\[!-/:-@[-`{-~]/g, "p");
  const missing = MISSING_IN_GO.find(({ found }) => found.test(plain));
  if (missing !== undefined) return missing.name;
  try {
    new RegExp(asJavaScript(plain));
    return undefined;
  } catch {
    return "a bracket, a range or a repetition that does not fit together";
  }
}

/** Spellings that only Go knows, in JavaScript's: flags, names of groups and of classes, a bracket that is the first of its class. */
function asJavaScript(pattern: string): string {
  return pattern
    .replace(/\(\?[imsU-]+\)/g, "")
    .replace(/\(\?[imsU-]+:/g, "(?:")
    .replaceAll("(?P<", "(?<")
    .replace(/\[:\^?[a-z]+:\]/g, "x")
    .replace(/\[(\^?)\]/g, "[$1\\]");
}

const patternOf = (list: List) =>
  refusalOfEach(
    (environment) => everyPattern(environment, list),
    `validation/${list === "allowUrls" ? "allow" : "deny"}-pattern`,
    {
      when: ({ reason }) => reason !== undefined,
      field: `registry.validation.${list}[]`,
      says: ({ pattern, reason }) => `${pattern} has ${reason}`,
      because: "the registry reads these with Go's regular expressions, and does not start with one that they lack",
      instead: "a pattern of RE2: ^https://mirror\\.example\\.com/.*$",
      source: "distribution, configuration: validation.manifests.urls panics at the start; golang.org/s/re2syntax",
    },
  );

function everyPattern(environment: Environment, list: List) {
  const { validation }: Registry = environment.registry;
  return validation[list].map((pattern, index) => ({ at: [index], pattern, reason: goRefuses(pattern) }));
}

/** Refusals that concern which manifests are accepted. */
export const validationRefusals = [patternOf("allowUrls"), patternOf("denyUrls")];
