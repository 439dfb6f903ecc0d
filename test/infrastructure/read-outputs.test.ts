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

const withKey = exampleConfiguration(
  {},
  {
    nodes: { "node-1": { id: `\${aws_instance.one.id}` } },
    entry: `\${aws_instance.balancer.address}`,
    storageKey: { accessKey: `\${aws_instance.key.id}`, encryptedSecret: `\${aws_instance.key.encrypted_secret}` },
  },
);
const balancer = { address: "new.test" };
const storageKey = { accessKey: "LTAI2", encryptedSecret: "wcB…" };

test("tell the machines while an access key is still to be made, and no half of a key", () => {
  const nodes = { "node-1": { id: "i-1" } };
  const told = { nodes, entry: "old.test", storageKey: { accessKey: "LTAI1", encryptedSecret: "wcA…" } };
  expect(readOutputs(withKey, state({ one: { id: "i-1" }, balancer }, told))).toEqual({ nodes, entry: "new.test" });
  expect(readOutputs(withKey, state({ one: { id: "i-1" }, balancer, key: { id: "LTAI2" } }, told))).toEqual({
    nodes,
    entry: "new.test",
  });
  const made = { one: { id: "i-1" }, balancer, key: { id: "LTAI2", encrypted_secret: "wcB…" } };
  expect(readOutputs(withKey, state(made, told))).toEqual({ nodes, entry: "new.test", storageKey });
});

test("tell the machines while their balancer is made anew, and where it was", () => {
  const now = state({ one: { id: "i-1" } }, { ...before, entry: "old.test" });
  expect(readOutputs(withKey, now)).toEqual({ nodes: { "node-1": { id: "i-1" } }, entry: "old.test" });
  expect(readOutputs(withKey, state({ one: { id: "i-1" } }))).toBeUndefined();
});
