import { expect, test } from "vitest";
import { liftOnly, protections } from "../../infrastructure/lift.js";
import { exampleConfiguration } from "./example-configuration.js";

function site(guard: boolean, size: string) {
  return exampleConfiguration({
    "aws_vpc.net": { path: "network/vpc", body: { cidr_block: "10.20.0.0/16" } },
    "aws_instance.one": {
      path: "hosts/node-1",
      body: {
        instance_type: size,
        disable_api_termination: guard,
        lifecycle: { ignore_changes: ["ami"], create_before_destroy: true },
      },
    },
  });
}

test("what guards a resource is found by comparing the stack with and without guards", () => {
  const found = protections(site(true, "c7i.large"), site(false, "c7i.large"));
  expect([...found]).toEqual([["aws_instance.one", new Set(["disable_api_termination"])]]);
});

test("a configuration that lifts guards leaves every other argument as it is", () => {
  const open = site(false, "c7i.xlarge");
  const lift = liftOnly(open, protections(site(true, "c7i.xlarge"), open));
  expect(lift.bodies.get("aws_instance.one")?.lifecycle).toEqual({
    create_before_destroy: true,
    ignore_changes: ["instance_type"],
  });
  expect(lift.bodies.get("aws_vpc.net")?.lifecycle).toEqual({ ignore_changes: "all" });
});
