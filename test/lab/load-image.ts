import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { SampleImage } from "../../operations/sample-image.js";

/** Writes an image as a folder that skopeo reads as `oci:<folder>:image` (OCI image-spec, "Image Layout"). */
export async function writeLayout(folder: string, { config, layers, manifest }: SampleImage): Promise<void> {
  const blobs = join(folder, "blobs", "sha256");
  await mkdir(blobs, { recursive: true });
  const index = {
    schemaVersion: 2,
    manifests: [
      {
        mediaType: manifest.mediaType,
        digest: manifest.digest,
        size: manifest.bytes.byteLength,
        annotations: { "org.opencontainers.image.ref.name": "image" },
      },
    ],
  };
  await Promise.all([
    writeFile(join(folder, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" })),
    writeFile(join(folder, "index.json"), JSON.stringify(index)),
    ...[config, ...layers, manifest].map(({ digest, bytes }) =>
      writeFile(join(blobs, digest.slice("sha256:".length)), bytes),
    ),
  ]);
}
