import { expect, test } from "vitest";
import { bucketOf } from "../../operations/storage-address.js";
import { storageProbes } from "../../operations/storage-probe.js";
import { type EnvironmentFile, environmentSchema } from "../../spec/environment.js";
import { Secret } from "../../spec/secret.js";
import { exampleEnvironment, siteOf } from "../release/example.js";

type StorageFile = NonNullable<EnvironmentFile["registry"]["storage"]>;

function bucket(storage: StorageFile) {
  const environment = environmentSchema.parse({
    environment: "example",
    registry: { hostname: "registry.example.com", storage },
    sites: [{ name: "here", provider: "local" }],
  });
  return bucketOf(environment.registry.storage, siteOf(environment).storage);
}

const s3 = { kind: "s3", bucket: "images", region: "eu-central-1" } as const;

test.each([
  ["Amazon S3", s3, "https://images.s3.eu-central-1.amazonaws.com/"],
  ["Amazon in China", { ...s3, region: "cn-north-1" }, "https://images.s3.cn-north-1.amazonaws.com.cn/"],
  ["Amazon over IPv6", { ...s3, dualStack: true }, "https://images.s3.dualstack.eu-central-1.amazonaws.com/"],
  ["Amazon's acceleration", { ...s3, accelerate: true }, "https://images.s3-accelerate.amazonaws.com/"],
  ["a bucket with dots", { ...s3, bucket: "my.images" }, "https://s3.eu-central-1.amazonaws.com/my.images/"],
  ["a path", { ...s3, endpoint: "http://10.0.0.9:9000", forcePathStyle: true }, "http://10.0.0.9:9000/images/"],
  ["a host name", { ...s3, endpoint: "https://s3.corp.internal" }, "https://images.s3.corp.internal/"],
  [
    "OSS through S3",
    { ...s3, endpoint: "https://oss-cn-hangzhou-internal.aliyuncs.com" },
    "https://images.oss-cn-hangzhou-internal.aliyuncs.com/",
  ],
  [
    "OSS through its own driver",
    { kind: "oss", bucket: "images", region: "oss-cn-hangzhou", internal: false },
    "https://images.oss-cn-hangzhou.aliyuncs.com/",
  ],
] satisfies [string, StorageFile, string][])(
  "the bucket is found where the registry looks for it: %s",
  (_, storage, url) => {
    expect(bucket(storage)?.url).toBe(url);
  },
);

test("the region of OSS is signed without its prefix", () => {
  expect(bucket({ kind: "oss", bucket: "images", region: "oss-cn-hangzhou" })?.region).toBe("cn-hangzhou");
});

test("an object asks for the encryption that the registry will ask for", () => {
  expect(bucket(s3)?.writeHeaders).toEqual({});
  expect(bucket({ ...s3, encrypt: true })?.writeHeaders).toEqual({ "x-amz-server-side-encryption": "AES256" });
  expect(bucket({ ...s3, encrypt: true, kmsKey: "alias/images" })?.writeHeaders).toEqual({
    "x-amz-server-side-encryption": "aws:kms",
    "x-amz-server-side-encryption-aws-kms-key-id": "alias/images",
  });
});

test("each node has an object of its own under the registry's folder", async () => {
  const environment = exampleEnvironment();
  const keys = { accessKey: new Secret("access"), secretKey: new Secret("secret") };
  const probes = await storageProbes(environment, siteOf(environment), keys, new Date(0));
  expect(probes.map(({ node, input }) => [node, /^url = "(.*)"$/m.exec(input ?? "")?.[1]])).toEqual([
    ["node-1", "http://198.18.0.10:7070/registry/registry/.harborwright-probe-node-1"],
    ["node-2", "http://198.18.0.10:7070/registry/registry/.harborwright-probe-node-2"],
    ["node-3", "http://198.18.0.10:7070/registry/registry/.harborwright-probe-node-3"],
  ]);
});

test("the way to an account of Azure is tried without its key", async () => {
  const environment = exampleEnvironment({ storage: { kind: "azure", account: "images", container: "registry" } });
  const [probe] = await storageProbes(environment, siteOf(environment), undefined, new Date(0));
  expect(probe?.what).toBe("storage reachable");
  expect(probe?.input).toContain('url = "https://images.blob.core.windows.net/registry?restype=container"');
});
