import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { silentProgress } from "../../supply/progress.js";
import { provideTerraform } from "../../supply/terraform.js";
import { terraformEnvironment } from "../../supply/terraform-environment.js";
import { scan } from "./checkov/scan.js";
import { onAlicloud, onAws } from "./data-services/stacks.js";
import { MotoServer } from "./moto/moto-server.js";
import { StandInProvider } from "./stand-in/stand-in-provider.js";
import { TerraformRun } from "./terraform-run.js";

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

test("on AWS the real provider makes both, keeps no password, and takes both away", BY_THE_CLOCK, async () => {
  const moto = await MotoServer.start();
  try {
    const terraform = await provideTerraform(undefined, silentProgress);
    const env = { ...(await terraformEnvironment(terraform, ["aws"], silentProgress)), ...moto.environment };
    const run = new TerraformRun(terraform, folder, env);
    await put(onAws({ protect: false }));
    await run.init();
    expect(await run.validate()).toEqual([]);
    expect(await run.tryApply()).toEqual({ ok: true, diagnostics: [] });
    await giveCachePassword(moto);
    expect(await run.plan()).toEqual({});
    expect(await run.output("database-of-site")).toMatchObject({
      port: 5432,
      owner: "harbor",
      secret: expect.stringMatching(/^arn:aws:secretsmanager:/),
    });
    expect(moto.unknownActions).toEqual([]);

    const state = JSON.parse(await readFile(join(folder, "terraform.tfstate"), "utf8"));
    expect(passwordsIn(state)).toEqual([]);

    await run.destroy();
    expect(await moto.made()).toEqual({});
  } finally {
    await moto.stop();
  }
});

/** As whoever keeps the password does it: Terraform is to leave it alone, and never to hear of it. */
async function giveCachePassword(moto: MotoServer): Promise<void> {
  const fields = {
    UserId: "small-harbor",
    AccessString: "on ~* &* +@all",
    "AuthenticationMode.Type": "password",
    "AuthenticationMode.Passwords.member.1": "a-password-of-some-length",
  };
  const encoded = Object.entries(fields).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  const answer = await moto.query("elasticache", "ModifyUser", ...encoded);
  expect(answer).toContain("<PasswordCount>1</PasswordCount>");
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

/** What Checkov is to find in them, and why that stays. */
const FOUND_FOR_A_REASON: Readonly<Record<string, readonly string[]>> = {
  // Harbor reads its password when it starts: one that RDS replaces by itself locks it out until the next `up`.
  aws: ["CKV_AWS_304 database_password-rotation"],
  // The duration of each statement would be a line of the log: slow ones are there, the audit has all.
  alicloud: ["CKV_ALI_35 database_instance"],
};

test("Checkov finds nothing in them but what is left as it is for a reason", async () => {
  const stacks = { aws: onAws({ protect: true }), alicloud: onAlicloud({ protect: true }) };
  for (const [name, stack] of Object.entries(stacks)) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, "cdk.tf.json"), stack);
  }
  const scanned = await scan(folder, Object.keys(stacks));
  const found = [...scanned].map(([name, { findings }]) => [
    name,
    findings
      .filter(({ resource }) => /^(database|cache)_/.test(resource.path))
      .map(({ check, resource }) => `${check} ${resource.path}`),
  ]);
  expect(Object.fromEntries(found)).toEqual(FOUND_FOR_A_REASON);
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
