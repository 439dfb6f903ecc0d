import { TerraformOutput } from "cdktf";
import { expect, test } from "vitest";
import { Identity } from "../../../constructs/alicloud/identity.js";
import { documentIn, synthesized } from "../template.js";
import { alicloudStack } from "./site.js";

function userIn(name = "prod-hangzhou", work: (identity: Identity) => void = () => {}) {
  const stack = alicloudStack();
  work(new Identity(stack, "identity", { name, description: "registry of prod", tags: { team: "platform" } }));
  return synthesized(stack);
}

test("a user starts with no right and no key", () => {
  expect(userIn().addresses).toEqual(["alicloud_ram_user identity/user"]);
});

test("the secret of an access key is encrypted before it reaches the state", () => {
  const template = userIn("prod", (identity) => identity.accessKey(1, "bXkga2V5"));
  expect(template.resource("alicloud_ram_access_key", "identity/key-1")).toEqual({
    user_name: template.reference("alicloud_ram_user", "identity/user", "name"),
    pgp_key: "bXkga2V5",
    status: "Active",
  });
});

test("a key of a new generation leaves the one before it alone", () => {
  const before = userIn("prod", (identity) => identity.accessKey(1, "bXkga2V5"));
  const after = userIn("prod", (identity) => {
    identity.accessKey(1, "bXkga2V5");
    identity.accessKey(2, "bXkga2V5");
  });
  const keys = after.resources("alicloud_ram_access_key");
  expect(Object.keys(keys)).toEqual(["identity/key-1", "identity/key-2"]);
  expect(keys["identity/key-1"]).toEqual(before.resource("alicloud_ram_access_key", "identity/key-1"));
});

test("a key tells its id and the encrypted secret, and nothing plain", () => {
  const stack = alicloudStack();
  const identity = new Identity(stack, "identity", { name: "prod", description: "registry of prod" });
  new TerraformOutput(stack, "key", { value: identity.accessKey(1, "bXkga2V5") });
  const template = synthesized(stack);
  expect(JSON.parse(template.json).output.key.value).toEqual({
    accessKey: template.reference("alicloud_ram_access_key", "identity/key-1", "id"),
    encryptedSecret: template.reference("alicloud_ram_access_key", "identity/key-1", "encrypted_secret"),
  });
});

test("a right is a policy of its own on this user alone", () => {
  const template = userIn("prod", (identity) =>
    identity.allow("registry", [{ actions: ["oss:GetObject"], resources: ["acs:oss:*:*:images/*"] }]),
  );
  const policy = template.resource("alicloud_ram_policy", "identity/registry");
  expect(policy).toMatchObject({ policy_name: "prod-registry", tags: { team: "platform" } });
  expect(documentIn(policy.policy_document)).toEqual({
    Version: "1",
    Statement: [{ Effect: "Allow", Action: ["oss:GetObject"], Resource: ["acs:oss:*:*:images/*"] }],
  });
  expect(template.resource("alicloud_ram_user_policy_attachment", "identity/registry-of-user")).toEqual({
    policy_name: template.reference("alicloud_ram_policy", "identity/registry", "policy_name"),
    policy_type: "Custom",
    user_name: template.reference("alicloud_ram_user", "identity/user", "name"),
  });
});

test("a long name is cut to what RAM takes", () => {
  expect(String(userIn("x".repeat(70)).resource("alicloud_ram_user", "identity/user").name)).toHaveLength(64);
});
