import { TerraformStack, Testing } from "cdktf";
import { expect, test } from "vitest";
import { Budget, type BudgetProps } from "../../../constructs/aws/budget.js";
import { synthesized } from "../template.js";

function budgetOf(props: Partial<BudgetProps> = {}) {
  const stack = new TerraformStack(Testing.app(), "site");
  new Budget(stack, "budget", { name: "prod", monthly: 1200, mail: ["ops@example.com"], ...props });
  return synthesized(stack).resource("aws_budgets_budget", "budget/month");
}

test("people are told when most of a month's money is spent", () => {
  expect(budgetOf()).toMatchObject({
    budget_type: "COST",
    time_unit: "MONTHLY",
    limit_amount: "1200.0",
    limit_unit: "USD",
    notification: [
      {
        notification_type: "ACTUAL",
        comparison_operator: "GREATER_THAN",
        threshold: 80,
        threshold_type: "PERCENTAGE",
        subscriber_email_addresses: ["ops@example.com"],
      },
    ],
  });
});

test("the account's currency and another percentage can be said", () => {
  expect(budgetOf({ currency: "EUR", percent: 50 })).toMatchObject({
    limit_unit: "EUR",
    notification: [{ threshold: 50 }],
  });
});

test("a budget that nobody hears of has no notification, for AWS refuses one to nobody", () => {
  expect(budgetOf({ mail: [] }).notification).toEqual([]);
});
