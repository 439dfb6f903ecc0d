import {
  BudgetsBudget,
  type BudgetsBudgetConfig,
  type BudgetsBudgetNotification,
} from "@cdktf/provider-aws/lib/budgets-budget/index.js";
import { Construct } from "constructs";
import type { BudgetProps as Vocabulary } from "../budget.js";
import { type Transform, transformed } from "../transform.js";

export interface BudgetProps extends Vocabulary {
  /** Change the budget before it is made. @default - as it is */
  readonly transform?: { readonly budget?: Transform<BudgetsBudgetConfig> };
}

const PERCENT = 80;

/**
 * A budget of the account for each month; it tells by mail. The first two of an account cost nothing.
 * @example
 * new Budget(this, "budget", { name: "prod-frankfurt", monthly: 1200, mail: ["ops@example.com"] });
 */
export class Budget extends Construct {
  /** Change what is inside where no prop does. */
  readonly resources: { readonly budget: BudgetsBudget };

  constructor(scope: Construct, id: string, props: BudgetProps) {
    super(scope, id);
    const { name, monthly, currency = "USD", tags, transform } = props;
    const config: BudgetsBudgetConfig = {
      name,
      budgetType: "COST",
      timeUnit: "MONTHLY",
      // As AWS writes it: another spelling of the same amount would be a change in every plan.
      limitAmount: `${monthly}.0`,
      limitUnit: currency,
      notification: notifications(props),
      ...(tags === undefined ? {} : { tags }),
    };
    this.resources = { budget: new BudgetsBudget(this, "month", transformed(config, transform?.budget)) };
  }
}

/** A notification that goes to nobody is refused by AWS. */
function notifications({ mail, percent = PERCENT }: BudgetProps): BudgetsBudgetNotification[] {
  if (mail.length === 0) return [];
  return [
    {
      notificationType: "ACTUAL",
      comparisonOperator: "GREATER_THAN",
      threshold: percent,
      thresholdType: "PERCENTAGE",
      subscriberEmailAddresses: [...mail].sort(),
    },
  ];
}
