import { expect, test } from "vitest";
import { readOutputs } from "../../infrastructure/read-outputs.js";
import { State } from "../../infrastructure/state.js";
import { exampleConfiguration } from "./example-configuration.js";

const configuration = exampleConfiguration(
  {},
  {
    nodes: {
      "node-1": { id: `\${aws_instance.one.id}` },
      "node-2": { id: `\${aws_instance.two.id}`, publicAddress: `\${aws_instance.two.addresses[0].ip}` },
    },
    entry: `\${lower(aws_lb.entry.dns_name)}`,
    bucket: "images",
  },
);

function state(machines: Record<string, object>, output?: object): State {
  return new State(
    JSON.stringify({
      outputs: output === undefined ? {} : { site: { value: output } },
      resources: Object.entries(machines).map(([name, attributes]) => ({
        mode: "managed",
        type: "aws_instance",
        name,
        instances: [{ attributes }],
      })),
    }),
  );
}

const before = { nodes: { "node-1": { id: "i-1" }, "node-2": { id: "i-old" } }, entry: "entry.test", bucket: "images" };

test("names the machine that is there now, though Terraform's output names the one before", () => {
  const now = state({ one: { id: "i-1" }, two: { id: "i-new", addresses: [{ ip: "192.0.2.2" }] } }, before);
  expect(readOutputs(configuration, now)).toEqual({
    nodes: { "node-1": { id: "i-1" }, "node-2": { id: "i-new", publicAddress: "192.0.2.2" } },
    entry: "entry.test",
    bucket: "images",
  });
});

test("names no machine that is not there", () => {
  expect(Object.keys(readOutputs(configuration, state({ one: { id: "i-1" } }, before))?.nodes ?? {})).toEqual([
    "node-1",
  ]);
});

test("are none when no machine is left, or nothing was ever made", () => {
  expect(readOutputs(configuration, state({}, before))).toBeUndefined();
  expect(readOutputs(configuration, new State(""))).toBeUndefined();
});
