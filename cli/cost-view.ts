import type { Estimate } from "../cost/estimate.js";
import type { CostPart } from "../cost/parts.js";
import { printLine, printTable } from "./print.js";

const PARTS: readonly CostPart[] = ["machines", "services", "network", "storage", "traffic", "care"];

/** An estimate for people: each part with what it is made of, the sum, and what it rests on. */
export function describeEstimate({
  site,
  region,
  currency,
  asOf,
  note,
  lines,
  monthly,
  tiers,
  assumed,
}: Estimate): void {
  printLine(`${site} in ${region}, a month in ${currency}:`);
  const rows = PARTS.flatMap((part) => {
    const own = lines.filter((line) => line.part === part);
    return own.map(({ what, monthly: price }, index) => ["", index === 0 ? part : "", amount(price), what]);
  });
  printTable([...rows, ["", "in all", amount(monthly), ""]]);
  if (tiers !== undefined) {
    const after = `layers older than ${tiers.afterDays} days in the cheaper class`;
    printLine(
      tiers.inUse
        ? `  ${after} save ${amount(tiers.monthly).trim()} of it`
        : `  ${after} would save ${amount(tiers.monthly).trim()}: bucket: { infrequentAfter: ${tiers.afterDays}d }`,
    );
  }
  printLine(`  assumed: ${assumed.join(", ")}`);
  printLine(`  prices of ${asOf}: ${note}`);
}

/** Whole units are all that an estimate is good for; right-aligned, thousands apart. */
function amount(price: number): string {
  return Math.round(price).toLocaleString("en-US").padStart(8);
}
