import type { NamedProps } from "./named.js";

/**
 * A budget of the whole account: it tells before the bill does. Costs of one site alone can only be told apart by tags
 * that somebody has turned on in the cloud's billing, and a budget on a tag that is off stays silent for ever.
 */
export interface BudgetProps extends NamedProps {
  /** What a month may cost. */
  readonly monthly: number;
  /** The account's currency. @default "USD" */
  readonly currency?: string;
  /** Who is told. */
  readonly mail: readonly string[];
  /** Percent of it at which they are told. @default 80 */
  readonly percent?: number;
}
