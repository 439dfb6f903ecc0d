import { expect, test } from "vitest";
import { stackName } from "../../stacks/context.js";

test("the stack of a site that is named like its environment has that name alone", () => {
  expect(stackName("hangzhou", "hangzhou")).toBe("hangzhou");
  expect(stackName("prod", "hangzhou")).toBe("prod-hangzhou");
});
