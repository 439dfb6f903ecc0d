import * as z from "zod";

/** An argument or a computed value, as `terraform providers schema -json` describes it. Descriptions are left out. */
const attributeSchema = z.object({
  /** Terraform's type: "string", ["list", "string"], ["list", ["object", { … }]]. */
  type: z.json(),
  required: z.literal(true).optional(),
  optional: z.literal(true).optional(),
  computed: z.literal(true).optional(),
  sensitive: z.literal(true).optional(),
  deprecated: z.literal(true).optional(),
});

const blockTypeSchema = z.object({
  nesting_mode: z.enum(["single", "list", "set", "map", "group"]),
  get block() {
    return blockSchema;
  },
  min_items: z.number().optional(),
  max_items: z.number().optional(),
});

const blockSchema = z.object({
  attributes: z.record(z.string(), attributeSchema).optional(),
  get block_types() {
    return z.record(z.string(), blockTypeSchema).optional();
  },
  deprecated: z.literal(true).optional(),
});

const typeSchema = z.object({ version: z.number(), block: blockSchema });
const typesSchema = z.record(z.string(), typeSchema);

const keptSchema = z.object({
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  provider: typeSchema,
  resources: typesSchema,
  dataSources: typesSchema,
});

const wholeSchema = z.object({
  provider: typeSchema,
  resource_schemas: typesSchema,
  data_source_schemas: typesSchema,
});

const answerSchema = z.object({ provider_schemas: z.record(z.string(), z.unknown()) });

export type Attribute = z.output<typeof attributeSchema>;
export type Block = z.output<typeof blockSchema>;
/** A resource or a data source. */
export type TypeSchema = z.output<typeof typeSchema>;
/** What the package keeps of a provider's schema: names and types. */
export type KeptSchema = z.output<typeof keptSchema>;

/** Reads schema.json. */
export function readKept(text: string): KeptSchema {
  return keptSchema.parse(JSON.parse(text));
}

/**
 * Keeps some resources and data sources of a provider's schema.
 * @param answer - what `terraform providers schema -json` prints
 * @throws Error that names what the provider does not have
 */
export function keepOf(
  answer: string,
  version: string,
  names: { readonly resources: readonly string[]; readonly dataSources: readonly string[] },
): KeptSchema {
  const whole = wholeSchema.parse(alicloudOf(answerSchema.parse(JSON.parse(answer)).provider_schemas));
  return {
    version,
    provider: whole.provider,
    resources: pick(whole.resource_schemas, names.resources, "resource"),
    dataSources: pick(whole.data_source_schemas, names.dataSources, "data source"),
  };
}

/** Terraform and OpenTofu put their own registry before the name. */
function alicloudOf(providers: Record<string, unknown>): unknown {
  const [, found] = Object.entries(providers).find(([address]) => address.endsWith("/aliyun/alicloud")) ?? [];
  if (found === undefined) throw new Error("the schema is not that of aliyun/alicloud");
  return found;
}

function pick(all: Record<string, TypeSchema>, names: readonly string[], kind: string): Record<string, TypeSchema> {
  const missing = names.filter((name) => all[name] === undefined);
  if (missing.length > 0) throw new Error(`the provider has no ${kind} ${missing.join(", ")}`);
  return Object.fromEntries(names.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])));
}

/** The text of schema.json: each resource on a line of its own, so that a diff shows which ones changed. */
export function writeKept(schema: KeptSchema): string {
  const lines = (types: Record<string, TypeSchema>) =>
    Object.entries(types)
      .map(([name, type]) => `${JSON.stringify(name)}:${JSON.stringify(type)}`)
      .join(",\n");
  return [
    `{"version":${JSON.stringify(schema.version)},`,
    `"provider":${JSON.stringify(schema.provider)},`,
    `"resources":{\n${lines(schema.resources)}\n},`,
    `"dataSources":{\n${lines(schema.dataSources)}\n}}\n`,
  ].join("\n");
}
