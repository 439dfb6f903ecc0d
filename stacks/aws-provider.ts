import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import type { TerraformStack } from "cdktf";
import { siteTags } from "../constructs/named.js";
import type { AwsSite } from "../spec/cloud/sites.js";

/**
 * The provider of a site on AWS. Credentials come from the environment or a profile, never from here. Its tags are on
 * everything that is made; arguments of the site come last, so that they can say more and other things.
 */
export function useAwsProvider(stack: TerraformStack, environment: string, site: AwsSite): AwsProvider {
  const defaultTags = [{ tags: siteTags(environment, site) }];
  const provider = new AwsProvider(stack, "aws", { region: site.region, defaultTags });
  for (const [name, value] of Object.entries(site.providerArguments)) provider.addOverride(name, value);
  return provider;
}
