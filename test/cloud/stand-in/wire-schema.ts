import type { Block, TypeSchema } from "../../../providers/alicloud/schema.js";

/** A resource's or data source's schema as the protocol has it. */
export function wireSchema({ version, block }: TypeSchema): object {
  return { version, block: wireBlock(block) };
}

function wireBlock({ attributes = {}, block_types = {}, deprecated }: Block): object {
  return {
    attributes: Object.entries(attributes).map(([name, { type, ...rest }]) => ({
      name,
      type: Buffer.from(JSON.stringify(type)),
      ...rest,
    })),
    block_types: Object.entries(block_types).map(([name, { nesting_mode, block, ...limits }]) => ({
      type_name: name,
      nesting: nesting_mode.toUpperCase(),
      block: wireBlock(block),
      ...limits,
    })),
    deprecated: deprecated ?? false,
  };
}
