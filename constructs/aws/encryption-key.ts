import { DataAwsKmsKey } from "@cdktf/provider-aws/lib/data-aws-kms-key/index.js";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias/index.js";
import { KmsKey, type KmsKeyConfig } from "@cdktf/provider-aws/lib/kms-key/index.js";
import { Lazy } from "cdktf";
import { Construct } from "constructs";
import { DELETION_WINDOW_DAYS, type SiteKey, type EncryptionKeyProps as Vocabulary } from "../encryption-key.js";
import { type Transform, transformed } from "../transform.js";
import { Account } from "./account.js";
import { policy, type Statement } from "./policy.js";

/** Services of AWS that use a key by themselves, and not with the rights of whoever calls them. */
export type KeyService = "logs" | "cloudtrail" | "cloudwatch";

export interface EncryptionKeyProps extends Vocabulary {
  /** Change the key before it is made. @default - as it is */
  readonly transform?: { readonly key?: Transform<KmsKeyConfig> };
}

/**
 * A key of AWS KMS. The account's administrators give rights to it by IAM; a service that works by itself has to be let
 * in with {@link allowService}. A dollar a month, and another for each of its first two rotations.
 * @example
 * const key = new EncryptionKey(this, "key", { name: "prod-frankfurt", description: "images of prod" });
 * new ObjectStore(this, "images", { name: "prod-frankfurt", bucket: "example-images", key });
 */
export class EncryptionKey extends Construct implements SiteKey {
  /** Its ARN. */
  readonly id: string;
  /** Change what is inside where no prop does. */
  readonly resources: { readonly key: KmsKey; readonly alias: KmsAlias };
  private readonly services = new Set<KeyService>();

  constructor(scope: Construct, id: string, props: EncryptionKeyProps) {
    super(scope, id);
    const key = new KmsKey(this, "key", transformed(this.configOf(props), props.transform?.key));
    const alias = new KmsAlias(this, "alias", { name: `alias/${props.name}`, targetKeyId: key.keyId });
    this.resources = { key, alias };
    this.id = key.arn;
  }

  /** Lets a service of AWS encrypt and decrypt with it, for this account alone. */
  allowService(service: KeyService): void {
    this.services.add(service);
  }

  private configOf(props: EncryptionKeyProps): KmsKeyConfig {
    return {
      description: props.description,
      enableKeyRotation: props.rotate ?? true,
      deletionWindowInDays: props.deletionWindowDays ?? DELETION_WINDOW_DAYS,
      // Services are let in after the key is there, by what they write.
      policy: Lazy.stringValue({ produce: () => policy(this.statements()) }),
      lifecycle: { preventDestroy: props.protect ?? true },
      ...(props.tags === undefined ? {} : { tags: props.tags }),
    };
  }

  private statements(): Statement[] {
    const account = Account.of(this);
    // Sorted, so that the order in which things are built changes no key.
    return [administrators(account), ...[...this.services].sort().flatMap((service) => statementsOf(service, account))];
  }
}

/**
 * A key that you have, which must be in the stack's region.
 * @param key - its ARN, or what KMS finds it by: its id, or alias/name
 */
export function existingKey(scope: Construct, id: string, key: string): SiteKey {
  // Rights are given by ARN, so any other name of the key is looked up.
  return { id: KEY_ARN.test(key) ? key : new DataAwsKmsKey(scope, id, { keyId: key }).arn };
}

const KEY_ARN = /^arn:[^:]+:kms:[^:]+:\d{12}:key\//;

/** Lets a service use a key that is made here. A key that you have must let it in by its own policy. */
export function allowService(key: SiteKey | undefined, service: KeyService): void {
  if (key instanceof EncryptionKey) key.allowService(service);
}

/** Without it nobody but the key's maker could ever change the key again, and no right given by IAM would count. */
function administrators({ partition, id }: Account): Statement {
  return {
    Sid: "Administrators",
    Effect: "Allow",
    Principal: { AWS: `arn:${partition}:iam::${id}:root` },
    Action: "kms:*",
    Resource: "*",
  };
}

function statementsOf(service: KeyService, account: Account): Statement[] {
  switch (service) {
    case "logs":
      return [
        {
          Sid: "Logs",
          Effect: "Allow",
          Principal: { Service: `logs.${account.region}.${account.dnsSuffix}` },
          Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
          Resource: "*",
          Condition: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": account.arn("logs", "log-group:*") } },
        },
      ];
    case "cloudtrail":
      return auditTrail(account);
    case "cloudwatch":
      return [
        {
          Sid: "Alarms",
          Effect: "Allow",
          Principal: { Service: "cloudwatch.amazonaws.com" },
          Action: ["kms:GenerateDataKey*", "kms:Decrypt"],
          Resource: "*",
          Condition: { StringEquals: { "aws:SourceAccount": account.id } },
        },
      ];
  }
}

/** CloudTrail asks what a key is without saying for which trail, so that right stands by itself. */
function auditTrail(account: Account): Statement[] {
  const service = { Effect: "Allow", Principal: { Service: "cloudtrail.amazonaws.com" }, Resource: "*" } as const;
  const ofThisAccount = { ArnLike: { "aws:SourceArn": account.arn("cloudtrail", "trail/*") } };
  const trails = `arn:${account.partition}:cloudtrail:*:${account.id}:trail/*`;
  return [
    { Sid: "AuditTrailLooks", ...service, Action: "kms:DescribeKey", Condition: ofThisAccount },
    {
      Sid: "AuditTrail",
      ...service,
      Action: "kms:GenerateDataKey*",
      Condition: { ...ofThisAccount, StringLike: { "kms:EncryptionContext:aws:cloudtrail:arn": trails } },
    },
  ];
}
