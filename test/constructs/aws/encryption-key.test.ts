import { TerraformStack, Testing } from "cdktf";
import { describe, expect, test } from "vitest";
import {
  allowService,
  EncryptionKey,
  type EncryptionKeyProps,
  existingKey,
} from "../../../constructs/aws/encryption-key.js";
import { documentIn, synthesized } from "../template.js";

function keyIn(stack: TerraformStack, props: Partial<EncryptionKeyProps> = {}) {
  return new EncryptionKey(stack, "key", { name: "prod", description: "images of prod", ...props });
}

function keyOf(change: (key: EncryptionKey) => void = () => {}, props: Partial<EncryptionKeyProps> = {}) {
  const stack = new TerraformStack(Testing.app(), "site");
  change(keyIn(stack, props));
  return synthesized(stack);
}

describe("a key", () => {
  test("gets new material each year and stays for thirty days after its deletion", () => {
    expect(keyOf().resource("aws_kms_key", "key/key")).toMatchObject({
      enable_key_rotation: true,
      deletion_window_in_days: 30,
      lifecycle: { prevent_destroy: true },
    });
  });

  test("can be destroyed once its protection is lifted", () => {
    const key = keyOf(() => {}, { protect: false }).resource("aws_kms_key", "key/key");
    expect(key).toMatchObject({ lifecycle: { prevent_destroy: false } });
  });

  test("is found in the console by name", () => {
    const template = keyOf();
    expect(template.resource("aws_kms_alias", "key/alias")).toEqual({
      name: "alias/prod",
      target_key_id: template.reference("aws_kms_key", "key/key", "key_id"),
    });
  });

  test("is ruled by the account's administrators, and no service may use it by itself", () => {
    const template = keyOf();
    const { Statement } = documentIn(template.resource("aws_kms_key", "key/key").policy) as { Statement: unknown[] };
    const account = template.reference("aws_caller_identity", "account/caller", "account_id");
    const partition = template.reference("aws_partition", "account/partition", "partition");
    expect(Statement).toEqual([
      {
        Sid: "Administrators",
        Effect: "Allow",
        Principal: { AWS: `arn:${partition}:iam::${account}:root` },
        Action: "kms:*",
        Resource: "*",
      },
    ]);
  });

  test("lets a service in for this account alone", () => {
    const template = keyOf((key) => {
      key.allowService("cloudwatch");
      key.allowService("cloudtrail");
      key.allowService("logs");
    });
    const { Statement } = documentIn(template.resource("aws_kms_key", "key/key").policy) as {
      Statement: { Sid: string; Condition?: unknown }[];
    };
    const services = Statement.slice(1);
    expect(services.map(({ Sid }) => Sid)).toEqual(["AuditTrailLooks", "AuditTrail", "Alarms", "Logs"]);
    const account = template.reference("aws_caller_identity", "account/caller", "account_id");
    for (const { Condition } of services) expect(JSON.stringify(Condition)).toContain(account);
  });

  test("is the same in whatever order services are let in", () => {
    const one = keyOf((key) => {
      key.allowService("logs");
      key.allowService("cloudwatch");
    });
    const other = keyOf((key) => {
      key.allowService("cloudwatch");
      key.allowService("logs");
      key.allowService("logs");
    });
    expect(one.json).toBe(other.json);
  });

  test("can be changed before it is made", () => {
    const transform = { key: (config: object) => ({ ...config, multiRegion: true }) };
    expect(keyOf(() => {}, { transform }).resource("aws_kms_key", "key/key")).toMatchObject({ multi_region: true });
  });
});

test("a key that somebody has is left as it is", () => {
  expect(() => allowService({ id: "arn:aws:kms:eu-central-1:123456789012:key/1234" }, "logs")).not.toThrow();
});

test("a key that somebody has is known by its ARN, and looked up by any other name", () => {
  const stack = new TerraformStack(Testing.app(), "site");
  const arn = "arn:aws:kms:eu-central-1:123456789012:key/1234";
  expect(existingKey(stack, "theirs", arn)).toEqual({ id: arn });
  existingKey(stack, "named", "alias/images");
  expect(synthesized(stack).dataSources("aws_kms_key")).toEqual({ named: { key_id: "alias/images" } });
});
