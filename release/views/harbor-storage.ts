import { isKnownToOldDriver } from "../../spec/refusals/amazon-regions.js";
import type { Secret } from "../../spec/secret.js";
import { bytes } from "../../spec/size.js";
import type { SwiftStorage } from "../../spec/storage.js";
import { needed } from "../missing.js";
import { plain, plainSecret } from "./harbor-plain.js";
import type { NodeContext } from "./node-view.js";
import { storageView } from "./registry-storage.js";

type Drivers = ReturnType<typeof storageView>;

/** Threads of the filesystem driver that wait for the disk at once: its own default. */
const FILESYSTEM_THREADS = 100;

interface SwiftView {
  readonly authUrl: string;
  readonly username: string;
  readonly password: Secret;
  readonly container: string;
  readonly region: string | undefined;
  readonly tenant: string | undefined;
  readonly domain: string | undefined;
  readonly endpointType: string;
  readonly prefix: string;
  /** Bytes. */
  readonly chunkSize: number;
}

/** Harbor's `storage_service`: the drivers of Distribution 2.8, of which exactly one is defined. */
export interface HarborStorageView {
  readonly s3: Drivers["s3"];
  readonly oss: Drivers["oss"];
  readonly azure: Drivers["azure"];
  readonly swift: SwiftView | undefined;
  readonly filesystem: { readonly threads: number } | undefined;
}

const NO_DRIVER = { s3: undefined, oss: undefined, azure: undefined, swift: undefined, filesystem: undefined } as const;

export function harborStorageView(context: NodeContext): HarborStorageView {
  const { storage } = context.environment.registry;
  if (storage.kind === "swift") return { ...NO_DRIVER, swift: swiftView(context, storage) };
  const { s3, oss, azure, filesystem } = throughOss(context, storageView(context));
  return {
    ...NO_DRIVER,
    s3: s3 && { ...s3, ...plainS3(s3) },
    oss: oss && { ...oss, ...plainFields(oss, ["bucket"]), prefix: rooted(oss.prefix), keys: plainKeys(oss.keys) },
    azure: azure && {
      ...azure,
      ...plainFields(azure, ["account", "container"]),
      accountKey: plainSecret(azure.accountKey, "storage-secret-key"),
    },
    filesystem: filesystem && { threads: FILESYSTEM_THREADS },
  };
}

/** The bucket of a site on Alibaba Cloud: the driver for S3 puts its name into the path, which OSS refuses. */
function throughOss({ environment, site: { name } }: NodeContext, drivers: Drivers): Drivers {
  const site = environment.sites.find((one) => one.name === name);
  const { s3 } = drivers;
  if (site?.provider !== "alicloud" || environment.registry.storage.kind !== "managed" || s3 === undefined) {
    return drivers;
  }
  const { bucket, prefix, chunkSize } = s3;
  const { endpoint } = site.bucket;
  const oss = {
    region: `oss-${s3.region}`,
    bucket,
    internal: endpoint === undefined,
    // The driver takes an endpoint for the whole host.
    endpoint: endpoint === undefined ? undefined : `${bucket}.${new URL(endpoint).host}`,
    prefix,
    // The bucket's own rule encrypts; a header would name another key.
    encrypt: false,
    chunkSize,
    keys: needed(s3.keys, "the access key of the storage"),
  };
  return { ...drivers, s3: undefined, oss };
}

function plainS3(s3: NonNullable<Drivers["s3"]>): NonNullable<Drivers["s3"]> {
  const endpoint = s3.endpoint ?? endpointOf(s3.region);
  return {
    ...s3,
    ...plainFields(s3, ["bucket", "kmsKey", "prefix"]),
    endpoint: endpoint && plain(endpoint, "registry.storage.endpoint"),
    keys: s3.keys && plainKeys(s3.keys),
  };
}

/** Nothing but a check: the fields as they are. */
function plainFields<View extends object, Field extends keyof View & string>(
  view: View,
  fields: readonly Field[],
): Pick<View, Field> {
  for (const field of fields) {
    const value = view[field];
    if (typeof value === "string" && value !== "") plain(value, `registry.storage.${field}`);
  }
  return view;
}

/** The driver ends at its start when it does not know a region and has no endpoint. */
function endpointOf(region: string): string | undefined {
  return isKnownToOldDriver(region) ? undefined : `https://s3.${region}.amazonaws.com`;
}

/** The oss driver lists nothing below a folder whose name does not begin with a slash (goharbor/harbor#4972). */
function rooted(prefix: string): string {
  return prefix === "" || prefix.startsWith("/") ? prefix : `/${prefix}`;
}

function plainKeys(keys: { readonly accessKey: Secret; readonly secretKey: Secret }) {
  return {
    accessKey: plainSecret(keys.accessKey, "storage-access-key"),
    secretKey: plainSecret(keys.secretKey, "storage-secret-key"),
  };
}

function swiftView({ secrets }: NodeContext, storage: SwiftStorage): SwiftView {
  const { container, username, region, tenant, domain, endpointType, prefix } = storage;
  const { secretKey } = needed(secrets.storage, "the password of the storage");
  return {
    authUrl: plain(storage.authUrl, "registry.storage.authUrl"),
    username: plain(username, "registry.storage.username"),
    password: plainSecret(secretKey, "storage-secret-key"),
    container,
    region,
    tenant,
    domain,
    endpointType,
    prefix,
    chunkSize: bytes(storage.chunkSize),
  };
}
