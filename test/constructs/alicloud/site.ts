import { AlicloudProvider } from "@cdktf/provider-alicloud/lib/provider";
import { App, TerraformStack } from "cdktf";

/** An empty stack on Alibaba Cloud, to put a construct into. */
export function alicloudStack(): TerraformStack {
  const stack = new TerraformStack(new App(), "site");
  new AlicloudProvider(stack, "alicloud", { region: "cn-hangzhou" });
  return stack;
}
