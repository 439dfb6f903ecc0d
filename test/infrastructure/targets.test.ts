import { describe, expect, test } from "vitest";
import { Graph } from "../../infrastructure/graph.js";
import { MACHINES } from "../../infrastructure/machines.js";
import type { ResourceChange } from "../../infrastructure/plan.js";
import { State } from "../../infrastructure/state.js";
import { allButData, belongingTo, withoutInterruptions } from "../../infrastructure/targets.js";
import { exampleConfiguration } from "./example-configuration.js";

const id = (address: string) => `\${${address}.id}`;

const configuration = exampleConfiguration({
  "aws_vpc.net": { path: "network/vpc" },
  "aws_instance.one": { path: "hosts/node-1", body: { vpc: id("aws_vpc.net") } },
  "aws_instance.two": { path: "hosts/node-2", body: { vpc: id("aws_vpc.net") } },
  "aws_eip.two": { path: "hosts/node-2-address" },
  "aws_eip.twenty": { path: "hosts/node-22-address" },
  "aws_target.one": { path: "entry/targets/first", body: { target: id("aws_instance.one") } },
  "aws_target.two": { path: "entry/targets/second", body: { target: id("aws_instance.two") } },
  "aws_alarm.all": { path: "alarms/all", body: { of: [id("aws_instance.one"), id("aws_instance.two")] } },
  "aws_kms_key.key": { path: "key/key" },
  "aws_s3_bucket.store": { path: "store/bucket", body: { key: id("aws_kms_key.key") } },
  "aws_s3_block.store": { path: "store/privacy", body: { depends_on: ["aws_s3_bucket.store"] } },
  "aws_iam_role.role": { path: "identity/role", body: { bucket: id("aws_s3_bucket.store") } },
});

function made(resources: Record<string, readonly string[]>): State {
  return new State(
    JSON.stringify({
      resources: Object.entries(resources).map(([address, dependencies]) => {
        const [type, name] = address.split(".");
        return { mode: "managed", type, name, instances: [{ attributes: { id: address }, dependencies }] };
      }),
    }),
  );
}
const graph = new Graph(configuration, made({}));

function change(address: string, node?: string): ResourceChange {
  return {
    address,
    type: address.split(".")[0] ?? "",
    path: configuration.path(address),
    action: "replace",
    arguments: [],
    ...(node === undefined ? {} : { node }),
  };
}

describe("what belongs to a node", () => {
  test("has its name, or needs its machine and no other one", () => {
    expect(belongingTo(["node-2"], graph, MACHINES).sort()).toEqual([
      "aws_eip.two",
      "aws_instance.two",
      "aws_target.two",
    ]);
  });

  test("of two nodes is also what needs both", () => {
    expect(belongingTo(["node-1", "node-2"], graph, MACHINES)).toContain("aws_alarm.all");
  });

  test("is found for a node that the stack has no more", () => {
    const three = { "aws_instance.hosts_node-3_00000000": ["aws_vpc.net"] };
    const state = made({ ...three, "aws_target.gone": ["aws_instance.hosts_node-3_00000000"] });
    expect(belongingTo(["node-3"], new Graph(configuration, state), MACHINES).sort()).toEqual([
      "aws_instance.hosts_node-3_00000000",
      "aws_target.gone",
    ]);
  });
});

test("what interrupts no machine leaves out what needs an interrupted one, though it might itself be harmless", () => {
  const changes = [change("aws_vpc.net"), change("aws_instance.two", "node-2"), change("aws_alarm.all")];
  expect(withoutInterruptions(changes, graph)).toEqual(["aws_vpc.net"]);
});

describe("a site that goes while its images stay", () => {
  const all = configuration.resources;

  test("keeps the bucket, what is beside it, and its key", () => {
    const going = allButData(all, ["aws_s3_bucket.store"], graph);
    expect(all.filter((address) => !going.includes(address))).toEqual([
      "aws_kms_key.key",
      "aws_s3_bucket.store",
      "aws_s3_block.store",
    ]);
  });

  test("goes as a whole when it holds no images", () => {
    expect(allButData(all, [], graph)).toEqual(all);
  });
});
