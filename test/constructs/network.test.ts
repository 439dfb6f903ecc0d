import { expect, test } from "vitest";
import { planNat } from "../../constructs/network.js";

const zones = ["eu-central-1a", "eu-central-1b", "eu-central-1c"];

test("one NAT gateway stands in the first zone and serves all", () => {
  const plan = planNat(zones, "one");
  expect(plan.gateways).toEqual(["eu-central-1a"]);
  expect(zones.map((zone) => plan.through(zone))).toEqual(["eu-central-1a", "eu-central-1a", "eu-central-1a"]);
});

test("with a gateway in each zone no zone depends on another", () => {
  const plan = planNat(zones, "per-zone");
  expect(zones.map((zone) => plan.through(zone))).toEqual(zones);
});

test("going over from one gateway to one in each zone keeps the first", () => {
  expect(planNat(zones, "per-zone").gateways).toEqual(expect.arrayContaining([...planNat(zones, "one").gateways]));
});

test("without NAT no zone goes through a gateway", () => {
  const plan = planNat(zones, "none");
  expect(plan.gateways).toEqual([]);
  expect(plan.through("eu-central-1a")).toBeUndefined();
});
