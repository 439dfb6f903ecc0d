import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AmazonRequests } from "../../operations/amazon-requests.js";
import { databaseAdministrator, giveCachePassword, isCacheUserOn } from "../../operations/amazon-services.js";
import { siteOutputsSchema } from "../../spec/cloud/outputs.js";
import { parseEnvironment } from "../../spec/parse.js";
import { Secret } from "../../spec/secret.js";
import { silentProgress } from "../../supply/progress.js";
import { provideTerraform } from "../../supply/terraform.js";
import { terraformEnvironment } from "../../supply/terraform-environment.js";
import { onAlicloud } from "./data-services/stacks.js";
import { ExampleSite } from "./example-site.js";
import { MotoServer } from "./moto/moto-server.js";
import { StandInProvider } from "./stand-in/stand-in-provider.js";
import { TerraformRun } from "./terraform-run.js";

const HARBOR_ON_AWS = join(import.meta.dirname, "../../environments/examples/harbor-aws.yaml");

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "harborwright-data-services-"));
});
afterEach(() => rm(folder, { recursive: true }));

function put(stack: string): Promise<void> {
  return writeFile(join(folder, "cdk.tf.json"), stack);
}

// The provider waits by its own clocks: 80 s for an instance of RDS, 30 s for a cache, as long again for their end.
const BY_THE_CLOCK = { timeout: 900_000 };

test("Harbor's example on AWS: made, given its passwords, none in the state, and gone", BY_THE_CLOCK, async () => {
  const moto = await MotoServer.start();
  try {
    const { providerArguments } = moto;
    const terraform = await provideTerraform(undefined, silentProgress);
    const example = await ExampleSite.of(HARBOR_ON_AWS, folder);
    const env = { ...(await terraformEnvironment(terraform, ["aws"], silentProgress)), ...moto.environment };
    const run = new TerraformRun(terraform, example.folder, env);
    await example.synthesize({ providerArguments });
    await run.init();
    expect(await run.validate()).toEqual([]);
    expect(await run.tryApply()).toEqual({ ok: true, diagnostics: [] });

    const { database, cache } = siteOutputsSchema.parse(await run.output("site"));
    const requests = await askedOf(moto);
    const administrator = await databaseAdministrator(requests, database?.secret ?? "");
    expect(administrator.user).toBe("postgres");
    expect(administrator.password.reveal()).not.toBe("");
    const user = cache?.userId ?? "";
    expect(await isCacheUserOn(requests, user)).toBe(false);
    await giveCachePassword(requests, user, new Secret("APasswordOfSomeLength23456789"));
    expect(await isCacheUserOn(requests, user)).toBe(true);
    expect(await run.plan()).toEqual({});
    expect(moto.unknownActions).toEqual([]);

    const state = await readFile(join(example.folder, "harbor-aws-frankfurt.tfstate"), "utf8");
    expect(passwordsIn(JSON.parse(state))).toEqual([]);
    expect(state).not.toContain("APasswordOfSomeLength");

    await example.synthesize({ providerArguments, lifted: "data" });
    await run.apply();
    await run.destroy();
    expect(await moto.made()).toEqual({});
  } finally {
    await moto.stop();
  }
});

/** Requests to moto as harborwright sends them to AWS. */
async function askedOf({ environment }: MotoServer): Promise<AmazonRequests> {
  const { sites } = parseEnvironment(await readFile(HARBOR_ON_AWS, "utf8"), "harbor-aws.yaml");
  const site = sites.find((one) => one.provider === "aws");
  if (site?.provider !== "aws") throw new Error("the example has no site on AWS");
  return new AmazonRequests(site, { accessKey: "placeholder", secretKey: new Secret("placeholder") }, environment);
}

test("on Alibaba Cloud the real provider has nothing against them, and would make all of it", async () => {
  const terraform = await provideTerraform(undefined, silentProgress);
  const run = new TerraformRun(terraform, folder, {
    ...(await terraformEnvironment(terraform, ["alicloud"], silentProgress)),
    ALICLOUD_ACCESS_KEY: "placeholder",
    ALICLOUD_SECRET_KEY: "placeholder",
  });
  await put(onAlicloud({ protect: true }));
  await run.init();
  expect(await run.validate()).toEqual([]);
  expect(await run.tryPlan()).toEqual({ ok: true, diagnostics: [] });
  const planned = Object.entries(await run.planned());
  expect(planned.map(([address]) => address.split(".")[0])).toEqual(
    expect.arrayContaining(["alicloud_db_instance", "alicloud_rds_account", "alicloud_kvstore_instance"]),
  );
  expect(planned.filter(([, action]) => action !== "create")).toEqual([]);
});

test("on a stand-in for Alibaba Cloud both are made, nothing is left to do, and both go", async () => {
  const provider = await StandInProvider.start();
  try {
    const terraform = await provideTerraform(undefined, silentProgress);
    const run = new TerraformRun(terraform, folder, await provider.environment(terraform));
    await put(onAlicloud({ protect: false }));
    await run.init();
    expect(await run.tryApply()).toEqual({ ok: true, diagnostics: [] });
    expect(await run.plan()).toEqual({});
    await run.destroy();
    expect(provider.cloud.things).toEqual([]);
  } finally {
    provider.stop();
  }
});

/** Values of arguments and attributes that hold a password in the clear, by their names. */
function passwordsIn(state: unknown): string[] {
  if (Array.isArray(state)) return state.flatMap(passwordsIn);
  if (typeof state !== "object" || state === null) return [];
  return Object.entries(state).flatMap(([name, value]) => {
    const secret = ["password", "passwords", "auth_token", "secret_string"].includes(name);
    const empty = value === null || value === "" || (Array.isArray(value) && value.length === 0);
    return secret && !empty ? [name] : passwordsIn(value);
  });
}
