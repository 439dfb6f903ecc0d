import type { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { type CloudSite, isCloud } from "../spec/cloud/sites.js";
import type { Environment } from "../spec/environment.js";
import type { StackContext } from "./context.js";

/**
 * Adds a stack for each of an environment's sites in a cloud; other sites need none. Only the classes of the clouds that
 * it names are loaded.
 * @param contextOf - what a site's stack needs besides the environment file
 */
export async function addStacks(
  scope: Construct,
  environment: Environment,
  contextOf: (site: CloudSite) => StackContext,
): Promise<TerraformStack[]> {
  const stacks: TerraformStack[] = [];
  for (const site of environment.sites) {
    if (isCloud(site)) stacks.push(await siteStack(scope, environment, site, contextOf(site)));
  }
  return stacks;
}

/** Adds the stack of one site. */
export async function siteStack(
  scope: Construct,
  environment: Environment,
  site: CloudSite,
  context: StackContext,
): Promise<TerraformStack> {
  if (site.provider === "aws") {
    const { AwsSiteStack } = await import("./aws-site.js");
    return new AwsSiteStack(scope, environment, site, context);
  }
  const { AlicloudSiteStack } = await import("./alicloud-site.js");
  return new AlicloudSiteStack(scope, environment, site, context);
}
