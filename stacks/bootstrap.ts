import { Fn, TerraformResource, type TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { verbatim } from "../constructs/verbatim.js";
import type { Outputs } from "../spec/cloud/outputs.js";
import { OUTPUTS_VARIABLE, type StackContext } from "./context.js";

/** Construct id of the step that makes a cluster of the machines. */
export const BOOTSTRAP = "bootstrap";

/**
 * Lets a deployment end with a running cluster: once all that it waits for is there, the context's command is run on
 * this machine, and run again when the environment file or a machine is another. The command finds what the site tells
 * of itself in the variable {@link OUTPUTS_VARIABLE}; no secret is among it, and none is on the command line.
 *
 * Nothing is added when the context has no command.
 * @param outputs - what the site tells, under the site's name
 * @param after - constructs whose resources must all be there before
 */
export function bootstrapAfter(
  stack: TerraformStack,
  { bootstrap }: Pick<StackContext, "bootstrap">,
  outputs: Outputs,
  after: readonly IConstruct[],
): void {
  if (bootstrap === undefined) return;
  // Not cdktf's own class: that one runs `terraform version`, and no stack could be made where there is no Terraform.
  const end = new TerraformResource(stack, BOOTSTRAP, {
    terraformResourceType: "terraform_data",
    dependsOn: resourcesIn(after),
    provisioners: [
      {
        type: "local-exec",
        command: verbatim(bootstrap.command),
        workingDir: verbatim(bootstrap.folder),
        environment: { [OUTPUTS_VARIABLE]: Fn.jsonencode(outputs) },
      },
    ],
  });
  end.addOverride("triggers_replace", { digest: bootstrap.digest, machines: machineIds(outputs) });
}

/** A machine that was remade has nothing on it yet, even when the file is the same. */
function machineIds(outputs: Outputs): Record<string, string> {
  return Object.fromEntries(
    Object.entries(outputs).flatMap(([site, { nodes }]) =>
      Object.entries(nodes).map(([node, { id }]) => [`${site}/${node}`, id]),
    ),
  );
}

function resourcesIn(constructs: readonly IConstruct[]): TerraformResource[] {
  const all = constructs.flatMap((construct) => construct.node.findAll());
  return [...new Set(all.filter((one): one is TerraformResource => TerraformResource.isTerraformResource(one)))];
}
