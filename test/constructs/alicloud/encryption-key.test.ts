import { expect, test } from "vitest";
import { EncryptionKey, type EncryptionKeyProps } from "../../../constructs/alicloud/encryption-key.js";
import { synthesized } from "../template.js";
import { alicloudStack } from "./site.js";

function keyWith(props: Partial<EncryptionKeyProps> = {}) {
  const stack = alicloudStack();
  new EncryptionKey(stack, "key", { name: "prod-hangzhou", description: "images of prod", ...props });
  return synthesized(stack);
}

test("a key is kept for 30 days after it is deleted, and cannot be deleted by accident", () => {
  expect(keyWith().resource("alicloud_kms_key", "key/key")).toMatchObject({
    description: "images of prod",
    pending_window_in_days: 30,
    deletion_protection: "Enabled",
  });
});

test("the account's master key does not rotate unless it is asked to, for that must be bought", () => {
  expect(keyWith().resource("alicloud_kms_key", "key/key").automatic_rotation).toBe("Disabled");
  expect(keyWith({ rotate: true }).resource("alicloud_kms_key", "key/key")).toMatchObject({
    automatic_rotation: "Enabled",
    rotation_interval: "365d",
  });
});

test("a key in an instance rotates each year", () => {
  expect(keyWith({ instance: "kst-hzz1" }).resource("alicloud_kms_key", "key/key")).toMatchObject({
    dkms_instance_id: "kst-hzz1",
    automatic_rotation: "Enabled",
    rotation_interval: "365d",
  });
});

test("a key is not replaced because the region keeps it in hardware", () => {
  const key = keyWith().resource("alicloud_kms_key", "key/key");
  expect(key).toMatchObject({ lifecycle: { ignore_changes: ["protection_level"] } });
  expect(key).not.toHaveProperty("protection_level");
});

test("people find it by its alias", () => {
  const template = keyWith();
  expect(template.resource("alicloud_kms_alias", "key/alias")).toEqual({
    alias_name: "alias/prod-hangzhou",
    key_id: template.reference("alicloud_kms_key", "key/key", "id"),
  });
});

test("what is made can be changed before it is made", () => {
  const template = keyWith({ protect: false, transform: { key: (config) => ({ ...config, keySpec: "Aliyun_SM4" }) } });
  expect(template.resource("alicloud_kms_key", "key/key")).toMatchObject({
    key_spec: "Aliyun_SM4",
    deletion_protection: "Disabled",
  });
});
