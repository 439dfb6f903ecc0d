import type { Environment } from "../environment.js";
import { refusalOfEach } from "../refusal.js";
import { valueAt } from "../schema-tree.js";
import { bytes } from "../size.js";
import { isOss } from "./oss.js";
import { s3, storageOf } from "./views.js";

const DRIVER = "the registry inside of Harbor is one of line 2.8";

const role = refusalOfEach(s3, "harbor/s3-role", {
  when: ({ registry, storage }) => registry.engine === "harbor" && storage.credentials === "instance-role",
  field: "registry.storage.credentials",
  says: "instance-role with engine: harbor",
  because: `${DRIVER}, which cannot ask a machine for rights that requires IMDSv2, as machines should`,
  instead: "credentials: keys, of an account that may use this bucket only",
  source: "goharbor/harbor #23139, #22690, #12888: aws-sdk-go 1.15.11 has no token provider",
});

const hostStyle = refusalOfEach(s3, "harbor/s3-host-style", {
  when: ({ registry, storage }) =>
    registry.engine === "harbor" &&
    storage.endpoint !== undefined &&
    !storage.forcePathStyle &&
    !isOss(storage.endpoint),
  field: "registry.storage.forcePathStyle",
  says: "forcePathStyle: false with an endpoint and engine: harbor",
  because: `${DRIVER}, which puts the bucket into the path whenever it has an endpoint`,
  instead: "forcePathStyle: true, if the service knows that; Amazon, MinIO and most others do",
  source: "distribution v2.8.3, registry/storage/driver/s3-aws/s3.go:428",
});

const storageClass = refusalOfEach(s3, "harbor/s3-class", {
  when: ({ registry, storage }) =>
    registry.engine === "harbor" && !["STANDARD", "REDUCED_REDUNDANCY", "NONE"].includes(storage.storageClass),
  field: "registry.storage.storageClass",
  says: ({ storage }) => `${storage.storageClass} with engine: harbor`,
  because: `${DRIVER}, which does not start with any class but STANDARD, REDUCED_REDUNDANCY and NONE`,
  instead: "one of these three; a lifecycle rule of the bucket moves objects to other classes",
  source: "distribution v2.8.3, registry/storage/driver/s3-aws/s3.go:316",
});

const unknownSwitch = (key: "accelerate" | "dualStack", code: string) =>
  refusalOfEach(s3, code, {
    when: ({ registry, storage }) => registry.engine === "harbor" && storage[key] && storage.endpoint === undefined,
    field: `registry.storage.${key}`,
    says: `${key}: true with engine: harbor`,
    because: `${DRIVER}, which does not know the setting and ignores it silently`,
    instead: `${key}: false`,
    source: "distribution v2.8.3, registry/storage/driver/s3-aws/s3.go has no such parameter",
  });

const ossThroughS3 = refusalOfEach(s3, "harbor/oss-through-s3", {
  when: ({ registry, storage }) => registry.engine === "harbor" && isOss(storage.endpoint),
  field: "registry.storage.endpoint",
  says: ({ storage }) => `${storage.endpoint} with engine: harbor`,
  because: `${DRIVER}, which puts the bucket into the path whenever it has an endpoint, and OSS refuses that`,
  instead: ({ storage }) => `kind: oss with region: oss-${storage.region}`,
  source: "distribution v2.8.3, registry/storage/driver/s3-aws/s3.go:428; Harbor's own oss driver",
});

const ossEndpoint = refusalOfEach(storageOf("oss"), "storage/oss-endpoint-without-bucket", {
  when: ({ storage }) =>
    storage.endpoint !== undefined &&
    /\.aliyuncs\.com$/.test(storage.endpoint) &&
    !storage.endpoint.startsWith(`${storage.bucket}.`),
  field: "registry.storage.endpoint",
  says: ({ storage }) => `${storage.endpoint} with bucket ${storage.bucket}`,
  because: "the driver takes this for the whole host and puts no bucket before it, so it would ask OSS for no bucket",
  instead: ({ storage }) => `${storage.bucket}.${storage.endpoint}, or leave it away`,
  source: "aliyungo oss/client.go: setBaseURL; harbor-helm writes <bucket>.<endpoint>",
});

const azurePrefix = refusalOfEach(storageOf("azure"), "harbor/azure-prefix", {
  when: ({ registry, storage }) => registry.engine === "harbor" && storage.prefix !== "/registry",
  field: "registry.storage.prefix",
  says: ({ storage }) => `${JSON.stringify(storage.prefix)} on Azure with engine: harbor`,
  because: `${DRIVER}, whose azure driver knows no folder: images lie at the root of the container`,
  instead: "leave it away, and give Harbor a container of its own",
  source: "distribution v2.8.3, registry/storage/driver/azure/azure.go has no such parameter",
});

const swiftParts = refusalOfEach(storageOf("swift"), "storage/swift-parts-too-small", {
  when: ({ storage }) => bytes(storage.chunkSize) < bytes("1MiB") || bytes(storage.chunkSize) > bytes("5GiB"),
  field: "registry.storage.chunkSize",
  says: ({ storage }) => storage.chunkSize,
  because: "segments have 1MiB at the least, or the registry does not start, and Swift takes 5GiB at the most",
  instead: "20MiB",
  source: "distribution v2.8.3, registry/storage/driver/swift/swift.go: minChunkSize",
});

/** What Harbor's YAML, which has no quotes, reads as a number, a day, a truth or nothing. */
const NOT_A_TEXT =
  /^(0x[0-9a-f_]+|[0-9][0-9_]*(\.[0-9_]*)?(e[+-]?[0-9]+)?|\d{4}-\d\d?-\d\d?|true|false|yes|no|on|off|null|y|n)$/i;

/** Each name in the storage that somebody has chosen. */
function namesInStorage(environment: Environment) {
  const { engine, storage } = environment.registry;
  if (engine !== "harbor") return [];
  return ["bucket", "account", "container", "username", "tenant", "domain"].flatMap((key) => {
    const name = valueAt(storage, [key]);
    return typeof name === "string" ? [{ at: [key], name }] : [];
  });
}

const nameReadAsNumber = refusalOfEach(namesInStorage, "harbor/name-read-as-number", {
  when: ({ name }) => NOT_A_TEXT.test(name),
  field: "registry.storage.*",
  says: ({ name }) => `${name} with engine: harbor`,
  because: "Harbor writes it without quotes into YAML, where it is a number or a truth and no name",
  instead: "a name that has a letter besides",
  source: "measured with prepare of v2.15.2: driver values are written as they are",
});

/** Refusals that concern where the registry inside of Harbor keeps layers. */
export const harborStorageRefusals = [
  role,
  hostStyle,
  storageClass,
  unknownSwitch("accelerate", "harbor/s3-accelerate"),
  unknownSwitch("dualStack", "harbor/s3-dual-stack"),
  ossThroughS3,
  ossEndpoint,
  azurePrefix,
  swiftParts,
  nameReadAsNumber,
];
