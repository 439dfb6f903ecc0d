import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { digestOf } from "../../operations/registry-client.js";
import { sampleImage } from "../../operations/sample-image.js";

const seeds = fc.string({ minLength: 1, maxLength: 20 });
const sizes = fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 1, maxLength: 4 });

test("the same seed gives the same image, and another seed shares no layer with it", () => {
  fc.assert(
    fc.property(seeds, seeds, sizes, (seed, other, layers) => {
      const image = sampleImage(seed, layers);
      expect(sampleImage(seed, layers).manifest.digest).toBe(image.manifest.digest);
      fc.pre(seed !== other && layers.every((size) => size > 16));
      const digests = new Set(sampleImage(other, layers).layers.map(({ digest }) => digest));
      expect(image.layers.filter(({ digest }) => digests.has(digest))).toEqual([]);
    }),
  );
});

test("an image names its blobs by their digests and sizes, and its layers by those of what they unpack to", () => {
  const { manifest, config, layers } = sampleImage("seed", [10, 2_000]);
  const written = JSON.parse(Buffer.from(manifest.bytes).toString());
  expect([written.config, ...written.layers]).toEqual(
    [config, ...layers].map(({ mediaType, digest, bytes }) => ({ mediaType, digest, size: bytes.byteLength })),
  );
  expect(JSON.parse(Buffer.from(config.bytes).toString()).rootfs.diff_ids).toEqual(
    layers.map(({ bytes }) => digestOf(gunzipSync(bytes))),
  );
});
