import type { z } from "zod";
import { ENGINE_VERSIONS } from "./engine.js";
import { type FieldPath, fieldName } from "./field.js";
import type { JsonSchema } from "./json-schema.js";
import type { ProblemDetails } from "./problem.js";
import { replacedKey } from "./replaced-keys.js";
import { kindsOf, schemaAt, valueAt } from "./schema-tree.js";
import { didYouMean } from "./suggestion.js";
import { valueText, wantedText } from "./wording.js";
import type { YamlFile } from "./yaml-file.js";

type Issue = z.core.$ZodIssue;
type Wording = Pick<ProblemDetails, "code" | "says" | "instead">;

/** What the schema has found in a file, in the user's words and with its places. One problem a field: the first tells most. */
export function shapeProblems(issues: readonly Issue[], file: YamlFile, schema: JsonSchema): ProblemDetails[] {
  const seen = new Set<string>();
  return issues
    .flatMap((issue) =>
      issue.code === "unrecognized_keys" ? unknownKeys(issue, file, schema) : [shapeProblem(issue, file, schema)],
    )
    .filter(({ field }) => !seen.has(field) && seen.add(field));
}

type Located = ProblemDetails & { readonly field: string };

function shapeProblem(issue: Issue, file: YamlFile, schema: JsonSchema): Located {
  const path = plainPath(issue);
  const given = valueAt(file.value, path);
  const wanted = schemaAt(schema, path, file.value) ?? kindKey(schema, path, file.value);
  return {
    ...worded(issue, path, given, file.written(path), ofTheEngine(wanted, path, file.value)),
    field: fieldName(path),
    location: file.locate(path),
  };
}

/** Versions of one engine are no help to whoever misspelt one of another. */
function ofTheEngine(wanted: JsonSchema | undefined, path: FieldPath, file: unknown): JsonSchema | undefined {
  if (wanted === undefined || fieldName(path) !== "registry.version") return wanted;
  const isHarbor = valueAt(file, ["registry", "engine"]) === "harbor";
  return { ...wanted, enum: ENGINE_VERSIONS[isHarbor ? "harbor" : "distribution"] };
}

function worded(
  issue: Issue,
  path: FieldPath,
  given: unknown,
  written: string | undefined,
  wanted?: JsonSchema,
): Wording {
  const key = String(path.at(-1) ?? "the file");
  if (given === undefined || given === null) return missing(key, given, wanted);
  const got = valueText(given, written);
  if (wanted?.enum !== undefined) return notAllowed(got, given, written, wanted.enum);
  if (issue.code === "invalid_type" && issue.expected !== "int") {
    const quoted =
      typeof given === "number" && wanted?.type === "string" ? `; in quotes it is one: "${written ?? given}"` : "";
    return { code: "schema/wrong-type", says: `${key} is ${got}`, instead: `${wantedText(wanted)} is needed${quoted}` };
  }
  if (issue.code === "too_big" || issue.code === "too_small" || issue.code === "invalid_type") {
    return { code: "schema/out-of-range", says: `${key} is ${got}`, instead: `${wantedText(wanted)} is needed` };
  }
  return { code: "schema/malformed", says: `${key} is ${got}`, instead: issue.message };
}

function missing(key: string, given: undefined | null, wanted?: JsonSchema): Wording {
  return {
    code: "schema/missing",
    says: given === null ? `${key} has no value` : `${key} is missing`,
    instead: [`${wantedText(wanted)} is needed`, wanted?.description?.replace(/\.$/, "")].filter(Boolean).join(": "),
  };
}

function notAllowed(got: string, given: unknown, written: string | undefined, allowed: readonly string[]): Wording {
  const text = written ?? String(given);
  const quotes = typeof given !== "string" && allowed.includes(text) ? `write it in quotes: "${text}"; ` : "";
  const instead = quotes === "" ? didYouMean(text, allowed) : `${quotes}allowed: ${allowed.join(", ")}`;
  return { code: "schema/not-allowed", says: `${got} is not known here`, instead };
}

function unknownKeys(issue: z.core.$ZodIssueUnrecognizedKeys, file: YamlFile, schema: JsonSchema): Located[] {
  const path = plainPath(issue);
  const allowed = Object.keys(schemaAt(schema, path, file.value)?.properties ?? {});
  return issue.keys.map((key) => {
    const located = { field: fieldName([...path, key]), location: file.locateKey(path, key) };
    const replaced = replacedKey(key, path, schema);
    if (replaced !== undefined) return { code: "schema/key-of-harbor", ...replaced, ...located };
    const owners = ownersOf(schema, path, file.value, key);
    const elsewhere = owners.length === 0 ? "" : `it belongs to ${owners.join(" and ")}; `;
    return {
      code: "schema/unknown-key",
      says: `${valueText(key)} is not a key ${path.length === 0 ? "of an environment" : `of ${fieldName(path)}`}`,
      instead: elsewhere + didYouMean(key, allowed),
      ...located,
    };
  });
}

/** The other kinds of the same union that know a key: `from: file` for a certificate's `key`. */
function ownersOf(schema: JsonSchema, path: FieldPath, value: unknown, key: string): string[] {
  return kindsOf(withKinds(schema, path, value) ?? {})
    .filter((kind) => Object.hasOwn(kind.schema.properties ?? {}, key))
    .map((kind) => `${kind.key}: ${kind.value}`);
}

/** The allowed values of the key that tells the kinds of a union apart, as if it were an enumeration. */
function kindKey(schema: JsonSchema, path: FieldPath, value: unknown): JsonSchema | undefined {
  const kinds = kindsOf(withKinds(schema, path.slice(0, -1), value) ?? {}).filter(({ key }) => key === path.at(-1));
  return kinds.length === 0 ? undefined : { type: "string", enum: kinds.map((kind) => kind.value) };
}

/** The schema at a path before one of its kinds is chosen. */
function withKinds(schema: JsonSchema, path: FieldPath, value: unknown): JsonSchema | undefined {
  const last = path.at(-1);
  if (last === undefined) return schema;
  const around = schemaAt(schema, path.slice(0, -1), value);
  return typeof last === "number" ? around?.items : around?.properties?.[last];
}

function plainPath(issue: Issue): FieldPath {
  return issue.path.map((step) => (typeof step === "number" ? step : String(step)));
}
