import type { Block, KeptSchema, TypeSchema } from "./schema.js";

/** An argument or a block, as far as a change of it is told. */
interface Part {
  readonly type: string;
  readonly required: boolean;
  readonly deprecated: boolean;
}

/** What another version of the provider has changed in what the package keeps, in a line each. Empty: nothing. */
export function changesBetween(before: KeptSchema, after: KeptSchema): string[] {
  return [
    ...changesOfTypes("", before.resources, after.resources),
    ...changesOfTypes("data source ", before.dataSources, after.dataSources),
    ...changesOfParts("provider", partsOf(before.provider.block), partsOf(after.provider.block)),
  ];
}

type Types = Readonly<Record<string, TypeSchema>>;

function changesOfTypes(kind: string, before: Types, after: Types): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name) => {
    const [old, now] = [before[name], after[name]];
    if (now === undefined) return [`- ${kind}${name} is gone`];
    if (old === undefined) return [`+ ${kind}${name} is new`];
    const given = now.block.deprecated && !old.block.deprecated ? [`! ${kind}${name} is deprecated`] : [];
    return [...given, ...changesOfParts(`${kind}${name}`, partsOf(old.block), partsOf(now.block))];
  });
}

function changesOfParts(owner: string, before: ReadonlyMap<string, Part>, after: ReadonlyMap<string, Part>): string[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.flatMap((name) => {
    const [old, now] = [before.get(name), after.get(name)];
    const path = `${owner}.${name}`;
    if (now === undefined) return [`- ${path} is gone`];
    if (old === undefined) return [`+ ${path} is new${now.required ? ", and required" : ""}`];
    return [
      ...(now.deprecated && !old.deprecated ? [`! ${path} is deprecated`] : []),
      ...(now.required && !old.required ? [`! ${path} is required`] : []),
      ...(now.type === old.type ? [] : [`! ${path} was ${old.type}, is ${now.type}`]),
    ];
  });
}

/** Arguments of a block and of all blocks in it, by path: timeouts.create */
function partsOf(block: Block, above = ""): Map<string, Part> {
  const parts = new Map<string, Part>();
  for (const [name, { type, required = false, deprecated = false }] of Object.entries(block.attributes ?? {})) {
    parts.set(`${above}${name}`, { type: JSON.stringify(type), required, deprecated });
  }
  for (const [name, { nesting_mode, min_items = 0, block: inner }] of Object.entries(block.block_types ?? {})) {
    const { deprecated = false } = inner;
    parts.set(`${above}${name}`, { type: `a block (${nesting_mode})`, required: min_items > 0, deprecated });
    for (const [path, part] of partsOf(inner, `${above}${name}.`)) parts.set(path, part);
  }
  return parts;
}
