import { refusal, refusalOfEach } from "../refusal.js";
import { s3, storageOf } from "./views.js";

/** Whether an endpoint is one of Alibaba Cloud OSS. */
export function isOss(endpoint: string | undefined): boolean {
  return endpoint !== undefined && /(^|\.)aliyuncs\.com$/.test(new URL(endpoint).hostname);
}

/** Whether an endpoint of OSS can be reached from inside Alibaba Cloud's network only. */
function isInternal(endpoint: string | undefined): boolean {
  return endpoint !== undefined && isOss(endpoint) && /-internal\./.test(new URL(endpoint).hostname);
}

const driverIsGone = refusal("storage/oss-on-distribution-3", {
  when: ({ registry, storage }) => registry.version === "3.1" && storage.kind === "oss",
  field: "registry.storage.kind",
  says: "oss on version 3.1",
  because: "distribution 3 has no oss driver; a node with this file does not start",
  instead: ({ storage }) =>
    `kind: s3 with endpoint: https://${storage.kind === "oss" ? storage.region : "oss-<region>"}-internal.aliyuncs.com and forcePathStyle: false`,
  source: "distribution/distribution#3985",
});

const pathStyle = refusalOfEach(s3, "storage/path-style-on-oss", {
  when: ({ registry, storage }) => registry.version === "3.1" && isOss(storage.endpoint) && storage.forcePathStyle,
  field: "registry.storage.forcePathStyle",
  says: "forcePathStyle: true on Alibaba Cloud OSS",
  because:
    "OSS refuses a bucket in the path with SecondLevelDomainForbidden, and every node answers 503, whatever upstream's s3.md says",
  instead: "forcePathStyle: false",
  source: "measured with a stand-in for OSS that takes the bucket in the host name only, as OSS does",
});

const s3DriverOn28 = refusalOfEach(s3, "storage/oss-through-s3-on-distribution-2", {
  when: ({ registry, storage }) => registry.version === "2.8" && isOss(storage.endpoint),
  field: "registry.storage.endpoint",
  says: ({ storage }) => `${storage.endpoint} on version 2.8`,
  because: "2.8 puts the bucket into the path whenever it has an endpoint, and OSS refuses that",
  instead: 'version: "3.1", or kind: oss',
  source: "distribution v2.8.3, registry/storage/driver/s3-aws/s3.go:428",
});

const internalRedirect = refusalOfEach(s3, "storage/internal-endpoint-redirects", {
  when: ({ registry, storage }) => isInternal(storage.endpoint) && registry.redirect,
  field: "registry.redirect",
  says: ({ storage }) => `redirect: true with ${storage.endpoint}`,
  because:
    "clients are sent to the registry's own endpoint, and outside Alibaba Cloud's network nobody reaches an internal one",
  instead: "redirect: false, or the public endpoint (its traffic costs)",
  source: "measured: the 307 carries a signature for the endpoint's host",
});

const internalDriverRedirect = refusalOfEach(storageOf("oss"), "storage/internal-driver-redirects", {
  when: ({ registry, storage }) => storage.internal && registry.redirect && registry.version !== "3.1",
  field: "registry.redirect",
  says: "redirect: true with internal: true",
  because:
    "clients are sent to the driver's own endpoint, and outside Alibaba Cloud's network nobody reaches the internal one",
  instead: "redirect: false, or internal: false (its traffic costs)",
  source: "aliyungo oss/client.go, vendored by distribution v2.8.3: the signed URL is made with Internal",
});

const roleOnOss = refusalOfEach(s3, "storage/role-on-oss", {
  when: ({ registry, storage }) =>
    registry.version === "3.1" && isOss(storage.endpoint) && storage.credentials === "instance-role",
  field: "registry.storage.credentials",
  says: "instance-role on Alibaba Cloud OSS",
  because:
    "Amazon's SDK asks 169.254.169.254 for rights, and an ECS machine gives its RAM role at another address in another form",
  instead: "credentials: keys, of a RAM user that may use this bucket only",
  source: "Alibaba Cloud ECS documentation, instance RAM roles: 100.100.100.200",
});

/** The classes of S3 that OSS has too; NONE sends no header. */
const CLASSES = ["STANDARD", "STANDARD_IA", "NONE"];

const classUnknown = refusalOfEach(s3, "storage/class-unknown-to-oss", {
  when: ({ registry, storage }) =>
    registry.version === "3.1" && isOss(storage.endpoint) && !CLASSES.includes(storage.storageClass),
  field: "registry.storage.storageClass",
  says: ({ storage }) => `${storage.storageClass} on Alibaba Cloud OSS`,
  because: "OSS knows three of Amazon's classes, STANDARD, STANDARD_IA and GLACIER, and every push would fail",
  instead: "STANDARD; STANDARD_IA for what is seldom pulled; NONE for the bucket's own",
  source: "Alibaba Cloud OSS, compatibility with Amazon S3: storage classes",
});

const bucketWithDot = refusal("storage/oss-bucket-with-dot", {
  when: ({ storage }) =>
    (storage.kind === "oss" || (storage.kind === "s3" && isOss(storage.endpoint))) && storage.bucket.includes("."),
  field: "registry.storage.bucket",
  says: ({ storage }) => ("bucket" in storage ? storage.bucket : ""),
  because: "a bucket of OSS has no '.' in its name, and with one the SDK falls back to the path, which OSS refuses",
  instead: "a bucket named with a-z, 0-9 and '-'",
  source: "Alibaba Cloud OSS, bucket naming; aws-sdk-go service/s3/host_style_bucket.go",
});

/** Refusals that concern Alibaba Cloud OSS. */
export const ossRefusals = [
  driverIsGone,
  pathStyle,
  s3DriverOn28,
  internalRedirect,
  internalDriverRedirect,
  roleOnOss,
  classUnknown,
  bucketWithDot,
];
