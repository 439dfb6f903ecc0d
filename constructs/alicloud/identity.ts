import { RamAccessKey } from "@cdktf/provider-alicloud/lib/ram-access-key";
import { RamPolicy } from "@cdktf/provider-alicloud/lib/ram-policy";
import { RamUser, type RamUserConfig } from "@cdktf/provider-alicloud/lib/ram-user";
import { RamUserPolicyAttachment } from "@cdktf/provider-alicloud/lib/ram-user-policy-attachment";
import { Construct } from "constructs";
import type { IdentityProps as CommonProps } from "../identity.js";
import { fitName } from "../named.js";
import { type Transform, transformed } from "../transform.js";
import { type PolicyStatement, policyDocument } from "./ram-policy-document.js";

/** A RAM user that programs are. */
export interface IdentityProps extends CommonProps {
  /** Change what is made. @default - as it is */
  readonly transform?: { readonly user?: Transform<RamUserConfig> };
}

/** An access key whose secret only the holder of a private key can read. */
export interface EncryptedAccessKey {
  readonly accessKey: string;
  /** Base64 of an OpenPGP message. */
  readonly encryptedSecret: string;
}

/** The longest names that RAM takes. */
const LONGEST_USER_NAME = 64;
const LONGEST_POLICY_NAME = 128;

/**
 * A RAM user without a password, a right or a key. A role of the machine would need no key, but the registry's S3 driver
 * asks AWS's metadata service for one, which is not there.
 * @example
 * const identity = new Identity(this, "identity", { name: "prod-hangzhou", description: "registry of prod" });
 * store.grantRegistry(identity, { bucket: "images", prefix: "/registry" });
 * const { accessKey, encryptedSecret } = identity.accessKey(1, recipient);
 */
export class Identity extends Construct {
  readonly resources: { readonly user: RamUser };
  private readonly props: IdentityProps;

  constructor(scope: Construct, id: string, props: IdentityProps) {
    super(scope, id);
    const { name, description, transform } = props;
    const config: RamUserConfig = { name: fitName(name, LONGEST_USER_NAME), comments: description };
    const user = new RamUser(this, "user", transformed(config, transform?.user));
    this.props = props;
    this.resources = { user };
  }

  /**
   * Allows this user something.
   * @param id - what for, in a word; part of the name of the policy: registry
   */
  allow(id: string, statements: readonly PolicyStatement[]): void {
    const { name, tags } = this.props;
    const policy = new RamPolicy(this, id, {
      policyName: fitName(`${name}-${id}`, LONGEST_POLICY_NAME),
      policyDocument: policyDocument(statements),
      // RAM keeps five versions of a policy and refuses the sixth.
      rotateStrategy: "DeleteOldestNonDefaultVersionWhenLimitExceeded",
      ...(tags === undefined ? {} : { tags }),
    });
    new RamUserPolicyAttachment(this, `${id}-of-user`, {
      policyName: policy.policyName,
      policyType: "Custom",
      userName: this.resources.user.name,
    });
  }

  /**
   * An access key of this user. The provider encrypts its secret before it writes it into the state, and leaves out the
   * plain one (resource_alicloud_ram_access_key.go: `secret` is set without `pgp_key` only).
   * @param generation - counts from 1; a key of a new generation is made beside the others. RAM allows two at a time
   * @param recipient - OpenPGP public key in base64, without armour. Another one makes another key
   */
  accessKey(generation: number, recipient: string): EncryptedAccessKey {
    const { user } = this.resources;
    const key = new RamAccessKey(this, `key-${generation}`, {
      userName: user.name,
      pgpKey: recipient,
      status: "Active",
    });
    return { accessKey: key.id, encryptedSecret: key.encryptedSecret };
  }
}
