import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { digestOf, RegistryClient } from "../../../operations/registry-client.js";
import { type RegistryAddress, RegistryConnection, type Request } from "../../../operations/registry-request.js";
import { type SampleImage, sampleImage } from "../../../operations/sample-image.js";
import { parseEnvironment } from "../../../spec/parse.js";
import { alicloud } from "../../spec/environments.js";
import { NodeOnOss } from "./node-on-oss.js";

const MIB = 1024 * 1024;
/** Layers that are small, larger than a part (10 MiB), and so large that the registry copies them in parts (32 MiB). */
const LARGE = sampleImage("large", [64 * 1024, 12 * MIB, 40 * MIB]);
const KEPT = sampleImage("kept", [3 * MIB, 64 * 1024]);
const EXAMPLE = "environments/examples/three-ecs-oss.yaml";

const PLACES = [
  {
    where: "three ECS machines",
    file: EXAMPLE,
    text: () => readFile(EXAMPLE, "utf8"),
    bucket: "example-registry-images",
  },
  {
    where: "a site on Alibaba Cloud",
    file: "prod.yaml",
    text: async () => stringify(alicloud()),
    bucket: "prod-hangzhou-registry-example-com",
  },
];

/** The rendered file of a node is used as it is: what it names (addresses, paths, ports, storage) is all there. */
describe.each(PLACES)("on $where", ({ file, text, bucket }) => {
  let node: NodeOnOss;
  let address: RegistryAddress;
  let client: RegistryClient;
  let connection: RegistryConnection;

  beforeAll(async () => {
    node = await NodeOnOss.make(parseEnvironment(await text(), file), bucket);
    await node.startRegistry();
    address = await node.startFront();
    client = new RegistryClient(address);
    connection = new RegistryConnection(address);
    await push("team/kept", "stable", KEPT);
    await push("team/app", "v1", LARGE);
  });
  afterAll(async () => {
    client?.close();
    connection?.close();
    await node?.end();
  });

  async function push(repository: string, tag: string, { config, layers, manifest }: SampleImage): Promise<void> {
    for (const { bytes } of [config, ...layers]) await client.pushBlob(repository, bytes);
    await client.pushManifest(repository, tag, manifest.mediaType, manifest.bytes);
  }

  async function expectWhole(repository: string, reference: string, image: SampleImage): Promise<void> {
    expect((await client.pullManifest(repository, reference)).digest).toBe(image.manifest.digest);
    for (const { digest, bytes } of image.layers) {
      expect(Buffer.compare(await client.pullBlob(repository, digest), bytes)).toBe(0);
    }
  }

  const ask = (method: Request["method"], path: string, headers = {}) => connection.send({ method, path, headers });
  const inBucket = (digest: string) => {
    const hex = digest.replace("sha256:", "");
    return [...node.oss.bucket.objects.keys()].filter((key) => key.includes(`/blobs/sha256/`) && key.includes(hex));
  };

  test("preflight can write, read and remove an object from inside the host", async () => {
    const { printed, problem } = await node.probe();
    expect(problem?.details.says).toBeUndefined();
    expect(printed).toMatch(/^written, read and removed in \d+ ms$/);
  });

  test("what was pushed is pulled by tag and by digest, byte for byte", async () => {
    await expectWhole("team/app", "v1", LARGE);
    await expectWhole("team/app", LARGE.manifest.digest, LARGE);
    await expectWhole("team/kept", "stable", KEPT);
  });

  test("a part of a layer is answered with that part", async () => {
    const [layer] = LARGE.layers.slice(-1);
    if (layer === undefined) throw new RangeError("an image has layers");
    const first = 33 * MIB + 5;
    const path = `/v2/team/app/blobs/${layer.digest}`;
    const { status, body } = await ask("GET", path, { Range: `bytes=${first}-${first + 999}` });
    expect(status).toBe(206);
    expect(Buffer.compare(body, layer.bytes.subarray(first, first + 1000))).toBe(0);
  });

  test("an upload is taken up again where it was left", async () => {
    const bytes = randomBytes(14 * MIB);
    const begun = await client.startUpload("team/resumed");
    const next = await client.patch(begun, bytes.subarray(0, 6 * MIB));
    const last = await client.patch(next, bytes.subarray(6 * MIB), 6 * MIB);
    await client.finish(last, digestOf(bytes));
    expect(Buffer.compare(await client.pullBlob("team/resumed", digestOf(bytes)), bytes)).toBe(0);
  });

  test("a layer that another repository has is mounted without being sent", async () => {
    const [layer] = KEPT.layers;
    const before = inBucket(layer?.digest ?? "").length;
    const mounted = await ask("POST", `/v2/team/other/blobs/uploads/?mount=${layer?.digest}&from=team/kept`);
    expect(mounted.status).toBe(201);
    expect(await client.hasBlob("team/other", layer?.digest ?? "")).toBe(true);
    expect(inBucket(layer?.digest ?? "")).toHaveLength(before);
  });

  test("an image that was deleted is gone after the collection, and another is whole", async () => {
    await client.deleteManifest("team/app", LARGE.manifest.digest);
    const layers = LARGE.layers.map(({ digest }) => digest);
    expect(layers.flatMap(inBucket)).toHaveLength(layers.length);
    const { exitCode, said } = await node.collectGarbage();
    expect(exitCode, said).toBe(0);
    expect(layers.flatMap(inBucket)).toEqual([]);
    // It remembers blobs that it has seen, so it is started anew, as after every collection.
    await node.startRegistry();
    for (const digest of layers) expect(await client.hasBlob("team/app", digest)).toBe(false);
    await expectWhole("team/kept", "stable", KEPT);
    await push("team/app", "v1", LARGE);
    await expectWhole("team/app", "v1", LARGE);
  });

  test("nothing that was sent on the way was refused, and every way of OSS to take it was used", () => {
    const { exchanges } = node.oss;
    expect(new Set(exchanges.map(({ code }) => code))).toEqual(new Set(["", "NoSuchKey"]));
    expect(exchanges.every(({ request }) => request.secure)).toBe(true);
    const used = (name: string) => exchanges.some(({ request }) => request.query.some(([one]) => one === name));
    expect(["uploads", "uploadId", "partNumber", "list-type", "delete"].filter((name) => !used(name))).toEqual([]);
    const copies = exchanges.filter(({ request }) => request.headers["x-amz-copy-source"] !== undefined);
    expect(copies.some(({ request }) => request.headers["x-amz-copy-source-range"] !== undefined)).toBe(true);
    expect(copies.some(({ request }) => request.headers["x-amz-copy-source-range"] === undefined)).toBe(true);
  });
});
