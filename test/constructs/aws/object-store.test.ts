import { TerraformStack, Testing } from "cdktf";
import { describe, expect, test } from "vitest";
import { Identity } from "../../../constructs/aws/identity.js";
import { ObjectStore, type ObjectStoreProps } from "../../../constructs/aws/object-store.js";
import { documentIn, synthesized } from "../template.js";

const KEY = { id: "arn:aws:kms:eu-central-1:123456789012:key/1234" };
const BUCKET = "aws_s3_bucket";

function storeOf(props: Partial<ObjectStoreProps> = {}, change: (store: ObjectStore) => void = () => {}) {
  const stack = new TerraformStack(Testing.app(), "site");
  change(new ObjectStore(stack, "store", { name: "prod", bucket: "example-images", ...props }));
  return synthesized(stack);
}

/** The statements of a policy. */
function statementsIn(text: unknown): { Sid: string; Action: unknown; Resource: unknown; Condition?: unknown }[] {
  return (documentIn(text) as { Statement: ReturnType<typeof statementsIn> }).Statement;
}

describe("the bucket for images", () => {
  test("is closed to the public, has no ACL and keeps versions", () => {
    const template = storeOf();
    const bucket = template.reference(BUCKET, "store/images/bucket", "id");
    expect(template.resource("aws_s3_bucket_public_access_block", "store/images/closed")).toMatchObject({
      bucket,
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(template.resource("aws_s3_bucket_ownership_controls", "store/images/owner")).toMatchObject({
      rule: { object_ownership: "BucketOwnerEnforced" },
    });
    expect(template.resource("aws_s3_bucket_versioning", "store/images/versions")).toMatchObject({
      versioning_configuration: { status: "Enabled" },
    });
    expect(template.json).not.toContain('"acl"');
  });

  test("refuses whoever comes in the clear or with old TLS", () => {
    const template = storeOf();
    const arn = template.reference(BUCKET, "store/images/bucket", "arn");
    const denied = statementsIn(template.resource("aws_s3_bucket_policy", "store/images/policy").policy);
    expect(denied).toMatchObject([
      {
        Effect: "Deny",
        Action: "s3:*",
        Resource: [arn, `${arn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
      { Effect: "Deny", Action: "s3:*", Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } },
    ]);
  });

  test("is encrypted with the key that is given, and asks for it seldom", () => {
    const type = "aws_s3_bucket_server_side_encryption_configuration";
    expect(storeOf({ key: KEY }).resource(type, "store/images/encryption").rule).toEqual([
      {
        apply_server_side_encryption_by_default: { kms_master_key_id: KEY.id, sse_algorithm: "aws:kms" },
        bucket_key_enabled: true,
      },
    ]);
    expect(storeOf({ key: "service" }).resource(type, "store/images/encryption").rule).toMatchObject([
      { apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } },
    ]);
  });

  test("is not deleted while it is protected, and can be emptied afterwards", () => {
    expect(storeOf().resource(BUCKET, "store/images/bucket")).toMatchObject({
      force_destroy: false,
      lifecycle: { prevent_destroy: true },
    });
    expect(storeOf({ protect: false }).resource(BUCKET, "store/images/bucket")).toMatchObject({
      force_destroy: true,
      lifecycle: { prevent_destroy: false },
    });
  });

  test("drops what was abandoned and old versions, and never what is current", () => {
    const rules = storeOf({ keepVersionsDays: 60, abandonUploadsAfterDays: 3 }).resource(
      "aws_s3_bucket_lifecycle_configuration",
      "store/images/lifecycle/rules",
    ).rule;
    expect(rules).toEqual([
      {
        id: "abandon-uploads",
        status: "Enabled",
        filter: [{ prefix: "" }],
        abort_incomplete_multipart_upload: [{ days_after_initiation: 3 }],
      },
      {
        id: "expire-versions",
        status: "Enabled",
        filter: [{ prefix: "" }],
        noncurrent_version_expiration: [{ noncurrent_days: 60 }],
        expiration: [{ expired_object_delete_marker: true }],
      },
    ]);
  });

  test("moves large layers of the registry's folder to a class that answers at once", () => {
    const { rule } = storeOf({ infrequentAfterDays: 90, folder: "/registry" }).resource(
      "aws_s3_bucket_lifecycle_configuration",
      "store/images/lifecycle/rules",
    );
    expect(rule).toContainEqual({
      id: "layers-infrequent",
      status: "Enabled",
      filter: [{ and: [{ prefix: "registry/docker/registry/v2/blobs/", object_size_greater_than: 131_072 }] }],
      transition: [{ days: 90, storage_class: "STANDARD_IA" }],
    });
  });

  test("tells in which classes it holds bytes", () => {
    storeOf({}, ({ storageTypes }) => expect(storageTypes).toEqual(["StandardStorage"]));
    storeOf({ infrequentAfterDays: 90 }, ({ storageTypes }) => {
      expect(storageTypes).toEqual(["StandardStorage", "StandardIAStorage"]);
    });
  });
});

describe("the log of requests", () => {
  test("goes to a second bucket, to which S3 alone delivers, for this bucket and account", () => {
    const template = storeOf();
    const log = template.reference(BUCKET, "store/access-log/bucket", "bucket");
    expect(template.resource("aws_s3_bucket_logging", "store/logging")).toMatchObject({
      bucket: template.reference(BUCKET, "store/images/bucket", "bucket"),
      target_bucket: log,
    });
    const allowed = statementsIn(template.resource("aws_s3_bucket_policy", "store/access-log/policy").policy);
    expect(allowed.at(-1)).toMatchObject({
      Effect: "Allow",
      Principal: { Service: "logging.s3.amazonaws.com" },
      Action: "s3:PutObject",
      Condition: {
        ArnLike: { "aws:SourceArn": template.reference(BUCKET, "store/images/bucket", "arn") },
        StringEquals: {
          "aws:SourceAccount": template.reference("aws_caller_identity", "account/caller", "account_id"),
        },
      },
    });
  });

  test("is encrypted with S3's own key, for its delivery knows no other", () => {
    const rule = storeOf({ key: KEY }).resource(
      "aws_s3_bucket_server_side_encryption_configuration",
      "store/access-log/encryption",
    ).rule;
    expect(rule).toMatchObject([{ apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } }]);
  });

  test("goes when it is old enough", () => {
    const { rule } = storeOf({ accessLogKeepDays: 180 }).resource(
      "aws_s3_bucket_lifecycle_configuration",
      "store/access-log/lifecycle/rules",
    );
    expect(rule).toMatchObject([{ expiration: [{ days: 180 }] }, { noncurrent_version_expiration: [{}] }]);
  });

  test("has a bucket's name even where the other is as long as may be", () => {
    const log = storeOf({ bucket: "b".repeat(63) }).resource(BUCKET, "store/access-log/bucket").bucket;
    expect(log).toMatch(/^[a-z0-9-]{3,63}$/);
    expect(log).not.toBe("b".repeat(63));
  });

  test("is not written when nobody asks for it", () => {
    expect(Object.keys(storeOf({ accessLog: false }).resources(BUCKET))).toEqual(["store/images/bucket"]);
  });
});

describe("a registry's rights", () => {
  function rightsOf(props: Partial<ObjectStoreProps>, prefix: string) {
    const template = storeOf(props, (store) => {
      store.grantRegistry(new Identity(store, "identity", { name: "prod", description: "nodes" }), { prefix });
    });
    const right = template.resource("aws_iam_role_policy", "store/identity/registry-storage");
    return { arn: template.reference(BUCKET, "store/images/bucket", "arn"), statements: statementsIn(right.policy) };
  }

  test("are those that its storage driver uses, on its folder and with its key", () => {
    const { arn, statements } = rightsOf({ key: KEY }, "/registry");
    expect(statements.map(({ Action, Resource }) => ({ Action, Resource }))).toEqual([
      { Action: ["s3:ListBucket", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads"], Resource: [arn] },
      {
        Action: [
          "s3:GetObject",
          "s3:PutObject",
          "s3:DeleteObject",
          "s3:ListMultipartUploadParts",
          "s3:AbortMultipartUpload",
        ],
        Resource: [`${arn}/registry/*`],
      },
      { Action: ["s3:PutObjectAcl"], Resource: [`${arn}/registry/*`] },
      { Action: ["kms:GenerateDataKey", "kms:Decrypt"], Resource: [KEY.id] },
    ]);
  });

  test("hold the key only by way of S3", () => {
    const { statements } = rightsOf({ key: KEY }, "/registry");
    expect(JSON.stringify(statements.at(-1)?.Condition)).toMatch(/"kms:ViaService":"s3\./);
  });

  test("are on the whole bucket when the registry has no folder, and on no key of S3's own", () => {
    const { arn, statements } = rightsOf({ key: "service" }, "/");
    expect(statements.map(({ Resource }) => Resource)).toEqual([[arn], [`${arn}/*`], [`${arn}/*`]]);
  });
});
