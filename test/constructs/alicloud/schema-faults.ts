import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Block, readKept, type TypeSchema } from "../../../providers/alicloud/schema.js";

const schemaFile = createRequire(import.meta.url).resolve("@cdktf/provider-alicloud/schema.json");
const kept = readKept(readFileSync(schemaFile, "utf8"));

/** What Terraform itself takes in every resource. */
const META = new Set(["//", "connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"]);

type Json = Readonly<Record<string, unknown>>;

/**
 * What the provider would not like in Terraform's JSON: an argument that is deprecated or that it does not know, one that
 * only the cloud sets, one that is missing, a block too many. A line each: `alicloud_vpc network_vpc name: deprecated`.
 */
export function schemaFaults(json: string): string[] {
  const { resource, data, provider }: Record<"resource" | "data" | "provider", unknown> = JSON.parse(json);
  return [
    ...faultsOfAll(resource, kept.resources),
    ...faultsOfAll(data, kept.dataSources),
    ...listOf(objectOf(provider).alicloud).flatMap((block) =>
      faultsOfBlock(objectOf(block), withAlias(kept.provider.block), "provider alicloud"),
    ),
  ];
}

function faultsOfAll(blocks: unknown, types: Readonly<Record<string, TypeSchema>>): string[] {
  return Object.entries(objectOf(blocks))
    .filter(([type]) => type.startsWith("alicloud_"))
    .flatMap(([type, instances]) =>
      Object.entries(objectOf(instances)).flatMap(([name, config]) => {
        const schema = types[type];
        if (schema === undefined) return [`${type} ${name}: the provider has none`];
        const own = Object.entries(objectOf(config)).filter(([key]) => !META.has(key));
        return faultsOfBlock(Object.fromEntries(own), schema.block, `${type} ${name}`);
      }),
    );
}

function faultsOfBlock(config: Json, block: Block, at: string): string[] {
  const { attributes = {}, block_types: blocks = {} } = block;
  const missing = [
    ...Object.entries(attributes).filter(([name, attribute]) => attribute.required && !isGiven(config[name])),
    ...Object.entries(blocks).filter(([name, { min_items: least = 0 }]) => least > listOf(config[name]).length),
  ].map(([name]) => `${at} ${name}: missing`);
  const given = Object.entries(config).filter(([, value]) => isGiven(value));
  return [...missing, ...given.flatMap(([name, value]) => faultsOfArgument(name, value, block, `${at} ${name}`))];
}

function faultsOfArgument(name: string, value: unknown, block: Block, at: string): string[] {
  const attribute = block.attributes?.[name];
  if (attribute !== undefined) {
    if (attribute.deprecated) return [`${at}: deprecated`];
    return attribute.optional || attribute.required ? [] : [`${at}: only the cloud sets it`];
  }
  const inner = block.block_types?.[name];
  if (inner === undefined) return [`${at}: unknown`];
  if (inner.block.deprecated) return [`${at}: deprecated`];
  const items = listOf(value);
  const tooMany = inner.max_items !== undefined && items.length > inner.max_items ? [`${at}: too many`] : [];
  return [...tooMany, ...items.flatMap((item) => faultsOfBlock(objectOf(item), inner.block, at))];
}

function withAlias(block: Block): Block {
  return { ...block, attributes: { ...block.attributes, alias: { type: "string", optional: true } } };
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function objectOf(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** Blocks stand alone or in a list. */
function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isGiven(value) ? [value] : [];
}
