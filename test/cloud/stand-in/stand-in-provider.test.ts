import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decrypt, generateKey, readMessage } from "openpgp";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { silentProgress } from "../../../supply/progress.js";
import { provideTerraform } from "../../../supply/terraform.js";
import { TerraformRun, told } from "../terraform-run.js";
import { type SampleProps, sampleStack } from "./sample-stack.js";
import { StandInProvider } from "./stand-in-provider.js";

let folder: string;
let provider: StandInProvider;
let terraform: TerraformRun;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "harborwright-stand-in-"));
  provider = await StandInProvider.start();
  const program = await provideTerraform(undefined, silentProgress);
  terraform = new TerraformRun(program, folder, await provider.environment(program));
});
afterEach(async () => {
  provider.stop();
  await rm(folder, { recursive: true });
});

async function stack(props?: SampleProps): Promise<void> {
  await writeFile(join(folder, "cdk.tf.json"), sampleStack(props));
}

async function made(props?: SampleProps): Promise<void> {
  await stack(props);
  await terraform.init();
  await terraform.apply();
}

describe("the stand-in for Alibaba Cloud", () => {
  test("makes what a stack asks for, has nothing to change afterwards, and is empty when that is destroyed", async () => {
    await made();
    expect(provider.cloud.things.map((thing) => thing.type).sort()).toEqual([
      "alicloud_ecs_key_pair",
      "alicloud_instance",
      "alicloud_instance",
      "alicloud_nlb_load_balancer",
      "alicloud_oss_bucket",
      "alicloud_oss_bucket_versioning",
      "alicloud_security_group",
      "alicloud_vpc",
      "alicloud_vswitch",
    ]);
    expect(await terraform.plan()).toEqual({});
    const ids = provider.cloud.of("alicloud_instance").map((thing) => thing.id);
    expect(await terraform.output("made")).toEqual({
      nodes: expect.arrayContaining(ids),
      entry: expect.stringMatching(/^balancer-\w+\.nlb\.stand-in\.test$/),
      bucket: "sample-images",
    });
    await terraform.destroy();
    expect(provider.cloud.things).toEqual([]);
  });

  test("changes in place what can be changed, and replaces what cannot", async () => {
    await made();
    await stack({ size: "ecs.c7.2xlarge" });
    expect(await terraform.plan()).toEqual({
      "alicloud_instance.node-1": "update",
      "alicloud_instance.node-2": "update",
    });
    await stack({ zone: "cn-hangzhou-i" });
    expect(await terraform.plan()).toMatchObject({ "alicloud_vswitch.subnet": "replace" });
  });

  test("does not delete what is protected", async () => {
    await made({ protect: true });
    const { ok, diagnostics } = await terraform.tryDestroy();
    expect(ok).toBe(false);
    expect(told(diagnostics)).toContain("OperationDenied.DeletionProtection");
    await stack();
    await terraform.apply();
    await terraform.destroy();
    expect(provider.cloud.things).toEqual([]);
  });

  test("does not delete a bucket that holds something", async () => {
    await made();
    provider.cloud.fill("sample-images");
    expect(told((await terraform.tryDestroy()).diagnostics)).toContain("BucketNotEmpty");
    expect(provider.cloud.things.map((thing) => thing.type)).toEqual(["alicloud_oss_bucket"]);
  });

  test("fails once where it is told to, and goes on from there", async () => {
    await stack();
    await terraform.init();
    provider.cloud.fail({ verb: "create", type: "alicloud_instance", with: "node-2" });
    expect(told((await terraform.tryApply()).diagnostics)).toContain("InternalError");
    expect(await terraform.plan()).toEqual({ "alicloud_instance.node-2": "create" });
    await terraform.apply();
    expect(await terraform.plan()).toEqual({});
  });

  test("a machine that was made only half is made anew", async () => {
    await stack();
    await terraform.init();
    provider.cloud.fail({ verb: "create", type: "alicloud_instance", with: "node-2", leaves: "half" });
    expect(told((await terraform.tryApply()).diagnostics)).toContain("did not become ready");
    expect(await terraform.plan()).toEqual({ "alicloud_instance.node-2": "replace" });
    await terraform.apply();
    expect(provider.cloud.of("alicloud_instance")).toHaveLength(2);
  });

  test("what somebody deleted is missed", async () => {
    await made();
    for (const thing of provider.cloud.of("alicloud_nlb_load_balancer")) provider.cloud.lose(thing);
    expect(await terraform.plan()).toEqual({ "alicloud_nlb_load_balancer.balancer": "create" });
  });

  test("the secret of an access key leaves it encrypted only", async () => {
    const { privateKey, publicKey } = await generateKey({
      type: "ecc",
      curve: "nistP256",
      userIDs: [{ name: "sample" }],
      format: "object",
    });
    await made({ recipient: Buffer.from(publicKey.write()).toString("base64") });
    const message = await readMessage({ binaryMessage: Buffer.from(`${await terraform.output("secret")}`, "base64") });
    const { data } = await decrypt({ message, decryptionKeys: privateKey });
    expect(data).toMatch(/^[0-9a-f]{30}$/);
    expect(JSON.stringify(provider.cloud.things)).not.toContain(data);
  });
});
