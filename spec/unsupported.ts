import type { ProblemDetails } from "./problem.js";

/** Values that later versions will know, by the field they stand in. Who writes them has made no mistake in spelling. */
const LATER: readonly { readonly field: RegExp; readonly values: readonly string[]; readonly instead: string }[] = [
  { field: /^registry\.engine$/, values: ["harbor"], instead: "engine: distribution" },
];

/** What is said of a value that is planned but not built. */
export function notSupportedYet(
  field: string,
  given: unknown,
): Pick<ProblemDetails, "code" | "says" | "instead"> | undefined {
  const later = LATER.find((one) => one.field.test(field) && one.values.some((value) => value === given));
  if (later === undefined) return undefined;
  return {
    code: "schema/not-supported-yet",
    says: `${given} is not supported yet by this version`,
    instead: later.instead,
  };
}
