import { describe, expect, test } from "vitest";
import { MACHINES } from "../../infrastructure/machines.js";
import { readPlan } from "../../infrastructure/read-plan.js";
import { exampleConfiguration } from "./example-configuration.js";

const configuration = exampleConfiguration({
  "aws_instance.one": { path: "hosts/node-1", body: { ami: "ami-1", instance_type: "c7i.large", tags: {} } },
  "aws_instance.bastion": { path: "bastion/machine", body: { ami: "ami-1" } },
  "terraform_data.end": { path: "bootstrap" },
});

interface Change {
  readonly address?: string;
  readonly mode?: string;
  readonly actions: readonly string[];
  readonly before?: unknown;
  readonly after?: unknown;
  readonly after_unknown?: unknown;
  readonly replace_paths?: unknown;
}

function planOf(changes: readonly Change[], outputs: Record<string, unknown> = {}) {
  const resource_changes = changes.map(({ address = "aws_instance.one", mode = "managed", ...change }) => ({
    address,
    mode,
    type: address.split(".")[0],
    change: { before: {}, after: {}, after_unknown: {}, ...change },
  }));
  const shown = { resource_changes, output_changes: outputs };
  return readPlan("site", shown, configuration, MACHINES, (path) => path === "bootstrap");
}

function changeOf(change: Change) {
  return planOf([change]).changes[0];
}

describe("a plan that is read", () => {
  test("names arguments and no values", () => {
    const change = changeOf({
      actions: ["update"],
      before: { user_data: "old secret", tags: { a: "1" } },
      after: { user_data: "new secret", tags: { a: "1" } },
    });
    expect(change?.arguments).toEqual(["user_data"]);
    expect(JSON.stringify(change)).not.toContain("secret");
  });

  test("leaves out what the cloud decides along with what was asked for", () => {
    const change = changeOf({
      actions: ["update"],
      before: { instance_type: "c7i.large", public_ip: "192.0.2.1" },
      after: { instance_type: "c7i.xlarge" },
      after_unknown: { public_ip: true, ebs_block_device: [] },
    });
    expect(change).toMatchObject({ arguments: ["instance_type"], node: "node-1", path: "hosts/node-1" });
  });

  test("tells what forces a replacement", () => {
    const change = changeOf({ actions: ["delete", "create"], replace_paths: [["ami"], ["network", 0, "id"]] });
    expect(change).toMatchObject({ action: "replace", arguments: ["ami", "network"], node: "node-1" });
  });

  test("names no node for a change that its machine does not notice", () => {
    expect(changeOf({ actions: ["update"], before: { tags: {} }, after: { tags: { a: "1" } } })?.node).toBeUndefined();
  });

  test("names no node for a machine that is made, or that is no node's", () => {
    expect(changeOf({ actions: ["create"] })?.node).toBeUndefined();
    expect(changeOf({ address: "aws_instance.bastion", actions: ["delete"] })?.node).toBeUndefined();
  });

  test("names the node of a machine that the stack has no more", () => {
    const change = changeOf({ address: "aws_instance.hosts_node-4_9C1B30F4", actions: ["delete"] });
    expect(change).toMatchObject({ path: "hosts/node-4", node: "node-4" });
  });

  test("has neither what is only read nor what stays", () => {
    const plan = planOf([{ actions: ["read"], mode: "data" }, { actions: ["no-op"] }]);
    expect(plan).toEqual({ site: "site", changes: [], isEmpty: true });
  });

  test("is worth carrying out for an output alone, but not for the end of a deployment", () => {
    expect(planOf([], { site: { actions: ["update"] } }).isEmpty).toBe(false);
    expect(planOf([{ address: "terraform_data.end", actions: ["delete"] }], { site: { actions: ["no-op"] } })).toEqual({
      site: "site",
      changes: [],
      isEmpty: true,
    });
  });
});
