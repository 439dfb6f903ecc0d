import { TerraformOutput, TerraformStack, Testing } from "cdktf";
import { expect, test } from "vitest";
import { Account } from "../../../constructs/aws/account.js";
import { synthesized } from "../template.js";

test("the account is asked for once in a stack", () => {
  const stack = new TerraformStack(Testing.app(), "site");
  expect(Account.of(stack)).toBe(Account.of(stack));
  expect(Object.keys(synthesized(stack).dataSources("aws_caller_identity"))).toEqual(["account/caller"]);
});

test("each stack asks its own provider", () => {
  const app = Testing.app();
  expect(Account.of(new TerraformStack(app, "one"))).not.toBe(Account.of(new TerraformStack(app, "other")));
});

test("names of things that are not made yet are put together from it", () => {
  const stack = new TerraformStack(Testing.app(), "site");
  new TerraformOutput(stack, "logs", { value: Account.of(stack).arn("logs", "log-group:*") });
  const template = synthesized(stack);
  const [partition, region, account] = [
    template.reference("aws_partition", "account/partition", "partition"),
    template.reference("aws_region", "account/region", "name"),
    template.reference("aws_caller_identity", "account/caller", "account_id"),
  ];
  expect(JSON.parse(template.json).output.logs.value).toBe(`arn:${partition}:logs:${region}:${account}:log-group:*`);
});
