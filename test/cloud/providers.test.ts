import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AlicloudProvider } from "@cdktf/provider-alicloud/lib/provider";
import { Vpc } from "@cdktf/provider-alicloud/lib/vpc";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic/index.js";
import { App, TerraformStack, Testing } from "cdktf";
import { afterEach, beforeEach, expect, test } from "vitest";
import { $ } from "zx";
import { silentProgress } from "../../supply/progress.js";
import { provideTerraform } from "../../supply/terraform.js";
import { terraformEnvironment } from "../../supply/terraform-environment.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "harborwright-providers-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** A stack for which nobody asks anything of a cloud: nothing in it is read, and who pays for it is said. */
function bothClouds(): string {
  const stack = new TerraformStack(new App(), "both");
  new AlicloudProvider(stack, "alicloud", {
    region: "cn-hangzhou",
    accessKey: "placeholder",
    secretKey: "placeholder",
    accountType: "Domestic",
    accountId: "1234567890123456",
    skipRegionValidation: true,
  });
  new Vpc(stack, "network", { vpcName: "network", cidrBlock: "10.20.0.0/16" });
  new AwsProvider(stack, "aws", {
    region: "eu-central-1",
    accessKey: "placeholder",
    secretKey: "placeholder",
    skipCredentialsValidation: true,
    skipMetadataApiCheck: "true",
    skipRequestingAccountId: true,
  });
  new SnsTopic(stack, "alarms", { name: "alarms" });
  return Testing.synth(stack);
}

test.each([
  ["the program of this machine", undefined],
  ["OpenTofu", "opentofu"],
] as const)(
  "the real providers of both clouds are found without a registry, and plan, by way of %s",
  async (_, engine) => {
    const terraform = await provideTerraform(engine, silentProgress);
    const env = { ...process.env, ...(await terraformEnvironment(terraform, ["alicloud", "aws"], silentProgress)) };
    await writeFile(join(folder, "cdk.tf.json"), bothClouds());
    const run = $({ cwd: folder, env, quiet: true });
    await run`${terraform.program} init -input=false`;
    await run`${terraform.program} plan -input=false -out=planned`;
    const { stdout } = await run`${terraform.program} show -json planned`;
    const changes = (JSON.parse(stdout) as { resource_changes: { address: string }[] }).resource_changes;
    expect(changes.map((change) => change.address)).toEqual(["alicloud_vpc.network", "aws_sns_topic.alarms"]);
  },
);
