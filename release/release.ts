import type { HarborImageName, HarborImages } from "./harbor-images.js";

export type { ReleaseSecrets } from "../spec/release-secrets.js";

/** The part of a node that must act when a file changes. */
export type Unit = "registry" | "front" | "floating-address" | "kernel" | "service" | "nothing";

/** One file as it lies on a host. */
export type ReleaseFile = FileOf<Unit>;

/** One file as it lies on a host, of a part that is one of some. */
export interface FileOf<Who extends string> {
  /** Absolute path on the host. */
  readonly path: string;
  /** Permission bits, 0o644. */
  readonly mode: number;
  /** Numeric owner and group; names differ between systems. */
  readonly owner: number;
  readonly group: number;
  /** The bytes, as UTF-8 text. */
  readonly content: string;
  /** The same text with every secret as `***`: what diffs, `render` and logs show. Equal to content when not sensitive. */
  readonly masked: string;
  /** Whether content holds a secret. */
  readonly sensitive: boolean;
  /** Who must act when it changes. */
  readonly unit: Who;
}

/** Everything one host gets. The same input gives the same bytes, and so the same digest. */
export interface Release {
  /** Name of the node. */
  readonly node: string;
  /** sha256 over paths, modes, owners and contents, in hex. */
  readonly digest: string;
  /** Sorted by path. */
  readonly files: readonly ReleaseFile[];
  /** Images its compose file names. */
  readonly images: readonly PinnedImage[];
  /** sha256 over the files of each unit, in hex: what tells a running container that it is out of date. */
  readonly units: Readonly<Record<Unit, string>>;
}

export type ImageName = "registry" | "nginx" | "haproxy";

/** A container image pinned by content. */
export interface PinnedImage {
  readonly name: ImageName | HarborImageName;
  /** Version of the program inside: 3.1.1. Templates branch on it. */
  readonly version: string;
  /** What a compose file names: `docker.io/library/registry@sha256:…`, or the image's own id `sha256:…` when it was made here. */
  readonly reference: string;
}

/** The images an environment may use. */
export interface Images extends Readonly<Record<ImageName, PinnedImage>> {
  /** Those of Harbor's release. @default - another engine runs */
  readonly harbor?: HarborImages;
}
