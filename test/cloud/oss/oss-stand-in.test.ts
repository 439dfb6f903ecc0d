import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { KEYS, KMS_KEY } from "./node-on-oss.js";
import { OssStandIn } from "./oss-stand-in.js";
import { SigningClient, type Wish } from "./signing-client.js";

const HOST = "images.oss-cn-hangzhou.aliyuncs.com";
const MIB = 1024 * 1024;

let folder: string;
let oss: OssStandIn;
let client: SigningClient;
let now: Date;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "oss-"));
  now = new Date();
  oss = new OssStandIn({
    region: "cn-hangzhou",
    bucket: "images",
    keys: { [KEYS.accessKey]: KEYS.secretKey },
    kmsKeys: [KMS_KEY],
    requireTls: false,
    clock: () => now,
  });
  await oss.listen(join(folder, "oss.sock"));
  client = new SigningClient(join(folder, "oss.sock"), HOST);
});
afterEach(async () => {
  await oss.stop();
  await rm(folder, { recursive: true });
});

const put = (key: string, body: string | Buffer = "content", headers = {}) =>
  client.ask({ method: "PUT", key, body, headers });

/** Keys, parameters and bodies with every sign that has to be encoded or must not be. */
const awkward = fc.string({
  unit: fc.constantFrom(..."aZ09-._~ !'()*&=+%@:;,?#$[]|äß→🐋"),
  minLength: 1,
  maxLength: 8,
});
const wish: fc.Arbitrary<Wish> = fc.record({
  method: fc.constantFrom("PUT", "GET", "DELETE"),
  key: fc
    .array(
      awkward.filter((part) => !/^\.{1,2}$/.test(part)),
      { minLength: 1, maxLength: 3 },
    )
    .map((parts) => parts.join("/")),
  query: fc.dictionary(
    awkward.filter((one) => one !== "uploads" && one !== "__proto__"),
    awkward,
    { maxKeys: 3 },
  ),
  body: awkward,
});

test("whatever Amazon's signer signs is accepted, and nothing of it can be changed", async () => {
  await fc.assert(
    fc.asyncProperty(wish, async (asked) => {
      const signed = await client.sign(asked);
      expect((await client.send(signed)).code).toMatch(/^(NoSuchKey)?$/);
      const other = await client.send({ ...signed, path: `${signed.path}${signed.path.includes("?") ? "&" : "?"}x=1` });
      expect(other.code).toBe("SignatureDoesNotMatch");
      expect((await client.send({ ...signed, body: `${signed.body}.` })).code).toBe("XAmzContentSHA256Mismatch");
      expect((await client.send({ ...signed, method: "POST" })).code).toBe("SignatureDoesNotMatch");
      const added = { ...signed, headers: { ...signed.headers, "x-amz-acl": "public-read" } };
      expect((await client.send(added)).code).toBe("AccessDenied");
    }),
    { numRuns: 50 },
  );
});

test("a link is good until its time is over, and for nothing else", async () => {
  await put("layer");
  const link = await client.link({ method: "GET", key: "layer" }, 600);
  expect((await client.send(link)).body).toBe("content");
  expect((await client.send({ ...link, path: link.path.replace("/layer", "/other") })).code).toBe(
    "SignatureDoesNotMatch",
  );
  expect((await client.send({ ...link, path: link.path.replace("=600", "=900") })).code).toBe("SignatureDoesNotMatch");
  now = new Date(now.getTime() + 601_000);
  expect((await client.send(link)).code).toBe("RequestTimeTooSkewed");
});

test("wrong keys, old signatures and requests without any are told apart", async () => {
  const socket = join(folder, "oss.sock");
  const asked: Wish = { method: "GET", key: "layer" };
  const stranger = new SigningClient(socket, HOST, { ...KEYS, accessKey: "somebody" });
  const mistyped = new SigningClient(socket, HOST, { ...KEYS, secretKey: "mistyped" });
  const signed = await client.sign(asked);
  expect((await stranger.ask(asked)).code).toBe("InvalidAccessKeyId");
  expect((await mistyped.ask(asked)).code).toBe("SignatureDoesNotMatch");
  expect((await client.send({ ...signed, headers: { host: HOST } })).code).toBe("AccessDenied");
  const old = await client.sign(asked, new Date(now.getTime() - 16 * 60_000));
  expect((await client.send(old)).code).toBe("RequestTimeTooSkewed");
});

test("a bucket in the path is refused, and so is a bucket that does not exist", async () => {
  const socket = join(folder, "oss.sock");
  const inPath = new SigningClient(socket, "oss-cn-hangzhou.aliyuncs.com");
  expect(await inPath.ask({ method: "GET", key: "images/layer" })).toMatchObject({
    status: 403,
    code: "SecondLevelDomainForbidden",
  });
  const elsewhere = new SigningClient(socket, "other.oss-cn-hangzhou.aliyuncs.com");
  expect((await elsewhere.ask({ method: "GET", key: "layer" })).code).toBe("NoSuchBucket");
});

test("bodies in chunks with a checksum behind them, which newer SDKs of Amazon send by themselves, are refused", async () => {
  const chunked = { "content-encoding": "aws-chunked", "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER" };
  for (const headers of [chunked, { "x-amz-trailer": "x-amz-checksum-crc32" }]) {
    const refused = await put("layer", "7\r\ncontent\r\n0\r\n\r\n", headers);
    expect(refused).toMatchObject({ status: 400, code: "InvalidArgument" });
    expect(refused.body).toContain("aws-chunked encoding is not supported");
  }
  expect(oss.bucket.objects.size).toBe(0);
});

