import { App, DataResource, TerraformStack, Testing } from "cdktf";
import { Construct } from "constructs";
import { describe, expect, test } from "vitest";
import { bootstrapAfter } from "../../stacks/bootstrap.js";
import type { Bootstrap } from "../../stacks/context.js";

const BOOTSTRAP: Bootstrap = { command: "harborwright up 'a file'", folder: "/srv", digest: "sha256 of the file" };

function endOf(bootstrap?: Bootstrap) {
  const stack = new TerraformStack(new App(), "site");
  const hosts = new Construct(stack, "hosts");
  const machine = new DataResource(hosts, "node-1");
  const record = new DataResource(stack, "record");
  const outputs = { hangzhou: { nodes: { "node-1": { id: machine.id } }, entry: "registry.test" } };
  bootstrapAfter(stack, bootstrap === undefined ? {} : { bootstrap }, outputs, [hosts, record]);
  return JSON.parse(Testing.synth(stack)).resource.terraform_data;
}

describe("the end of a deployment", () => {
  const { bootstrap, ...others } = endOf(BOOTSTRAP);
  const [machine] = Object.keys(others).filter((name) => name.startsWith("hosts_node-1"));

  test("waits for every resource of what it comes after", () => {
    expect(bootstrap.depends_on).toEqual([`terraform_data.${machine}`, "terraform_data.record"]);
  });

  test("comes again for another file or another machine", () => {
    expect(bootstrap.triggers_replace).toEqual({
      digest: BOOTSTRAP.digest,
      machines: { "hangzhou/node-1": `\${terraform_data.${machine}.id}` },
    });
  });

  test("calls the command with what the site tells, as a variable and not as a word", () => {
    const [{ "local-exec": run }] = bootstrap.provisioner;
    expect(run).toMatchObject({ command: BOOTSTRAP.command, working_dir: "/srv" });
    expect(run.environment.HARBORWRIGHT_OUTPUTS).toContain(`jsonencode(`);
    expect(run.environment.HARBORWRIGHT_OUTPUTS).toContain(`terraform_data.${machine}.id`);
  });

  test("takes nothing in the command for a term of Terraform", () => {
    const odd = endOf({ ...BOOTSTRAP, command: `echo \${HOME} %{x}` });
    expect(odd.bootstrap.provisioner[0]["local-exec"].command).toBe(`echo $\${HOME} %%{x}`);
  });

  test("is left out where nobody asks for it", () => {
    expect(endOf()).not.toHaveProperty("bootstrap");
  });
});
