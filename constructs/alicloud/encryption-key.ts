import { KmsAlias } from "@cdktf/provider-alicloud/lib/kms-alias";
import { KmsKey, type KmsKeyConfig } from "@cdktf/provider-alicloud/lib/kms-key";
import { Construct } from "constructs";
import type { EncryptionKeyProps as CommonProps } from "../encryption-key.js";
import { DELETION_WINDOW_DAYS, type SiteKey } from "../encryption-key.js";
import { type Transform, transformed } from "../transform.js";

/** A key of Alibaba Cloud's KMS. */
export interface EncryptionKeyProps extends CommonProps {
  /**
   * Id of a KMS instance that you have bought, and that the key is kept in.
   * @default - the key is the account's one master key of the region. An account has a single one there and cannot make
   * a second; give the bucket the id of the one you have, or `"service"`
   */
  readonly instance?: string;
  /**
   * Make new key material each year; what is old stays readable.
   * @default - true in an instance, false for the account's master key, whose rotation is a service to be bought first
   */
  readonly rotate?: boolean;
  /** Refuse to delete it by accident. @default true */
  readonly protect?: boolean;
  /** Change what is made. @default - as it is */
  readonly transform?: { readonly key?: Transform<KmsKeyConfig> };
}

/**
 * A symmetric key with an alias. Who may use it is said in RAM, where the user is: KMS takes no policy for a key outside
 * an instance.
 * @see https://www.alibabacloud.com/help/en/kms/developer-reference/api-createkey
 * @example new EncryptionKey(this, "key", { name: "prod-hangzhou", description: "images of prod" });
 */
export class EncryptionKey extends Construct implements SiteKey {
  readonly id: string;
  readonly resources: { readonly key: KmsKey; readonly alias: KmsAlias };

  constructor(scope: Construct, id: string, props: EncryptionKeyProps) {
    super(scope, id);
    const key = new KmsKey(this, "key", transformed(keyConfig(props), props.transform?.key));
    const alias = new KmsAlias(this, "alias", { aliasName: `alias/${props.name}`, keyId: key.id });
    this.id = key.id;
    this.resources = { key, alias };
  }
}

function keyConfig(props: EncryptionKeyProps): KmsKeyConfig {
  const { description, instance, tags, deletionWindowDays = DELETION_WINDOW_DAYS, protect = true } = props;
  const rotate = props.rotate ?? instance !== undefined;
  return {
    description,
    keyUsage: "ENCRYPT/DECRYPT",
    origin: "Aliyun_KMS",
    ...(instance === undefined ? {} : { dkmsInstanceId: instance }),
    pendingWindowInDays: deletionWindowDays,
    automaticRotation: rotate ? "Enabled" : "Disabled",
    ...(rotate ? { rotationInterval: "365d" } : {}),
    deletionProtection: protect ? "Enabled" : "Disabled",
    ...(tags === undefined ? {} : { tags }),
    // KMS decides it: HSM where the region has such hardware. The provider takes SOFTWARE for granted, and would replace
    // a key of the other kind, and all that it has encrypted would be lost.
    lifecycle: { ignoreChanges: ["protection_level"] },
  };
}
