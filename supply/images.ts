import type { ImageName, Images, PinnedImage } from "../release/release.js";
import { goTool } from "./go-tool.js";
import { provideHarbor, type WantedHarbor } from "./harbor-bundle.js";
import { madeImage } from "./made-image.js";
import { type ImagePin, pinOf, type WantedImage } from "./pins.js";
import type { Progress } from "./progress.js";
import { type ImageSource, imageSource } from "./source.js";

/** The software that hosts need. */
export interface Supply {
  /** The wanted images. One that was not wanted stands there as a registry would have it. */
  readonly images: Images;
  /** Where the wanted images come from. */
  readonly source: ImageSource;
  /** Path of the archive (docker-archive, gzipped) that a host loads for an image; undefined: it pulls by digest. */
  archive(reference: string): string | undefined;
  /** Path of Docker's compose plugin, for hosts whose system has none. */
  readonly composePlugin: string;
}

/**
 * Sees to it that wanted images are to be had: by digest from a registry where one answers, else made from packages
 * and kept. With everything kept it takes milliseconds.
 * @param wantedHarbor - the release of Harbor, whose images come out of one archive. @default - another engine runs
 */
export async function provideImages(
  wanted: readonly WantedImage[],
  progress: Progress,
  wantedHarbor?: WantedHarbor,
): Promise<Supply> {
  const source = await imageSource(progress);
  const archives = new Map<string, string>();
  const images: Record<ImageName, PinnedImage> = {
    registry: pulledImage(pinOf({ name: "registry" })),
    nginx: pulledImage(pinOf({ name: "nginx" })),
    haproxy: pulledImage(pinOf({ name: "haproxy" })),
  };
  for (const pin of wanted.map(pinOf)) {
    if (source === "pull") {
      images[pin.name] = pulledImage(pin);
      continue;
    }
    const made = await madeImage(pin, progress);
    archives.set(made.id, made.archive);
    images[pin.name] = { name: pin.name, version: made.version, reference: made.id };
  }
  const harbor = wantedHarbor && (await provideHarbor(wantedHarbor, progress));
  if (harbor !== undefined) {
    for (const { reference } of Object.values(harbor.images)) archives.set(reference, harbor.archive);
  }
  const composePlugin = await goTool("docker-compose", progress);
  return {
    images: { ...images, ...(harbor && { harbor: harbor.images }) },
    source,
    archive: (reference) => archives.get(reference),
    composePlugin,
  };
}

function pulledImage(pin: ImagePin): PinnedImage {
  return { name: pin.name, version: pin.version, reference: pin.pulled };
}
