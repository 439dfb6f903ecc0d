import { describe, expect, test } from "vitest";
import { EncryptionKey } from "../../../constructs/alicloud/encryption-key.js";
import { Identity } from "../../../constructs/alicloud/identity.js";
import { ObjectStore, type ObjectStoreProps, registryRights } from "../../../constructs/alicloud/object-store.js";
import { REGISTRY_OPERATIONS } from "../../../constructs/object-store.js";
import { documentIn, synthesized } from "../template.js";
import { alicloudStack } from "./site.js";

function storeWith(props: Partial<ObjectStoreProps> = {}) {
  const stack = alicloudStack();
  new ObjectStore(stack, "store", { name: "prod", bucket: "images-of-example", key: "service", ...props });
  return synthesized(stack);
}

/** A store with a key of its own, and a user that has a registry's rights on it. */
function grantedStore() {
  const stack = alicloudStack();
  const key = new EncryptionKey(stack, "key", { name: "prod", description: "images" });
  const store = new ObjectStore(stack, "store", { name: "prod", bucket: "images-of-example", key });
  const identity = new Identity(stack, "identity", { name: "prod", description: "registry" });
  store.grantRegistry(identity, { bucket: "images-of-example", prefix: "/registry" });
  return synthesized(stack);
}

describe("both buckets", () => {
  test.each(["images", "requests"])("of %s are private, encrypted and reached by TLS only", (which) => {
    const template = storeWith();
    const path = (name: string) => `store/${which}/${name}`;
    const bucket = template.reference("alicloud_oss_bucket", path("bucket"), "bucket");
    expect(template.resource("alicloud_oss_bucket_acl", path("acl"))).toEqual({ bucket, acl: "private" });
    expect(template.resource("alicloud_oss_bucket_public_access_block", path("no-public-access"))).toEqual({
      bucket,
      block_public_access: true,
    });
    expect(template.resource("alicloud_oss_bucket_server_side_encryption", path("encryption"))).toEqual({
      bucket,
      sse_algorithm: "AES256",
    });
    expect(template.resource("alicloud_oss_bucket_https_config", path("tls"))).toEqual({
      bucket,
      enable: true,
      tls_versions: ["TLSv1.2", "TLSv1.3"],
    });
    const name = template.resource("alicloud_oss_bucket", path("bucket")).bucket;
    expect(documentIn(template.resource("alicloud_oss_bucket_policy", path("policy")).policy)).toEqual({
      Version: "1",
      Statement: [
        {
          Effect: "Deny",
          Principal: ["*"],
          Action: ["oss:*"],
          Resource: [`acs:oss:*:*:${name}`, `acs:oss:*:*:${name}/*`],
          Condition: { Bool: { "acs:SecureTransport": ["false"] } },
        },
      ],
    });
  });
});

describe("the bucket of images", () => {
  test("is in three zones, in a class that answers at once, and is not deleted while it holds something", () => {
    expect(storeWith().resource("alicloud_oss_bucket", "store/images/bucket")).toMatchObject({
      bucket: "images-of-example",
      storage_class: "Standard",
      redundancy_type: "ZRS",
      force_destroy: false,
    });
  });

  test("is deleted with what it holds when nothing protects it", () => {
    const { force_destroy } = storeWith({ protect: false }).resource("alicloud_oss_bucket", "store/images/bucket");
    expect(force_destroy).toBe(true);
  });

  test("leaves alone what resources of their own write", () => {
    expect(storeWith().resource("alicloud_oss_bucket", "store/images/bucket").lifecycle).toEqual({
      ignore_changes: ["policy", "server_side_encryption_rule", "versioning", "logging"],
    });
  });

  test("keeps versions, drops leftovers, and moves large layers of the registry's folder", () => {
    const { lifecycle_rule: rules } = storeWith({
      keepVersionsDays: 60,
      abandonUploadsAfterDays: 3,
      infrequentAfterDays: 90,
      folder: "/registry",
    }).resource("alicloud_oss_bucket", "store/images/bucket");
    expect(rules).toEqual([
      {
        id: "abandon-uploads-and-expire-versions",
        enabled: true,
        prefix: "",
        abort_multipart_upload: [{ days: 3 }],
        noncurrent_version_expiration: [{ days: 60 }],
        expiration: [{ expired_object_delete_marker: true }],
      },
      {
        id: "layers-infrequent",
        enabled: true,
        prefix: "registry/docker/registry/v2/blobs/",
        filter: { object_size_greater_than: 131_072 },
        transitions: [{ days: 90, storage_class: "IA" }],
      },
    ]);
    expect(storeWith().resource("alicloud_oss_bucket_versioning", "store/versioning").status).toBe("Enabled");
  });

  test.each(["", "/registry"])("has no two rules for the same prefix, which OSS refuses: folder %j", (folder) => {
    const { lifecycle_rule: rules } = storeWith({ infrequentAfterDays: 90, folder }).resource(
      "alicloud_oss_bucket",
      "store/images/bucket",
    );
    if (!Array.isArray(rules)) throw new TypeError("a bucket has rules");
    expect(new Set(rules.map(({ prefix }) => prefix)).size).toBe(rules.length);
    expect(rules.length).toBe(2);
  });

  test("is encrypted with a key of KMS where there is one", () => {
    const template = grantedStore();
    const encryption = template.resource("alicloud_oss_bucket_server_side_encryption", "store/images/encryption");
    expect(encryption).toMatchObject({
      sse_algorithm: "KMS",
      kms_master_key_id: template.reference("alicloud_kms_key", "key/key", "id"),
    });
  });

  test("can be changed before it is made", () => {
    const transform: ObjectStoreProps["transform"] = { bucket: (config) => ({ ...config, redundancyType: "LRS" }) };
    const { redundancy_type } = storeWith({ transform }).resource("alicloud_oss_bucket", "store/images/bucket");
    expect(redundancy_type).toBe("LRS");
  });
});

