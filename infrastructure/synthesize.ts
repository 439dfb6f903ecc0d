import { mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { App } from "cdktf";
import type { CloudSite } from "../spec/cloud/sites.js";
import type { Environment } from "../spec/environment.js";
import { type StackContext, stackName } from "../stacks/context.js";
import { siteStack } from "../stacks/environment-stacks.js";
import { Configuration } from "./configuration.js";

/**
 * Makes what Terraform reads of one site's stack: the same text for the same environment file and context.
 * @param folder - where cdktf may write for a moment
 */
export async function synthesize(
  environment: Environment,
  site: CloudSite,
  context: StackContext,
  folder: string,
): Promise<Configuration> {
  const outdir = await mkdtemp(join(folder, `synth-${process.pid}-`));
  try {
    const app = new App({ outdir });
    await siteStack(app, environment, site, context);
    app.synth();
    const name = stackName(environment.environment, site.name);
    return new Configuration(await readFile(join(outdir, "stacks", name, "cdk.tf.json"), "utf8"));
  } finally {
    await rm(outdir, { recursive: true });
  }
}
