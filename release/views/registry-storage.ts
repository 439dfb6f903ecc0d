import type { Secret } from "../../spec/secret.js";
import { bytes } from "../../spec/size.js";
import type { S3Storage } from "../../spec/storage.js";
import { PATHS } from "../layout.js";
import { needed } from "../missing.js";
import type { NodeContext } from "./node-view.js";

interface Keys {
  readonly accessKey: Secret;
  readonly secretKey: Secret;
}

/** Parameters of the s3 driver. */
interface S3View {
  readonly region: string;
  readonly bucket: string;
  /** @default - Amazon's own */
  readonly endpoint: string | undefined;
  /** Whether the endpoint speaks TLS. */
  readonly secure: boolean;
  readonly forcePathStyle: boolean;
  readonly prefix: string;
  readonly encrypt: boolean;
  readonly kmsKey: string | undefined;
  readonly storageClass: string;
  /** @default - the driver's own, private */
  readonly objectAcl: string | undefined;
  /** Bytes. */
  readonly chunkSize: number;
  readonly accelerate: boolean;
  readonly dualStack: boolean;
  /** @default - the role of the machine */
  readonly keys: Keys | undefined;
}

/** The registry's `storage` section. Exactly one driver is defined: two of them and the registry does not start. */
export interface StorageView {
  readonly s3: S3View | undefined;
  readonly oss:
    | {
        readonly region: string;
        readonly bucket: string;
        readonly internal: boolean;
        readonly endpoint: string | undefined;
        readonly prefix: string;
        readonly encrypt: boolean;
        /** Bytes. */
        readonly chunkSize: number;
        readonly keys: Keys;
      }
    | undefined;
  readonly azure:
    | {
        readonly account: string;
        readonly accountKey: Secret;
        readonly container: string;
        readonly realm: string;
        readonly prefix: string;
      }
    | undefined;
  readonly filesystem: { readonly directory: string } | undefined;
}

const NO_DRIVER = { s3: undefined, oss: undefined, azure: undefined, filesystem: undefined } as const;

export function storageView(context: NodeContext): StorageView {
  const storage = context.environment.registry.storage;
  switch (storage.kind) {
    case "managed":
      return { ...NO_DRIVER, s3: managedView(context, storage.prefix) };
    case "s3":
      return { ...NO_DRIVER, s3: s3View(context, storage) };
    case "oss": {
      const { region, bucket, internal, endpoint, prefix, encrypt } = storage;
      const oss = { region, bucket, internal, endpoint, prefix, encrypt };
      return { ...NO_DRIVER, oss: { ...oss, chunkSize: bytes(storage.chunkSize), keys: storageKeys(context) } };
    }
    case "azure": {
      const { account, container, realm, prefix } = storage;
      return { ...NO_DRIVER, azure: { account, container, realm, prefix, accountKey: storageKeys(context).secretKey } };
    }
    case "filesystem":
      return { ...NO_DRIVER, filesystem: { directory: PATHS.containerStorage } };
    case "swift":
      throw new RangeError("an environment of Distribution with swift passed the refusals");
  }
}

function s3View(context: NodeContext, storage: S3Storage): S3View {
  return {
    region: storage.region,
    bucket: storage.bucket,
    endpoint: storage.endpoint,
    secure: !(storage.endpoint?.startsWith("http://") ?? false),
    forcePathStyle: storage.forcePathStyle,
    prefix: storage.prefix,
    encrypt: storage.encrypt,
    kmsKey: storage.kmsKey,
    storageClass: storage.storageClass,
    objectAcl: otherThanPrivate(storage.objectAcl),
    chunkSize: bytes(storage.chunkSize),
    accelerate: storage.accelerate,
    dualStack: storage.dualStack,
    keys: storage.credentials === "keys" ? storageKeys(context) : undefined,
  };
}

function managedView(context: NodeContext, prefix: string): S3View {
  const { region, bucket, endpoint, forcePathStyle, credentials, objectAcl } = needed(
    context.site.storage,
    `the storage that site ${context.site.name} brings along`,
  );
  return {
    region,
    bucket,
    endpoint,
    secure: !(endpoint?.startsWith("http://") ?? false),
    forcePathStyle,
    prefix,
    encrypt: false,
    kmsKey: undefined,
    storageClass: "STANDARD",
    objectAcl: otherThanPrivate(objectAcl),
    chunkSize: bytes("10MiB"),
    accelerate: false,
    dualStack: false,
    keys: credentials === "keys" ? storageKeys(context) : undefined,
  };
}

function otherThanPrivate(acl: S3Storage["objectAcl"] | undefined): string | undefined {
  return acl === "private" ? undefined : acl;
}

function storageKeys(context: NodeContext): Keys {
  return needed(context.secrets.storage, "the access key of the storage");
}