describe("the log of requests", () => {
  test("is written into a second bucket and expires", () => {
    const template = storeWith({ accessLogKeepDays: 180 });
    expect(template.resource("alicloud_oss_bucket_logging", "store/access-log")).toEqual({
      bucket: template.reference("alicloud_oss_bucket", "store/images/bucket", "bucket"),
      target_bucket: template.reference("alicloud_oss_bucket", "store/requests/bucket", "bucket"),
      target_prefix: "requests/",
    });
    expect(template.resource("alicloud_oss_bucket", "store/requests/bucket")).toMatchObject({
      bucket: "images-of-example-requests",
      lifecycle_rule: [{ id: "expire", enabled: true, prefix: "", expiration: [{ days: 180 }] }],
    });
  });

  test("is not written when nobody wants it", () => {
    const template = storeWith({ accessLog: false });
    expect(Object.keys(template.resources("alicloud_oss_bucket"))).toEqual(["store/images/bucket"]);
    expect(template.resources("alicloud_oss_bucket_logging")).toEqual({});
  });

  test("has a bucket whose name fits, however long that of the images is", () => {
    const { bucket } = storeWith({ bucket: "b".repeat(63) }).resource("alicloud_oss_bucket", "store/requests/bucket");
    expect(bucket).toMatch(/^b+-[0-9a-f]{6}-requests$/);
    expect(bucket).toHaveLength(63);
  });
});

describe("the rights of a registry", () => {
  test("are exact: its folder, the lists of its bucket, and its key", () => {
    const template = grantedStore();
    const policy = template.resource("alicloud_ram_policy", "identity/registry");
    const key = template.reference("alicloud_kms_key", "key/key", "id");
    expect(documentIn(policy.policy_document)).toEqual({
      Version: "1",
      Statement: [
        {
          Effect: "Allow",
          Action: ["oss:ListObjects", "oss:GetBucketLocation", "oss:ListMultipartUploads"],
          Resource: ["acs:oss:*:*:images-of-example"],
        },
        {
          Effect: "Allow",
          Action: ["oss:GetObject", "oss:PutObject", "oss:DeleteObject", "oss:ListParts", "oss:AbortMultipartUpload"],
          Resource: ["acs:oss:*:*:images-of-example/registry/*"],
        },
        { Effect: "Allow", Action: ["kms:GenerateDataKey", "kms:Decrypt"], Resource: [`acs:kms:*:*:key/${key}`] },
      ],
    });
  });

  test("have no wildcard among their actions, and one action for each thing a registry does", () => {
    const actions = registryRights({ bucket: "images", prefix: "" }).flatMap((statement) => statement.actions);
    expect(actions.filter((action) => action.includes("*"))).toEqual([]);
    expect(new Set(actions).size).toBe(REGISTRY_OPERATIONS.bucket.length + REGISTRY_OPERATIONS.objects.length);
  });
});
