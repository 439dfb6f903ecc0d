import type { Attribute, Block } from "../../../providers/alicloud/schema.js";
import { madeUp } from "./made-up.js";
import { equal, isList, isObject, type ObjectValue, UNKNOWN, type Value } from "./value.js";

/**
 * What stands for an attribute: told what was there before, undefined where there was nothing it could be in, and where
 * it is in its resource (zone_mappings.0.eni_id).
 */
type Stand = (value: Value, attribute: Attribute, before: Value | undefined, path: string) => Value;

/**
 * What the cloud will say is unknown as long as it is planned; what it said before stays.
 * @param prior - the resource as it is; null when it is not there
 */
export function withUnknown(block: Block, proposed: ObjectValue, prior: Value): ObjectValue {
  return mapped(block, proposed, prior, "", (value, { computed }, before) => {
    if (value !== null || computed !== true) return value;
    // What the cloud said nothing of when the resource was made, it will say nothing of later.
    return before === undefined ? UNKNOWN : before;
  });
}

/** Says what the plan left open. The same seed says the same. */
export function withMadeUp(block: Block, planned: ObjectValue, seed: string): ObjectValue {
  return mapped(block, planned, null, "", (value, { type }, _before, path) =>
    value === UNKNOWN ? madeUp(type, path, seed) : value,
  );
}

/** What a data source answers: all that was not asked. */
export function answered(block: Block, config: ObjectValue, seed: string): ObjectValue {
  return withMadeUp(block, withUnknown(block, config, null), seed);
}

function mapped(block: Block, object: ObjectValue, prior: Value, path: string, stand: Stand): ObjectValue {
  const before = (name: string) => (isObject(prior) ? (prior[name] ?? null) : undefined);
  const attributes = Object.entries(block.attributes ?? {}).map(([name, attribute]) => [
    name,
    stand(object[name] ?? null, attribute, before(name), `${path}${name}`),
  ]);
  const blocks = Object.entries(block.block_types ?? {}).map(([name, { block: inside }]) => {
    const value = object[name] ?? null;
    const within = (one: Value, earlier: Value, place: string) =>
      isObject(one) ? mapped(inside, one, earlier, `${path}${name}.${place}`, stand) : one;
    if (!isList(value)) return [name, within(value, before(name) ?? null, "")];
    const earlier = sameOnes(value, before(name) ?? null);
    return [name, value.map((one, index) => within(one, earlier[index] ?? null, `${index}.`))];
  });
  return Object.fromEntries([...attributes, ...blocks]);
}

/**
 * The earlier one of each block of a list or set: one that had every argument that is set now. Terraform itself does
 * not find it where the cloud has filled in what the configuration leaves open.
 */
function sameOnes(blocks: readonly Value[], prior: Value): Value[] {
  const left = isList(prior) ? [...prior] : [];
  return blocks.map((block) => {
    const index = left.findIndex((candidate) => fits(block, candidate));
    return index < 0 ? null : (left.splice(index, 1)[0] ?? null);
  });
}

function fits(block: Value, candidate: Value): boolean {
  if (isList(block)) return isList(candidate) && block.every((one, index) => fits(one, candidate[index] ?? null));
  if (!isObject(block)) return block === null || equal(block, candidate);
  return isObject(candidate) && Object.entries(block).every(([name, value]) => fits(value, candidate[name] ?? null));
}
