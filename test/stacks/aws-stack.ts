import { App } from "cdktf";
import type { AwsSite } from "../../spec/cloud/sites.js";
import { type EnvironmentFile, environmentSchema } from "../../spec/environment.js";
import { AwsSiteStack } from "../../stacks/aws-site.js";
import type { StackContext } from "../../stacks/context.js";
import { synthesized, type Template } from "../constructs/template.js";
import { aws } from "../spec/environments.js";

/** A site on AWS as a file has it. */
export type AwsFile = Extract<EnvironmentFile["sites"][number], { provider: "aws" }>;

const CONTEXT: StackContext = { sshPublicKey: "ssh-ed25519 AAAA operators", stateFolder: "/state" };

/** The smallest environment on AWS with these changes, as Terraform would get it. */
export function awsTemplate(
  site: Partial<AwsFile> = {},
  registry: Partial<EnvironmentFile["registry"]> = {},
  context: Partial<StackContext> = {},
): Template {
  return templateOf(aws(site, registry), context);
}

/** An environment with one site on AWS, as Terraform would get it. */
export function templateOf(file: EnvironmentFile, context: Partial<StackContext> = {}): Template {
  const environment = environmentSchema.parse(file);
  const site = environment.sites.find((one): one is AwsSite => one.provider === "aws");
  if (site === undefined) throw new RangeError("the environment has no site on AWS");
  return synthesized(new AwsSiteStack(new App(), environment, site, { ...CONTEXT, ...context }));
}