test("a body that is not the one its MD5 was made from is refused", async () => {
  const md5 = (text: string) => createHash("md5").update(text).digest("base64");
  expect((await put("layer", "content", { "content-md5": md5("content") })).code).toBe("");
  expect((await put("layer", "content", { "content-md5": md5("other") })).code).toBe("InvalidDigest");
});

test("classes, ciphers and keys that OSS does not have are refused", async () => {
  const classOf = (name: string) => put("layer", "content", { "x-amz-storage-class": name });
  expect((await classOf("STANDARD_IA")).code).toBe("");
  expect((await classOf("REDUCED_REDUNDANCY")).code).toBe("InvalidArgument");
  const cipher = (name: string, key?: string) =>
    put("layer", "content", {
      "x-amz-server-side-encryption": name,
      ...(key === undefined ? {} : { "x-amz-server-side-encryption-aws-kms-key-id": key }),
    });
  expect((await cipher("AES256")).headers["x-amz-server-side-encryption"]).toBe("AES256");
  expect((await cipher("aws:kms", KMS_KEY)).headers["x-amz-server-side-encryption-aws-kms-key-id"]).toBe(KMS_KEY);
  expect((await cipher("aws:kms", "other")).status).toBe(404);
  expect((await cipher("ROT13")).code).toBe("InvalidEncryptionAlgorithmError");
});

test("both ways to list a bucket tell the same, page by page", async () => {
  for (const key of ["a/1", "a/2", "b", "c/1", "d"]) await put(key);
  const listed = async (query: Record<string, string>, next: string, goesOn: string) => {
    const seen: string[] = [];
    let more: Record<string, string> | undefined = {};
    while (more !== undefined) {
      const { body } = await client.ask({
        method: "GET",
        query: { delimiter: "/", "max-keys": "2", ...query, ...more },
      });
      seen.push(...[...body.matchAll(/<(?:Key|Prefix)>([^<]+)</g)].map(([, name = ""]) => name));
      const [, token] = new RegExp(`<${next}>([^<]*)<`).exec(body) ?? [];
      more = token === undefined ? undefined : { [goesOn]: token };
    }
    return seen;
  };
  const newly = await listed({ "list-type": "2" }, "NextContinuationToken", "continuation-token");
  const oldly = await listed({}, "NextMarker", "marker");
  expect(newly).toEqual(oldly);
  expect([...newly].sort()).toEqual(["a/", "b", "c/", "d"]);
  expect((await client.ask({ method: "GET", query: { "list-type": "2", "start-after": "c/1" } })).body).not.toContain(
    "<Key>b<",
  );
  expect((await client.ask({ method: "GET", query: { "max-keys": "1001" } })).code).toBe("InvalidArgument");
});

test("several objects are deleted at once, if the request proves that it came whole", async () => {
  await put("a");
  await put("b");
  const body = "<Delete><Quiet>true</Quiet><Object><Key>a</Key></Object><Object><Key>gone</Key></Object></Delete>";
  const headers = { "content-md5": createHash("md5").update(body).digest("base64") };
  expect((await client.ask({ method: "POST", query: { delete: "" }, body })).code).toBe("InvalidRequest");
  expect((await client.ask({ method: "POST", query: { delete: "" }, body, headers })).status).toBe(200);
  expect([...oss.bucket.objects.keys()]).toEqual(["b"]);
});

test("an upload in parts is put together in order, and only from whole parts that were sent", async () => {
  const parts = [Buffer.alloc(5 * MIB, "a"), Buffer.alloc(5 * MIB, "b"), Buffer.from("end")];
  const begun = await client.ask({ method: "POST", key: "layer", query: { uploads: "" } });
  const [, uploadId = ""] = /<UploadId>(\w+)</.exec(begun.body) ?? [];
  const etags: string[] = [];
  for (const [index, body] of parts.entries()) {
    const query = { partNumber: String(index + 1), uploadId };
    etags.push((await client.ask({ method: "PUT", key: "layer", query, body })).headers.etag ?? "");
  }
  const finish = (numbers: readonly number[], tags = etags) => {
    const listed = numbers.map((n) => `<Part><PartNumber>${n}</PartNumber><ETag>${tags[n - 1] ?? '"0"'}</ETag></Part>`);
    const body = `<CompleteMultipartUpload>${listed.join("")}</CompleteMultipartUpload>`;
    return client.ask({ method: "POST", key: "layer", query: { uploadId }, body });
  };
  expect((await finish([2, 1, 3])).code).toBe("InvalidPartOrder");
  expect((await finish([1, 2, 4])).code).toBe("InvalidPart");
  expect((await finish([1, 2, 3], [etags[1] ?? "", etags[0] ?? "", ""])).code).toBe("InvalidPart");
  await client.ask({ method: "PUT", key: "layer", query: { partNumber: "4", uploadId }, body: "more" });
  expect((await finish([1, 3, 4], [...etags, `"${createHash("md5").update("more").digest("hex")}"`])).code).toBe(
    "EntityTooSmall",
  );
  expect((await finish([1, 2, 3])).body).toMatch(/<ETag>&quot;[0-9A-F]{32}-3&quot;</);
  expect(oss.bucket.object("layer").content.equals(Buffer.concat(parts))).toBe(true);
  expect((await finish([1, 2, 3])).code).toBe("NoSuchUpload");
});

test("ranges are answered with their bytes, and refused behind the end", async () => {
  await put("layer", "0123456789");
  const range = (header: string) => client.ask({ method: "GET", key: "layer", headers: { range: header } });
  expect(await range("bytes=2-4")).toMatchObject({ status: 206, body: "234" });
  expect(await range("bytes=-3")).toMatchObject({ status: 206, body: "789" });
  expect(await range("bytes=8-99")).toMatchObject({ status: 206, body: "89" });
  expect(await range("bytes=10-")).toMatchObject({ status: 416, code: "InvalidRange" });
});
