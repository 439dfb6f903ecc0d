import { join } from "node:path";
import { LocalBackend, OssBackend, S3Backend, type TerraformStack } from "cdktf";
import type { Environment } from "../spec/environment.js";
import { type StackContext, stackName } from "./context.js";

/** Folder of all states in a bucket. */
const FOLDER = "harborwright";

/** Path of the state of a site's stack, where it is a file beside the environment. */
export function stateFile(stateFolder: string, environment: string, site: string): string {
  return join(stateFolder, `${stackName(environment, site)}.tfstate`);
}

/**
 * Says where a site's stack keeps what Terraform made, as `infrastructure.state` of the environment file has it. Each
 * stack has a state of its own, named like the stack; two runs at the same time never write one.
 */
export function useBackend(
  stack: TerraformStack,
  { environment, infrastructure: { state } }: Pick<Environment, "environment" | "infrastructure">,
  site: { readonly name: string },
  { stateFolder }: Pick<StackContext, "stateFolder">,
): void {
  const file = `${stackName(environment, site.name)}.tfstate`;
  if (state.in === "local") {
    // Absolute: Terraform takes a relative path from the folder of its configuration, which is thrown away at will.
    new LocalBackend(stack, { path: stateFile(stateFolder, environment, site.name) });
    return;
  }
  if (state.in === "oss") {
    const { bucket, region, tablestore } = state;
    new OssBackend(stack, {
      bucket,
      region,
      prefix: FOLDER,
      key: file,
      encrypt: true,
      tablestoreEndpoint: tablestore.endpoint,
      tablestoreTable: tablestore.table,
    });
    return;
  }
  const { bucket, region } = state;
  new S3Backend(stack, { bucket, region, key: `${FOLDER}/${file}`, encrypt: true });
  // By S3 itself, without a table beside it. cdktf 0.21 has no name for it.
  stack.addOverride("terraform.backend.s3.use_lockfile", true);
}
