import { App } from "cdktf";
import type { AlicloudSite } from "../../spec/cloud/sites.js";
import { type EnvironmentFile, environmentSchema } from "../../spec/environment.js";
import { AlicloudSiteStack } from "../../stacks/alicloud-site.js";
import type { StackContext } from "../../stacks/context.js";
import { synthesized, type Template } from "../constructs/template.js";
import { alicloud } from "../spec/environments.js";

/** A site on Alibaba Cloud as a file has it. */
export type AlicloudFile = Extract<EnvironmentFile["sites"][number], { provider: "alicloud" }>;

/** What a stack gets besides the file, when nobody can read the secret of an access key. */
export const KEYLESS: StackContext = { sshPublicKey: "ssh-ed25519 AAAA operators", stateFolder: "/state" };

/** What a stack gets besides the file. */
export const CONTEXT: StackContext = { ...KEYLESS, storageKeyRecipient: "bXkga2V5" };

/** The smallest environment on Alibaba Cloud with these changes, as Terraform would get it. */
export function alicloudTemplate(
  site: Partial<AlicloudFile> = {},
  registry: Partial<EnvironmentFile["registry"]> = {},
  context: StackContext = CONTEXT,
): Template {
  return templateOf(alicloud(site, registry), context);
}

/** An environment with one site on Alibaba Cloud, as Terraform would get it. */
export function templateOf(file: EnvironmentFile, context: StackContext = CONTEXT): Template {
  const environment = environmentSchema.parse(file);
  const site = environment.sites.find((one): one is AlicloudSite => one.provider === "alicloud");
  if (site === undefined) throw new RangeError("the environment has no site on Alibaba Cloud");
  return synthesized(new AlicloudSiteStack(new App(), environment, site, context));
}
