import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OssBucket } from "@cdktf/provider-alicloud/lib/oss-bucket";
import { SecurityGroupRule } from "@cdktf/provider-alicloud/lib/security-group-rule";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule/index.js";
import { App, TerraformStack, Testing } from "cdktf";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Scanned, scan } from "./checkov/scan.js";
import { SUPPRESSIONS, type Suppression, suppressionOf } from "./checkov/suppressions.js";
import { ExampleSite, examplesOn } from "./example-site.js";

const files = [...(await examplesOn("alicloud")), ...(await examplesOn("aws"))];
/** Stacks of which some is wrong, in resources that have the names of ours: what is beside them tells them apart. */
const CARELESS = { "careless-alicloud": carelessOnAlicloud, "careless-aws": carelessOnAws };

let folder: string;
let examples: readonly string[];
let scanned: ReadonlyMap<string, Scanned>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "harborwright-checkov-"));
  const sites = await Promise.all(files.map((file) => ExampleSite.of(file, folder)));
  for (const site of sites) await site.synthesize();
  for (const [name, build] of Object.entries(CARELESS)) {
    const stack = new TerraformStack(new App(), name);
    build(stack);
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, "cdk.tf.json"), Testing.synth(stack));
  }
  examples = sites.map(({ name }) => name);
  scanned = await scan(folder, [...examples, ...Object.keys(CARELESS)]);
});
afterAll(() => rm(folder, { recursive: true }));

function carelessOnAlicloud(stack: TerraformStack): void {
  new OssBucket(stack, "store_images_bucket", { bucket: "images" });
  new SecurityGroupRule(stack, "security-groups_nodes-ssh-from-bastion", {
    type: "ingress",
    ipProtocol: "tcp",
    portRange: "22/22",
    cidrIp: "0.0.0.0/0",
    securityGroupId: "sg-1",
  });
}

function carelessOnAws(stack: TerraformStack): void {
  new S3Bucket(stack, "store_images_bucket", { bucket: "images" });
  new VpcSecurityGroupIngressRule(stack, "security-groups_nodes-ssh-from-bastion", {
    ipProtocol: "tcp",
    fromPort: 22,
    toPort: 22,
    cidrIpv4: "0.0.0.0/0",
    securityGroupId: "sg-1",
  });
}

function scanOf(name: string): Scanned {
  const found = scanned.get(name);
  if (found === undefined) throw new Error(`Checkov did not look at ${name}`);
  return found;
}

/** Findings that no entry of the list covers, as a reader wants them. */
function remaining(name: string): string[] {
  return scanOf(name)
    .findings.filter((finding) => suppressionOf(finding, name) === undefined)
    .map(({ check, name: what, resource }) => `${check} ${resource.type} ${resource.path}: ${what}`);
}

test("Checkov finds nothing in the examples but what is left as it is for a reason", () => {
  expect(Object.fromEntries(examples.map((name) => [name, remaining(name)]))).toEqual(
    Object.fromEntries(examples.map((name) => [name, []])),
  );
});

test("Checkov has read every example", () => {
  expect(examples.length).toBeGreaterThan(1);
  for (const name of examples) expect(scanOf(name).passed, name).toBeGreaterThan(10);
});

test("every reason is still needed", () => {
  const needed = new Set<Suppression | undefined>(
    examples.flatMap((name) => scanOf(name).findings.map((finding) => suppressionOf(finding, name))),
  );
  expect(SUPPRESSIONS.filter((suppression) => !needed.has(suppression))).toEqual([]);
});

test.each([
  ["careless-alicloud", ["CKV_ALI_2", "CKV_ALI_6", "CKV_ALI_10", "CKV_ALI_12"]],
  ["careless-aws", ["CKV_AWS_18", "CKV_AWS_21", "CKV_AWS_24", "CKV_AWS_145", "CKV2_AWS_6"]],
])("no reason covers what is wrong in %s, where nothing beside a resource makes it right", (name, wrong) => {
  expect(remaining(name).map((line) => line.split(" ")[0])).toEqual(expect.arrayContaining(wrong));
});
