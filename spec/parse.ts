import { type Environment, environmentSchema } from "./environment.js";
import { fieldPath } from "./field.js";
import { environmentJsonSchema } from "./json-schema.js";
import { type ProblemDetails, Problems } from "./problem.js";
import { refusals } from "./refusals.js";
import { shapeProblems } from "./shape-problem.js";
import { readYaml, type YamlFile } from "./yaml-file.js";

/**
 * Reads an environment file: its shape, its defaults, and every combination that is known to fail.
 * @param text - what the file holds
 * @param file - its path, for messages; its base name is the environment's name
 * @throws Problems all that is wrong, each with its field, line and column: `yaml/…` alone, then `schema/…` together
 *   with the name, and the refusals once the shape is right
 */
export function parseEnvironment(text: string, file: string): Environment {
  const yaml = readYaml(text, file);
  const named = nameProblems(yaml, file);
  const result = environmentSchema.safeParse(yaml.value);
  if (!result.success) {
    throw new Problems(inOrder([...named, ...shapeProblems(result.error.issues, yaml, environmentJsonSchema())]));
  }
  const refused = refusals
    .flatMap((refusal) => refusal.findIn(result.data))
    .map((finding) => ({ ...finding, location: yaml.locate(fieldPath(finding.field)) }));
  if (named.length + refused.length > 0) throw new Problems(inOrder([...named, ...refused]));
  return result.data;
}

/** Commands find an environment by its file, hosts and labels by its name: they must not differ. */
function nameProblems(yaml: YamlFile, file: string): ProblemDetails[] {
  const base = baseName(file);
  const name =
    typeof yaml.value === "object" && yaml.value !== null ? Reflect.get(yaml.value, "environment") : undefined;
  if (typeof name !== "string" || name === base) return [];
  return [
    {
      code: "environment/name-differs",
      field: "environment",
      says: `this environment is called ${JSON.stringify(name)}, and its file ${JSON.stringify(base)}`,
      instead: `environment: ${base}, or call the file ${name}.yaml`,
      location: yaml.locate(["environment"]),
    },
  ];
}

function baseName(file: string): string {
  const name = file.split(/[\\/]/).at(-1) ?? file;
  return name.replace(/\.ya?ml$/, "");
}

function inOrder(problems: readonly ProblemDetails[]): ProblemDetails[] {
  const line = ({ location }: ProblemDetails) => location?.line ?? 0;
  const column = ({ location }: ProblemDetails) => location?.column ?? 0;
  return [...problems].sort((one, other) => line(one) - line(other) || column(one) - column(other));
}
