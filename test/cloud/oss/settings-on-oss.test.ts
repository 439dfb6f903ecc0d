import { afterEach, expect, test } from "vitest";
import { stringify } from "yaml";
import { digestOf, RegistryClient } from "../../../operations/registry-client.js";
import { type EnvironmentFile, environmentSchema } from "../../../spec/environment.js";
import { parseEnvironment } from "../../../spec/parse.js";
import { Problems } from "../../../spec/problem.js";
import type { StorageFile } from "../../arbitrary/storage.js";
import { until } from "../../rendered/running.js";
import { hosts, oss } from "../../spec/environments.js";
import { KEYS, KMS_KEY, NodeOnOss } from "./node-on-oss.js";

type S3File = Extract<StorageFile, { kind: "s3" }>;

const made: NodeOnOss[] = [];
afterEach(async () => {
  for (const node of made.splice(0)) await node.end();
});

/** Three hosts with their images on OSS, with these changes; a registry that soon says when it cannot serve. */
function onOss(storage: Partial<S3File> = {}, version: "3.1" | "2.8" = "3.1"): EnvironmentFile {
  const health = { interval: "1s", threshold: 1 };
  return hosts({}, { storage: { ...oss, ...storage }, redirect: false, health, version });
}

/** Makes a node, whether it is refused or not: what would happen? */
async function makeAnyway(file: EnvironmentFile, keys = KEYS): Promise<NodeOnOss> {
  const node = await NodeOnOss.make(environmentSchema.parse(file), oss.bucket, keys);
  made.push(node);
  return node;
}

/** The reasons for which a file is refused. */
function refusalsOf(file: EnvironmentFile): string[] {
  try {
    parseEnvironment(stringify(file), `${file.environment}.yaml`);
    return [];
  } catch (error) {
    if (error instanceof Problems) return error.problems.map(({ code }) => code);
    throw error;
  }
}

/** What the registry logs until it answers 503 to everything. */
async function logOfFailure(node: NodeOnOss): Promise<string> {
  const registry = await node.startRegistry();
  await until("the registry gives up", async () => (await node.statusOfRegistry()) === 503);
  return registry.said;
}

/** Pushes a blob and tells how it went. */
async function push(node: NodeOnOss): Promise<string> {
  const registry = await node.startRegistry();
  const client = new RegistryClient(await node.startFront());
  const outcome = await client.pushBlob("team/app", Buffer.from("layer")).then(
    () => "pushed",
    () => registry.said,
  );
  client.close();
  return outcome;
}

test("a wrong secret key is told by the registry's log, and by preflight with the command that mends it", async () => {
  const mistyped = { ...KEYS, secretKey: "mistyped" };
  const node = await makeAnyway(onOss(), mistyped);
  expect(await logOfFailure(node)).toContain("SignatureDoesNotMatch");
  const { problem } = await node.probe(mistyped);
  expect(problem?.details.code).toBe("storage/wrong-key");
  expect(problem?.details.says).toContain("the secret key does not belong to the access key");
  expect(problem?.details.instead).toContain("harborwright secret set prod storage-access-key");
});

test("an access key that OSS does not know is told as that", async () => {
  const stranger = { ...KEYS, accessKey: "LTAI5tSomebodyElse" };
  const node = await makeAnyway(onOss(), stranger);
  expect(await logOfFailure(node)).toContain("InvalidAccessKeyId");
  expect((await node.probe(stranger)).problem?.details.says).toContain("does not know the access key");
});

test("a bucket in the path is refused by us because OSS refuses it", async () => {
  const file = onOss({ forcePathStyle: true });
  expect(refusalsOf(file)).toEqual(["storage/path-style-on-oss"]);
  const node = await makeAnyway(file);
  expect(await logOfFailure(node)).toContain("SecondLevelDomainForbidden");
  expect((await node.probe()).problem?.details.code).toBe("storage/addressing");
});

test("OSS through version 2.8's s3 driver is refused by us because it puts the bucket into the path", async () => {
  const file = onOss({}, "2.8");
  expect(refusalsOf(file)).toEqual(["storage/oss-through-s3-on-distribution-2"]);
  const node = await makeAnyway(file);
  await logOfFailure(node); // which says nothing of the reason
  expect(new Set(node.oss.exchanges.map(({ code }) => code))).toEqual(new Set(["SecondLevelDomainForbidden"]));
});

test("a region that is not the bucket's is told as that", async () => {
  const node = await makeAnyway(onOss({ region: "cn-shanghai" }));
  expect(await logOfFailure(node)).toContain("AuthorizationHeaderMalformed");
  expect((await node.probe()).problem?.details.code).toBe("storage/wrong-region");
});

test("plain HTTP is refused by the bucket's policy", async () => {
  const file = onOss({ endpoint: "http://oss-cn-hangzhou-internal.aliyuncs.com" });
  expect(refusalsOf(file)).toEqual(["storage/in-the-clear"]);
  const node = await makeAnyway(file);
  expect(await logOfFailure(node)).toContain("AccessDenied");
  expect((await node.probe()).problem?.details.code).toBe("storage/denied");
});

test("a key of the key service is taken, and one that it does not have is not", async () => {
  expect(await push(await makeAnyway(onOss({ encrypt: true, kmsKey: KMS_KEY })))).toBe("pushed");
  expect(await push(await makeAnyway(onOss({ encrypt: true, kmsKey: "key-somebody-elses" })))).toContain("KeyNotFound");
});

test("the class for what is seldom read is taken, and classes of Amazon alone are not", async () => {
  const seldom = await makeAnyway(onOss({ storageClass: "STANDARD_IA" }));
  expect(await push(seldom)).toBe("pushed");
  expect(new Set([...seldom.oss.bucket.objects.values()].map(({ storageClass }) => storageClass))).toEqual(
    new Set(["STANDARD_IA"]),
  );
  const amazons = onOss({ storageClass: "ONEZONE_IA" });
  expect(refusalsOf(amazons)).toEqual(["storage/class-unknown-to-oss"]);
  expect(await push(await makeAnyway(amazons))).toContain("x-amz-storage-class is not supported");
});

test("a client that is sent to OSS gets the layer there with the registry's link", async () => {
  const file = onOss({ endpoint: "https://oss-cn-hangzhou.aliyuncs.com" });
  const node = await makeAnyway({ ...file, registry: { ...file.registry, redirect: true } });
  expect(await push(node)).toBe("pushed");
  const { url, user } = node.registryInside;
  const blob = `${url}/v2/team/app/blobs/${digestOf(Buffer.from("layer"))}`;
  const { out } = await node.host.shell(`curl --silent --location --user '${user}' ${blob}`);
  expect(out).toBe("layer");
  const last = node.oss.exchanges.at(-1);
  expect(last?.request.query.map(([name]) => name)).toContain("X-Amz-Signature");
});
