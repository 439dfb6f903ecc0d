import { refusalOfEach } from "../refusal.js";
import { bytes } from "../size.js";
import { isLoopback, isPrivateHost } from "../url.js";
import { regionsWithoutEndpoint } from "./amazon-regions.js";
import { isOss } from "./oss.js";
import { s3, storageOf } from "./views.js";

const hostStyleOn28 = refusalOfEach(s3, "storage/host-style-on-distribution-2", {
  when: ({ registry, storage }) =>
    registry.version === "2.8" && storage.endpoint !== undefined && !storage.forcePathStyle && !isOss(storage.endpoint),
  field: "registry.storage.forcePathStyle",
  says: "forcePathStyle: false with an endpoint on version 2.8",
  because: "2.8 puts the bucket into the path whenever it has an endpoint",
  instead: 'forcePathStyle: true if the service knows that (MinIO and most others do), or version: "3.1"',
  source: "distribution v2.8.3, registry/storage/driver/s3-aws/s3.go:428",
});

const roleOn28 = refusalOfEach(s3, "storage/role-on-distribution-2", {
  when: ({ registry, storage }) => registry.version === "2.8" && storage.credentials === "instance-role",
  field: "registry.storage.credentials",
  says: "instance-role on version 2.8",
  because:
    "2.8 cannot ask for a session token, so it gets no rights from a machine that requires IMDSv2, as machines should",
  instead: 'version: "3.1", or credentials: keys',
  source: "aws-sdk-go 1.15.11, vendored by distribution v2.8.3, has no token provider",
});

const classOn28 = refusalOfEach(s3, "storage/class-unknown-to-distribution-2", {
  when: ({ registry, storage }) =>
    registry.version === "2.8" && !["STANDARD", "REDUCED_REDUNDANCY", "NONE"].includes(storage.storageClass),
  field: "registry.storage.storageClass",
  says: ({ storage }) => `${storage.storageClass} on version 2.8`,
  because: "the driver knows STANDARD, REDUCED_REDUNDANCY and NONE only, and the registry does not start",
  instead: 'one of these three, or version: "3.1"',
  source: "distribution v2.8.3, registry/storage/driver/s3-aws/s3.go:316",
});

const unknownRegion = refusalOfEach(s3, "storage/region-unknown-to-driver", {
  when: ({ registry, storage }) =>
    storage.endpoint === undefined && !regionsWithoutEndpoint(registry.version).includes(storage.region),
  field: "registry.storage.region",
  says: ({ registry, storage }) => `${storage.region} on version ${registry.version} without an endpoint`,
  because: "the driver has a list of Amazon's regions in it, and with any other the registry does not start",
  instead: ({ storage }) =>
    `the region's endpoint beside it, if it is one of Amazon's: endpoint: https://s3.${storage.region}.amazonaws.com; or the endpoint of your service`,
  source: "distribution, s3-aws/s3.go: invalid region provided; lists of aws-sdk-go 1.15.11 and 1.55.5",
});

const accelerateWithEndpoint = refusalOfEach(s3, "storage/accelerate-with-endpoint", {
  when: ({ storage }) => storage.endpoint !== undefined && storage.accelerate,
  field: "registry.storage.accelerate",
  says: "accelerate: true with an endpoint",
  because: "transfer acceleration is a name of Amazon's own, which an endpoint replaces",
  instead: "accelerate: false, or no endpoint",
  source: "distribution docs, storage-drivers/s3.md: accelerate",
});

const dualStackWithEndpoint = refusalOfEach(s3, "storage/dual-stack-with-endpoint", {
  when: ({ storage }) => storage.endpoint !== undefined && storage.dualStack,
  field: "registry.storage.dualStack",
  says: "dualStack: true with an endpoint",
  because: "the dual-stack endpoint is a name of Amazon's own, which an endpoint replaces",
  instead: "dualStack: false; whether an endpoint has IPv6 is up to its name",
  source: "distribution docs, storage-drivers/s3.md: usedualstack",
});

const accelerateOn28 = refusalOfEach(s3, "storage/accelerate-on-distribution-2", {
  when: ({ registry, storage }) => registry.version === "2.8" && storage.accelerate && storage.endpoint === undefined,
  field: "registry.storage.accelerate",
  says: "accelerate: true on version 2.8",
  because: "2.8 does not know the setting and ignores it silently",
  instead: 'accelerate: false, or version: "3.1"',
  source: "distribution v2.8.3, registry/storage/driver/s3-aws/s3.go has no such parameter",
});

