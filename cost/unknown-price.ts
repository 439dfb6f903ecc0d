import { distance } from "fastest-levenshtein";
import { Problem } from "../spec/problem.js";
import type { PriceTable } from "./price-table.js";

const OWN_TABLE = "or give a table of your own with --prices FILE; those in cost/prices show its form";

/** A region whose prices nobody has written down. */
export function unknownRegion(region: string, table: PriceTable): Problem {
  return new Problem({
    code: "cost/unknown-region",
    says: `the price table of ${table.asOf} has no region ${region}`,
    instead: `it has ${Object.keys(table.regions).join(", ")}; ${OWN_TABLE}`,
  });
}

/** An instance type, or a class of a service, whose price nobody has written down. */
export function unknownSize(size: string, region: string, known: readonly string[]): Problem {
  const alike = [...known].sort((one, other) => distance(one, size) - distance(other, size)).slice(0, 4);
  return new Problem({
    code: "cost/unknown-size",
    says: `the price table has no ${size} in ${region}`,
    instead: `it has ${alike.join(", ") || "no price of the kind"} and ${Math.max(0, known.length - alike.length)} more; ${OWN_TABLE}`,
  });
}
