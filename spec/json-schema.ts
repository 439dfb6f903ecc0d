import * as z from "zod";
import { environmentSchema } from "./environment.js";

/** The part of JSON Schema (draft 7) that our schema uses. */
export interface JsonSchema {
  readonly title?: string;
  readonly description?: string;
  readonly type?: "object" | "array" | "string" | "integer" | "number" | "boolean";
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  /** False: no other keys; a schema: what every key of a record holds. */
  readonly additionalProperties?: false | JsonSchema;
  readonly items?: JsonSchema;
  /** The kinds of a discriminated union; each has one property with a `const`. */
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/**
 * The JSON Schema of an environment file as a person writes it, for editors. Draft 7: the YAML language server and the
 * editors built on it know it best.
 */
export function environmentJsonSchema(): JsonSchema {
  made ??= make();
  return made;
}

/** Made once: it takes longer than reading a file against it. */
let made: JsonSchema | undefined;

function make(): JsonSchema {
  const schema = z.toJSONSchema(environmentSchema, { io: "input", target: "draft-7" });
  // Through JSON and back: what is left is what the file holds, without the library's own hidden properties.
  return JSON.parse(JSON.stringify(schema)) as JsonSchema;
}

/** The text of `environment.schema.json`. */
export function environmentJsonSchemaText(): string {
  return `${JSON.stringify(environmentJsonSchema(), null, 2)}\n`;
}
