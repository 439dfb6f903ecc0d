import { expect, test } from "vitest";
import { verbatim } from "../../constructs/verbatim.js";

test("what Terraform would take for a term is told to be text", () => {
  expect(verbatim(`\${var.name} and %{if true}`)).toBe(`$\${var.name} and %%{if true}`);
});

test("other text stays as it is, dollars and all", () => {
  expect(verbatim("100 % of $5 {braces}")).toBe("100 % of $5 {braces}");
});
