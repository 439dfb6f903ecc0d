import type { PinnedImage } from "./release.js";

/** Images of Harbor's release that a node may need, by the name that upstream gives them: goharbor/harbor-core. */
export const HARBOR_IMAGES = [
  "prepare",
  "harbor-log",
  "registry-photon",
  "harbor-registryctl",
  "harbor-core",
  "harbor-portal",
  "harbor-jobservice",
  "nginx-photon",
  "trivy-adapter-photon",
  "harbor-exporter",
  /** Brings the tools of PostgreSQL; the data base itself runs elsewhere. */
  "harbor-db",
] as const;
export type HarborImageName = (typeof HARBOR_IMAGES)[number];

/** Something for each of them. */
export type EachHarborImage<Thing> = Readonly<Record<HarborImageName, Thing>>;

/** All of them, of one release of Harbor. */
export type HarborImages = EachHarborImage<PinnedImage>;

/** Says for each image what belongs to it. */
export function eachHarborImage<Thing>(of: (name: HarborImageName) => Thing): EachHarborImage<Thing> {
  return Object.fromEntries(HARBOR_IMAGES.map((name) => [name, of(name)])) as EachHarborImage<Thing>;
}

/** Makes a table of them. */
export function harborImages(image: (name: HarborImageName) => PinnedImage): HarborImages {
  return {
    prepare: image("prepare"),
    "harbor-log": image("harbor-log"),
    "registry-photon": image("registry-photon"),
    "harbor-registryctl": image("harbor-registryctl"),
    "harbor-core": image("harbor-core"),
    "harbor-portal": image("harbor-portal"),
    "harbor-jobservice": image("harbor-jobservice"),
    "nginx-photon": image("nginx-photon"),
    "trivy-adapter-photon": image("trivy-adapter-photon"),
    "harbor-exporter": image("harbor-exporter"),
    "harbor-db": image("harbor-db"),
  };
}
