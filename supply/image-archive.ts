import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { $ } from "zx/core";

/** What an image is besides its files. */
export interface ImageSettings {
  /** Name for people: harborwright/registry:3.1.1. */
  readonly tag: string;
  /** As Go spells it: amd64, arm64. */
  readonly architecture: string;
  readonly command: readonly string[];
  /** What stands before the command. @default - nothing */
  readonly entrypoint?: readonly string[];
  /** @default / */
  readonly workingDirectory?: string;
  /** What ends it: SIGQUIT. @default SIGTERM */
  readonly stopSignal?: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Number of user and group: 10101:10101. */
  readonly user: string;
}

/** Whatever depends on the day of making would change the image's id: all of it is the beginning of time. */
const CREATED = "1970-01-01T00:00:00Z";

/**
 * Writes a gzipped archive that `docker load` reads, with one layer that holds a tree of files. The same tree and the
 * same settings give the same bytes. The layout is that of `docker save`: manifest.json names a configuration and
 * layers; the id of the image is the sha256 of its configuration, which in turn holds the digests of the layers.
 * @returns the id of the image: `sha256:…`
 */
export async function writeImageArchive(tree: string, settings: ImageSettings, archive: string): Promise<string> {
  const [id] = await writeImagesArchive(tree, [settings], archive);
  return id ?? "";
}

/**
 * The same for several images that have all files in common and differ in their settings.
 * @returns their ids, in the order of the settings
 */
export async function writeImagesArchive(
  tree: string,
  images: readonly ImageSettings[],
  archive: string,
): Promise<string[]> {
  const content = `${archive}.content`;
  await mkdir(content);
  await packLayer(tree, join(content, "layer.tar"));
  const layer = await sha256(createReadStream(join(content, "layer.tar")));
  await mkdir(join(content, layer));
  await rename(join(content, "layer.tar"), join(content, layer, "layer.tar"));
  const ids: string[] = [];
  for (const settings of images) {
    const configuration = JSON.stringify(imageConfiguration(settings, layer));
    const id = await sha256([configuration]);
    await writeFile(join(content, `${id}.json`), configuration);
    ids.push(id);
  }
  const manifest = images.map(({ tag }, index) => ({
    Config: `${ids[index]}.json`,
    RepoTags: [tag],
    Layers: [`${layer}/layer.tar`],
  }));
  await writeFile(join(content, "manifest.json"), JSON.stringify(manifest));
  // Without "./", as engines write it and as others look for it.
  await packTree(content, `${archive}.tar`, [], (await readdir(content)).sort());
  await pipeline(createReadStream(`${archive}.tar`), createGzip(), createWriteStream(archive));
  await Promise.all([rm(content, { recursive: true }), rm(`${archive}.tar`)]);
  return ids.map((id) => `sha256:${id}`);
}

/**
 * Everybody may write to /tmp, and to nothing else. It must be so in the image, because the engine gives a tmpfs that
 * is mounted there the rights of the folder below it.
 */
async function packLayer(tree: string, tar: string): Promise<void> {
  await mkdir(join(tree, "tmp"), { recursive: true });
  await packTree(tree, tar, ["--exclude=./tmp"]);
  await $({
    quiet: true,
  })`tar --append --file ${tar} --directory ${tree} ${SAME_EVERY_TIME} --mode=1777 --no-recursion ./tmp`;
}

/** A tar of everything in a folder that depends on names, contents and whether a file may be run, and on nothing else. */
async function packTree(
  folder: string,
  tar: string,
  options: readonly string[] = [],
  names: readonly string[] = ["."],
): Promise<void> {
  await $({
    quiet: true,
  })`tar --create --file ${tar} --directory ${folder} ${SAME_EVERY_TIME} --mode=u=rwX,go=rX ${options} ${names}`;
}

const SAME_EVERY_TIME = ["--format=gnu", "--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner"];

function imageConfiguration(settings: ImageSettings, layer: string) {
  return {
    architecture: settings.architecture,
    os: "linux",
    created: CREATED,
    config: {
      User: settings.user,
      Env: [
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        ...Object.entries(settings.environment).map(([name, value]) => `${name}=${value}`),
      ],
      ...(settings.entrypoint && { Entrypoint: settings.entrypoint }),
      Cmd: settings.command,
      WorkingDir: settings.workingDirectory ?? "/",
      ...(settings.stopSignal && { StopSignal: settings.stopSignal }),
    },
    rootfs: { type: "layers", diff_ids: [`sha256:${layer}`] },
    history: [{ created: CREATED, created_by: "harborwright", comment: settings.tag }],
  };
}

async function sha256(content: Iterable<string> | AsyncIterable<Buffer>): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of content) hash.update(piece);
  return hash.digest("hex");
}
