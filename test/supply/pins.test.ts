import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { readKept } from "../../providers/alicloud/schema.js";
import { ENGINE_VERSIONS } from "../../spec/engine.js";
import { frontSchema } from "../../spec/front.js";
import { isNewEnough } from "../../supply/go.js";
import { GO_TOOL_PINS, IMAGE_PINS, PROVIDER_PINS, pinOf } from "../../supply/pins.js";

test("every version of the registry that an environment may ask for has an image", () => {
  for (const version of ENGINE_VERSIONS.distribution) {
    expect(pinOf({ name: "registry", version }).version).toMatch(new RegExp(`^${version.replace(".", "\\.")}\\.`));
  }
});

test("every front that an environment may ask for has an image", () => {
  for (const name of frontSchema.shape.kind.unwrap().options) expect(pinOf({ name }).name).toBe(name);
});

test("a version that only begins with the same digits is another version", () => {
  expect(() => pinOf({ name: "registry", version: "3.1.11" })).toThrow("registry 3.1.11");
  expect(() => pinOf({ name: "registry", version: "2" }).version).not.toThrow();
});

test("what is pulled is named by its content, and never twice", () => {
  for (const pin of IMAGE_PINS) expect(pin.pulled).toMatch(/^docker\.io\/library\/[a-z]+@sha256:[0-9a-f]{64}$/);
  expect(new Set(IMAGE_PINS.map((pin) => pin.pulled)).size).toBe(IMAGE_PINS.length);
});

test("the main package of a Go program belongs to its module", () => {
  for (const pin of Object.values(GO_TOOL_PINS)) expect(pin.main.startsWith(pin.module)).toBe(true);
});

test.each([
  ["go1.25.0", true],
  ["go1.26.8", true],
  ["go2.0.1", true],
  ["devel go1.27-abcdef", true],
  ["go1.24.13", false],
  ["go1.19.8", false],
  ["gccgo", false],
])("the toolchain %s is new enough: %s", (version, answer) => {
  expect(isNewEnough(version)).toBe(answer);
});

test("the Alibaba Cloud provider that is built is the one whose names and types the classes have", () => {
  const schema = readFileSync(new URL("../../providers/alicloud/schema.json", import.meta.url), "utf8");
  const { version } = readKept(schema);
  expect(PROVIDER_PINS.alicloud.version).toBe(version);
  expect(GO_TOOL_PINS["terraform-provider-alicloud"].version).toBe(`v${version}`);
});

test("the AWS provider is the one that its classes ask for", () => {
  const { cdktf } = createRequire(import.meta.url)("@cdktf/provider-aws/package.json");
  expect(PROVIDER_PINS.aws.version).toBe(cdktf.provider.version);
});
