import { App, TerraformStack, Testing } from "cdktf";
import { expect, test } from "vitest";
import { infrastructureSchema } from "../../spec/cloud/infrastructure.js";
import { useBackend } from "../../stacks/backend.js";

function backendOf(state: unknown, site = "hangzhou"): unknown {
  const stack = new TerraformStack(new App(), "any");
  const environment = { environment: "prod", infrastructure: infrastructureSchema.parse({ state }) };
  useBackend(stack, environment, { name: site }, { stateFolder: "/srv/environments/.harborwright/prod" });
  return JSON.parse(Testing.synth(stack)).terraform.backend;
}

test("a state that is a file has an absolute path, and the name of its stack", () => {
  expect(backendOf({ in: "local" })).toEqual({
    local: { path: "/srv/environments/.harborwright/prod/prod-hangzhou.tfstate" },
  });
});

test("a state in S3 is encrypted, and locked by S3 itself", () => {
  expect(backendOf({ in: "s3", bucket: "states", region: "eu-central-1" })).toEqual({
    s3: {
      bucket: "states",
      region: "eu-central-1",
      key: "harborwright/prod-hangzhou.tfstate",
      encrypt: true,
      use_lockfile: true,
    },
  });
});

test("a state in OSS is encrypted, and locked by a table", () => {
  const tablestore = { endpoint: "https://locks.cn-hangzhou.ots.aliyuncs.com", table: "locks" };
  expect(backendOf({ in: "oss", bucket: "states", region: "cn-hangzhou", tablestore })).toEqual({
    oss: {
      bucket: "states",
      region: "cn-hangzhou",
      prefix: "harborwright",
      key: "prod-hangzhou.tfstate",
      encrypt: true,
      tablestore_endpoint: "https://locks.cn-hangzhou.ots.aliyuncs.com",
      tablestore_table: "locks",
    },
  });
});

test("every site has a state of its own", () => {
  const keys = ["hangzhou", "shanghai"].map((site) =>
    JSON.stringify(backendOf({ in: "s3", bucket: "states", region: "eu-central-1" }, site)),
  );
  expect(new Set(keys).size).toBe(2);
});
