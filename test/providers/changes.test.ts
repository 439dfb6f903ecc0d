import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { changesBetween } from "../../providers/alicloud/changes.js";
import { type Block, type KeptSchema, readKept } from "../../providers/alicloud/schema.js";

function schemaOf(resources: Readonly<Record<string, Block>>): KeptSchema {
  const types = Object.entries(resources).map(([name, block]) => [name, { version: 0, block }]);
  return {
    version: "1.0.0",
    provider: { version: 0, block: {} },
    resources: Object.fromEntries(types),
    dataSources: {},
  };
}

test("a resource that comes, goes or is given up is told", () => {
  const before = schemaOf({ alicloud_slb: {}, alicloud_vpc: {} });
  const after = schemaOf({ alicloud_nlb: {}, alicloud_vpc: { deprecated: true } });
  expect(changesBetween(before, after)).toEqual([
    "+ alicloud_nlb is new",
    "- alicloud_slb is gone",
    "! alicloud_vpc is deprecated",
  ]);
});

test("an argument that comes, goes, is given up, required or of another type is told, in blocks too", () => {
  const before: Block = {
    attributes: {
      gone: { type: "string", optional: true },
      name: { type: "string", optional: true },
      size: { type: "string", optional: true },
      zone: { type: "string", optional: true },
    },
    block_types: { disk: { nesting_mode: "list", block: {} } },
  };
  const after: Block = {
    attributes: {
      name: { type: "string", optional: true, deprecated: true },
      size: { type: "number", optional: true },
      zone: { type: "string", required: true },
    },
    block_types: {
      disk: { nesting_mode: "list", block: { attributes: { key: { type: "string", required: true } } } },
    },
  };
  expect(changesBetween(schemaOf({ alicloud_instance: before }), schemaOf({ alicloud_instance: after }))).toEqual([
    "+ alicloud_instance.disk.key is new, and required",
    "- alicloud_instance.gone is gone",
    "! alicloud_instance.name is deprecated",
    '! alicloud_instance.size was "string", is "number"',
    "! alicloud_instance.zone is required",
  ]);
});

test("the same schema has not changed", async () => {
  const text = await readFile(new URL("../../providers/alicloud/schema.json", import.meta.url), "utf8");
  expect(changesBetween(readKept(text), readKept(text))).toEqual([]);
});
