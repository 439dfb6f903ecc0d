import type { Block } from "../../../providers/alicloud/schema.js";
import { isList, isObject, type Value } from "./value.js";

/** Paths of arguments that a configuration sets although only the cloud does. */
export function readOnlyArguments(block: Block, config: Value, path = ""): string[] {
  if (!isObject(config)) return [];
  const attributes = Object.entries(block.attributes ?? {})
    .filter(([name, { computed, optional }]) => computed && !optional && (config[name] ?? null) !== null)
    .map(([name]) => `${path}${name}`);
  const blocks = Object.entries(block.block_types ?? {}).flatMap(([name, { block: inside }]) => {
    const value = config[name] ?? null;
    if (!isList(value)) return readOnlyArguments(inside, value, `${path}${name}.`);
    return value.flatMap((one, index) => readOnlyArguments(inside, one, `${path}${name}.${index}.`));
  });
  return [...attributes, ...blocks];
}
