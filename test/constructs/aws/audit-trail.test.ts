import { TerraformStack, Testing } from "cdktf";
import { describe, expect, test } from "vitest";
import { AuditTrail, type AuditTrailProps } from "../../../constructs/aws/audit-trail.js";
import { EncryptionKey } from "../../../constructs/aws/encryption-key.js";
import { Logs } from "../../../constructs/aws/logs.js";
import { ObjectStore } from "../../../constructs/aws/object-store.js";
import { documentIn, synthesized } from "../template.js";

function trailOf(props: Partial<AuditTrailProps> = {}, name = "prod") {
  const stack = new TerraformStack(Testing.app(), "site");
  const key = new EncryptionKey(stack, "key", { name, description: "logs" });
  const logs = new Logs(stack, "logs", { name, key });
  new AuditTrail(stack, "audit", { name, logs, key, ...props });
  return synthesized(stack);
}

describe("the audit trail", () => {
  test("hears of all regions, in encrypted files that show when somebody touched them", () => {
    const template = trailOf();
    expect(template.resource("aws_cloudtrail", "audit/trail")).toMatchObject({
      is_multi_region_trail: true,
      include_global_service_events: true,
      enable_log_file_validation: true,
      kms_key_id: template.reference("aws_kms_key", "key/key", "arn"),
      s3_bucket_name: template.reference("aws_s3_bucket", "audit/files/bucket", "bucket"),
    });
  });

  test("can be searched in the logs; CloudTrail does not say for whom it writes there", () => {
    const template = trailOf();
    const group = template.reference("aws_cloudwatch_log_group", "logs/audit", "arn");
    expect(template.resource("aws_cloudtrail", "audit/trail").cloud_watch_logs_group_arn).toBe(`${group}:*`);
    const trust = template.resource("aws_iam_role", "logs/audit-writer").assume_role_policy;
    expect(trust).toContain("cloudtrail.amazonaws.com");
    expect(trust).not.toContain("Condition");
  });

  test("is the only one that writes to its bucket", () => {
    const template = trailOf();
    const { Statement } = documentIn(template.resource("aws_s3_bucket_policy", "audit/files/policy").policy) as {
      Statement: { Sid: string; Effect: string; Condition: unknown }[];
    };
    const allowed = Statement.filter(({ Effect }) => Effect === "Allow");
    expect(allowed.map(({ Sid }) => Sid)).toEqual(["TrailLooks", "TrailWrites"]);
    for (const { Condition } of allowed) expect(JSON.stringify(Condition)).toContain(":trail/prod");
  });

  test("has who reads its files written down in the bucket that is given", () => {
    const stack = new TerraformStack(Testing.app(), "site");
    const { accessLog } = new ObjectStore(stack, "store", { name: "prod", bucket: "example-images" }).resources;
    if (accessLog === undefined) throw new Error("the store keeps no log of requests");
    new AuditTrail(stack, "audit", { name: "prod", logs: new Logs(stack, "logs", { name: "prod" }), accessLog });
    const template = synthesized(stack);
    expect(template.resource("aws_s3_bucket_logging", "audit/logging")).toMatchObject({
      bucket: template.reference("aws_s3_bucket", "audit/files/bucket", "bucket"),
      target_bucket: template.reference("aws_s3_bucket", "store/access-log/bucket", "bucket"),
      target_prefix: "audit/",
    });
    const { Statement } = documentIn(template.resource("aws_s3_bucket_policy", "store/access-log/policy").policy) as {
      Statement: { Sid: string; Condition: unknown }[];
    };
    expect(Statement.find(({ Sid }) => Sid === "DeliveryOfAudit")?.Condition).toMatchObject({
      ArnLike: { "aws:SourceArn": template.reference("aws_s3_bucket", "audit/files/bucket", "arn") },
    });
  });

  test("tells KMS with each file whose it is, for its right to the key depends on that", () => {
    const template = trailOf();
    const type = "aws_s3_bucket_server_side_encryption_configuration";
    expect(template.resource(type, "audit/files/encryption").rule).toMatchObject([{ bucket_key_enabled: false }]);
    expect(template.resource("aws_kms_key", "key/key").policy).toContain("kms:EncryptionContext:aws:cloudtrail:arn");
  });

  test("waits for the right to write", () => {
    const { depends_on } = trailOf().resource("aws_cloudtrail", "audit/trail");
    expect(depends_on).toEqual([
      expect.stringMatching(/^aws_s3_bucket_policy\./),
      expect.stringMatching(/^aws_iam_role_policy\./),
    ]);
  });

  test("keeps its files as long as asked, and refuses to lose them by accident", () => {
    const template = trailOf({ keepDays: 365 });
    expect(template.resource("aws_s3_bucket", "audit/files/bucket")).toMatchObject({ force_destroy: false });
    expect(
      template.resource("aws_s3_bucket_lifecycle_configuration", "audit/files/lifecycle/rules").rule,
    ).toMatchObject([{ expiration: [{ days: 365 }] }, {}]);
  });

  test("has a bucket whose name no other account takes, and that fits", () => {
    const template = trailOf({}, "p".repeat(65));
    const account = template.reference("aws_caller_identity", "account/caller", "account_id");
    const name = String(template.resource("aws_s3_bucket", "audit/files/bucket").bucket);
    expect(name.endsWith(`-${account}`)).toBe(true);
    expect(name.replace(account, "123456789012")).toMatch(/^[a-z0-9-]{3,63}$/);
  });
});
