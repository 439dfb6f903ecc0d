import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { silentProgress } from "../../supply/progress.js";
import { provideTerraform, type Terraform } from "../../supply/terraform.js";
import { terraformEnvironment } from "../../supply/terraform-environment.js";
import { type Difference, ExampleSite, examplesOn } from "./example-site.js";
import { StandInProvider } from "./stand-in/stand-in-provider.js";
import { type Diagnostic, TerraformRun } from "./terraform-run.js";

const examples = (await examplesOn("alicloud")).map((file) => [basename(file, ".yaml"), file] as const);

/** With this nothing is asked of Alibaba Cloud: who pays is said, and no image has to be looked up. */
const OFFLINE: Difference = {
  providerArguments: { account_type: "Domestic", account_id: "1234567890123456", skip_region_validation: true },
  site: (site) => ({ ...site, nodes: { image: "aliyun_3_x64_20G_alibase_20250629.vhd", ...site.nodes } }),
};
const CREDENTIALS = { ALICLOUD_ACCESS_KEY: "placeholder", ALICLOUD_SECRET_KEY: "placeholder" };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "harborwright-alicloud-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function realProvider(terraform: Terraform): Promise<Record<string, string>> {
  return { ...(await terraformEnvironment(terraform, ["alicloud"], silentProgress)), ...CREDENTIALS };
}

test.for(examples)("the real provider has nothing to say against %s, and would make all of it", async ([, file]) => {
  const terraform = await provideTerraform(undefined, silentProgress);
  const example = await ExampleSite.of(file, folder);
  await example.synthesize(OFFLINE);
  const run = new TerraformRun(terraform, example.folder, await realProvider(terraform));
  await run.init();
  expect(await run.validate()).toEqual([]);
  expect(await run.tryPlan()).toEqual({ ok: true, diagnostics: [] });
  const changes = Object.entries(await run.planned());
  expect(changes.length).toBeGreaterThan(50);
  expect(changes.filter(([, action]) => action !== "create")).toEqual([]);
});

/** What no version of the provider takes. */
const WRONG = {
  terraform: { required_providers: { alicloud: { source: "aliyun/alicloud" } } },
  provider: { alicloud: { region: "cn-hangzhou" } },
  resource: {
    alicloud_vpc: { unknown_argument: { cidr_block: "10.20.0.0/16", zone: "cn-hangzhou-h" } },
    alicloud_slb_listener: { missing: { load_balancer_id: "lb-1" } },
    alicloud_nlb_load_balancer: { without_block: { vpc_id: "vpc-1", address_type: "Intranet" } },
    alicloud_instance: { of_another_type: { system_disk_size: "large", tags: ["no map"] } },
    alicloud_oss_bucket: { set_by_the_cloud: { location: "oss-cn-hangzhou" } },
  },
};

test("the stand-in finds the faults that the real provider finds, in the same words", async () => {
  const terraform = await provideTerraform(undefined, silentProgress);
  const provider = await StandInProvider.start();
  const found = async (name: string, env: Readonly<Record<string, string>>): Promise<readonly Diagnostic[]> => {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, "main.tf.json"), JSON.stringify(WRONG));
    const run = new TerraformRun(terraform, join(folder, name), env);
    await run.init();
    return (await run.validate()).toSorted((one, other) => (one.detail < other.detail ? -1 : 1));
  };
  try {
    const faults = await found("stand-in", await provider.environment(terraform));
    expect(faults).toEqual(await found("real", await realProvider(terraform)));
    expect(faults.map((fault) => fault.summary)).toEqual(
      expect.arrayContaining(["Extraneous JSON object property", "Missing required argument"]),
    );
    expect(faults.length).toBeGreaterThanOrEqual(5);
  } finally {
    provider.stop();
  }
});
