import { expect, test } from "vitest";
import { verbatim } from "../../constructs/verbatim.js";

test("Terraform takes no part of a text for a term of its own", () => {
  expect(verbatim(`cost \${centre} %{if} 5 $ and 3 %`)).toBe(`cost $\${centre} %%{if} 5 $ and 3 %`);
});
