import { OssBucket, type OssBucketConfig } from "@cdktf/provider-alicloud/lib/oss-bucket";
import { OssBucketAcl } from "@cdktf/provider-alicloud/lib/oss-bucket-acl";
import { OssBucketHttpsConfig } from "@cdktf/provider-alicloud/lib/oss-bucket-https-config";
import { OssBucketPolicy } from "@cdktf/provider-alicloud/lib/oss-bucket-policy";
import { OssBucketPublicAccessBlock } from "@cdktf/provider-alicloud/lib/oss-bucket-public-access-block";
import { OssBucketServerSideEncryption } from "@cdktf/provider-alicloud/lib/oss-bucket-server-side-encryption";
import { Construct } from "constructs";
import type { SiteKey } from "../encryption-key.js";
import { policyDocument } from "./ram-policy-document.js";

/** A bucket with a name of its own. */
export type NamedBucketConfig = OssBucketConfig & { readonly bucket: string };

/** A bucket that only its owner's account reaches. */
export interface PrivateBucketProps {
  /** The bucket itself; what is said here wins. */
  readonly config: NamedBucketConfig;
  /** Key for what is kept in it, or the key that OSS owns. */
  readonly key: SiteKey | "service";
  /** Whether more is made for this bucket by resources of their own, and is theirs to change. */
  readonly madeElsewhere?: readonly ("versioning" | "logging")[];
}

/** Below this clients are refused; every client of today speaks these. */
const TLS_VERSIONS = ["TLSv1.2", "TLSv1.3"];

/** A bucket without public access, encrypted, and reached by TLS only. */
export class PrivateBucket extends Construct {
  /** Its name; whoever uses it waits for the bucket. */
  readonly bucket: string;
  readonly resource: OssBucket;

  constructor(scope: Construct, id: string, { config, key, madeElsewhere = [] }: PrivateBucketProps) {
    super(scope, id);
    this.resource = new OssBucket(this, "bucket", {
      storageClass: "Standard",
      // Three copies in three zones: a node of any zone finds its layers when another zone is gone.
      redundancyType: "ZRS",
      // The resources below write these, and the bucket would take them away again. Not so the ACL, which the cloud
      // computes; to name it here is to use a deprecated argument.
      lifecycle: { ignoreChanges: ["policy", "server_side_encryption_rule", ...madeElsewhere] },
      ...config,
    });
    this.bucket = this.resource.bucket;
    this.keepPrivate();
    this.encrypt(key);
    this.requireTls(config.bucket);
  }

  private keepPrivate(): void {
    new OssBucketAcl(this, "acl", { bucket: this.bucket, acl: "private" });
    new OssBucketPublicAccessBlock(this, "no-public-access", { bucket: this.bucket, blockPublicAccess: true });
  }

  private encrypt(key: SiteKey | "service"): void {
    new OssBucketServerSideEncryption(this, "encryption", {
      bucket: this.bucket,
      ...(key === "service" ? { sseAlgorithm: "AES256" } : { sseAlgorithm: "KMS", kmsMasterKeyId: key.id }),
    });
  }

  private requireTls(name: string): void {
    new OssBucketHttpsConfig(this, "tls", { bucket: this.bucket, enable: true, tlsVersions: TLS_VERSIONS });
    new OssBucketPolicy(this, "policy", {
      bucket: this.bucket,
      policy: policyDocument([
        {
          effect: "Deny",
          principals: ["*"],
          actions: ["oss:*"],
          resources: [`acs:oss:*:*:${name}`, `acs:oss:*:*:${name}/*`],
          condition: { Bool: { "acs:SecureTransport": ["false"] } },
        },
      ]),
    });
  }
}
