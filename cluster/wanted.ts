import { parse } from "yaml";
import { sha256 } from "../release/digest.js";
import { harborContainers } from "../release/harbor-containers.js";
import type { PinnedImage, Release, ReleaseFile, Unit } from "../release/release.js";
import type { FileState } from "./file-state.js";
import { FLOATING_UNIT_FILE, type Mark, PLACES, releaseName, type Service } from "./places.js";

/** One file that a host shall have. */
export interface WantedFile {
  readonly path: string;
  readonly state: FileState;
  readonly unit: Unit;
  readonly sensitive: boolean;
  /** Its text without secrets. */
  readonly masked: string;
}

/** What a host shall be: a release as planning sees it, whether it comes from rendering or lies on the host. */
export interface Wanted {
  readonly node: string;
  readonly digest: string;
  /** Name of its folder on the host. */
  readonly name: string;
  readonly files: readonly WantedFile[];
  readonly images: readonly PinnedImage[];
  readonly units: Readonly<Record<Unit, string>>;
  /** What each mark on the host must say. */
  readonly marks: Readonly<Record<Mark, string>>;
  /** Settings of the kernel, by name: net.ipv4.ip_unprivileged_port_start. */
  readonly kernel: Readonly<Record<string, string>>;
  /** Whether the node takes part in a floating address. */
  readonly floating: boolean;
  /** What its registry is made of when it is Harbor. @default - Distribution */
  readonly harbor?: WantedHarbor;
}

/** The Harbor of one node. */
export interface WantedHarbor {
  /** Each by its name, with the image that it runs. */
  readonly containers: readonly { readonly name: string; readonly image: string }[];
  /** Name of the folder that holds what `prepare` makes of this release. */
  readonly prepared: string;
  /** Version of its core: 2.15.2. */
  readonly version: string;
}

/** What planning needs of a release that was rendered. */
export function wantedRelease(release: Release): Wanted {
  return wanted(release, release.files.map(wantedFile));
}

/** What planning needs of a release whose files are known without their secrets. */
export function wanted(
  release: Pick<Release, "node" | "digest" | "images" | "units">,
  files: readonly WantedFile[],
): Wanted {
  const { node, digest, images, units } = release;
  const text = (path: string) => files.find((file) => file.path === path)?.masked ?? "";
  const services = composeServices(text(PLACES.compose));
  return {
    node,
    digest,
    name: releaseName(digest),
    files,
    images,
    units,
    marks: {
      registryMade: sha256(`${services("registry")}${units.registry}`),
      frontMade: sha256(services("front")),
      frontLoaded: units.front,
      floatingLoaded: units["floating-address"],
    },
    kernel: kernelSettings(text(PLACES.kernelSettings)),
    floating: files.some((file) => file.path === FLOATING_UNIT_FILE),
    ...wantedHarbor(images, units.registry),
  };
}

/** A release with Harbor brings the image of its core; each of the others belongs to one container, or to none. */
function wantedHarbor(images: readonly PinnedImage[], digest: string): Pick<Wanted, "harbor"> {
  const reference = (name: string) => images.find((image) => image.name === name)?.reference;
  const core = images.find((image) => image.name === "harbor-core");
  if (core === undefined) return {};
  const containers = harborContainers({
    trivy: reference("trivy-adapter-photon") !== undefined,
    metrics: reference("harbor-exporter") !== undefined,
  }).map(({ container, image }) => ({ name: container, image: reference(image) ?? "" }));
  return { harbor: { containers, prepared: releaseName(digest), version: core.version } };
}

function wantedFile(file: ReleaseFile): WantedFile {
  return {
    path: file.path,
    state: {
      sha256: sha256(file.content),
      mode: file.mode.toString(8),
      owner: `${file.owner}:${file.group}`,
    },
    unit: file.unit,
    sensitive: file.sensitive,
    masked: file.masked,
  };
}

/** How compose describes each service; another text means another container. */
function composeServices(compose: string): (service: Service) => string {
  const document: unknown = parse(compose);
  const services = isRecord(document) && isRecord(document.services) ? document.services : {};
  return (service) => JSON.stringify(services[service] ?? null);
}

/** The settings of a sysctl.d file. */
function kernelSettings(text: string): Record<string, string> {
  const lines = text.split("\n").map((line) => /^\s*([a-z][\w.]*)\s*=\s*(.*?)\s*$/.exec(line));
  return Object.fromEntries(lines.flatMap((match) => (match === null ? [] : [[match[1] ?? "", match[2] ?? ""]])));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
