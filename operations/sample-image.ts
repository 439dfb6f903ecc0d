import { createCipheriv, createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { digestOf } from "./registry-client.js";

/** A blob of an image. */
export interface Blob {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  readonly digest: string;
}

/** An image that was made for a trial. */
export interface SampleImage {
  readonly config: Blob;
  readonly layers: readonly Blob[];
  readonly manifest: Blob;
}

/**
 * Makes an image of random-looking layers: the same seed gives the same image, another seed shares no layer with it.
 * Each layer is a gzipped tar with one file, so that clients can unpack it.
 * @param layerSizes - bytes of the file in each layer
 */
export function sampleImage(seed: string, layerSizes: readonly number[]): SampleImage {
  const made = layerSizes.map((size, index) => {
    const tar = tarOf(`sample-${index}`, randomBytes(`${seed} ${index}`, size));
    // Random bytes do not get smaller: level 0 stores them, and costs no time.
    const layer = blob("application/vnd.oci.image.layer.v1.tar+gzip", gzipSync(tar, { level: 0 }));
    return { layer, diffId: digestOf(tar) };
  });
  const config = jsonBlob("application/vnd.oci.image.config.v1+json", {
    architecture: "amd64",
    os: "linux",
    config: { Labels: { seed } },
    rootfs: { type: "layers", diff_ids: made.map(({ diffId }) => diffId) },
  });
  const layers = made.map(({ layer }) => layer);
  const manifest = jsonBlob("application/vnd.oci.image.manifest.v1+json", {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: descriptor(config),
    layers: layers.map(descriptor),
  });
  return { config, layers, manifest };
}

/** Bytes that look random and are the same for the same seed: a cipher's stream over zeros. */
function randomBytes(seed: string, size: number): Buffer {
  const key = createHash("sha256").update(seed).digest();
  return createCipheriv("aes-256-ctr", key, Buffer.alloc(16)).update(Buffer.alloc(size));
}

/** A tar archive with one file: a header in ustar form, the bytes, and zeros to the end of the record (POSIX, pax). */
function tarOf(name: string, bytes: Buffer): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write("0000644\0" + "0000000\0" + "0000000\0", 100);
  header.write(`${bytes.byteLength.toString(8).padStart(11, "0")}\0${"0".repeat(11)}\0`, 124);
  // The checksum counts its own field as blanks.
  header.write(`${" ".repeat(8)}0`, 148);
  header.write("ustar\0" + "00", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  const end = Buffer.alloc(1024 + ((512 - (bytes.byteLength % 512)) % 512));
  return Buffer.concat([header, bytes, end]);
}

function jsonBlob(mediaType: string, content: object): Blob {
  return blob(mediaType, Buffer.from(JSON.stringify(content)));
}

function blob(mediaType: string, bytes: Uint8Array): Blob {
  return { mediaType, bytes, digest: digestOf(bytes) };
}

function descriptor({ mediaType, digest, bytes }: Blob) {
  return { mediaType, digest, size: bytes.byteLength };
}