const dualStackOn28 = refusalOfEach(s3, "storage/dual-stack-on-distribution-2", {
  when: ({ registry, storage }) => registry.version === "2.8" && storage.dualStack && storage.endpoint === undefined,
  field: "registry.storage.dualStack",
  says: "dualStack: true on version 2.8",
  because: "2.8 does not know the setting and ignores it silently",
  instead: 'dualStack: false, or version: "3.1"',
  source: "distribution v2.8.3, registry/storage/driver/s3-aws/s3.go has no such parameter",
});

const keyWithoutEncryption = refusalOfEach(s3, "storage/key-without-encryption", {
  when: ({ storage }) => storage.kmsKey !== undefined && !storage.encrypt,
  field: "registry.storage.kmsKey",
  says: "a kmsKey with encrypt: false",
  because: "the driver then sends the key without its method, aws:kms, and S3 takes no key without the method",
  instead: "encrypt: true, or no kmsKey",
  source: "distribution, s3-aws/s3.go: getSSEKMSKeyID and getEncryptionMode",
});

const bucketInEndpoint = refusalOfEach(s3, "storage/bucket-in-endpoint", {
  when: ({ storage }) =>
    storage.endpoint !== undefined &&
    !storage.forcePathStyle &&
    new URL(storage.endpoint).hostname.startsWith(`${storage.bucket}.`),
  field: "registry.storage.endpoint",
  says: ({ storage }) => `${storage.endpoint} with bucket ${storage.bucket}`,
  because: "the bucket is put before the endpoint's name by itself and would stand there twice",
  instead: ({ storage }) => `the endpoint without it: ${storage.endpoint?.replace(`//${storage.bucket}.`, "//")}`,
  source: "measured: requests go to <bucket>.<endpoint> with forcePathStyle: false",
});

const inTheClear = refusalOfEach(s3, "storage/in-the-clear", {
  when: ({ storage }) => storage.endpoint?.startsWith("http:") === true && !isPrivateHost(storage.endpoint),
  field: "registry.storage.endpoint",
  says: ({ storage }) => `${storage.endpoint}`,
  because: "over http every layer travels where anybody on the way can read and change it",
  instead: ({ storage }) =>
    `${storage.endpoint?.replace(/^http:/, "https:")}; http is accepted for private names and addresses`,
  source: "RFC 9110 §17.1; private names as in RFC 6762, 8375 and ICANN's reservation of internal",
});

const loopback = refusalOfEach(s3, "storage/loopback-on-several-nodes", {
  when: ({ storage, nodes }) => storage.endpoint !== undefined && isLoopback(storage.endpoint) && nodes > 1,
  field: "registry.storage.endpoint",
  says: ({ storage, nodes }) => `${storage.endpoint} with ${nodes} nodes`,
  because: "each node would ask itself, so each would have a storage of its own",
  instead: "an address that means the same machine on every node",
  source: "distribution docs, deploying.md: all instances need the same storage",
});

const smallParts = (kind: "s3" | "oss") =>
  refusalOfEach(storageOf(kind), `storage/${kind}-parts-too-small`, {
    when: ({ storage }) => bytes(storage.chunkSize) < bytes("5MiB") || bytes(storage.chunkSize) > bytes("5GiB"),
    field: "registry.storage.chunkSize",
    says: ({ storage }) => storage.chunkSize,
    because:
      "parts of a multi-part upload have 5MiB at the least and 5GiB at the most, and the registry does not start with others",
    instead: "10MiB; more speeds up large layers and costs as much memory for each upload",
    source: "distribution, s3-aws/s3.go and oss/oss.go: minChunkSize",
  });

/** Refusals that concern S3 and what speaks like it. */
export const s3Refusals = [
  hostStyleOn28,
  roleOn28,
  classOn28,
  unknownRegion,
  accelerateWithEndpoint,
  dualStackWithEndpoint,
  accelerateOn28,
  dualStackOn28,
  keyWithoutEncryption,
  bucketInEndpoint,
  inTheClear,
  loopback,
  smallParts("s3"),
  smallParts("oss"),
];
