import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import * as z from "zod";
import { eachHarborImage, HARBOR_IMAGES, type HarborImages } from "../release/harbor-images.js";
import type { EngineVersion } from "../spec/engine.js";
import { bundleName, bundleUrl, type HarborRelease, harborPatch } from "../spec/harbor/release.js";
import { parsedJson } from "../spec/parsed-json.js";
import { Problem } from "../spec/problem.js";
import { cacheFolder, kept, machineFolder } from "./cache.js";
import { download } from "./download.js";
import { sha256Of } from "./file-digest.js";
import { ARCHITECTURE } from "./go-tool.js";
import { unpackBundle } from "./harbor-archive.js";
import { NEEDS, provide } from "./machine.js";
import type { Progress } from "./progress.js";

/** Which release of Harbor is wanted, and from where. */
export interface WantedHarbor {
  readonly version: EngineVersion;
  readonly release: HarborRelease;
  /** Folder of the environment file, to which the path of a bundle is relative. */
  readonly folder: string;
  /** Where upstream has it. @default - GitHub */
  readonly url?: string;
}

/** The images of a release of Harbor, each by its id. */
export interface HarborBundle {
  readonly images: HarborImages;
  /** Path of the one archive that holds all of them, as `docker load` reads it. */
  readonly archive: string;
}

const imageSchema = z.object({ id: z.string().regex(/^sha256:[0-9a-f]{64}$/) });
const recordSchema = z.object({ images: z.record(z.enum(HARBOR_IMAGES), imageSchema) });
const ARCHIVE = "images.tar.gz";
const RECORD = "images.json";
const RECIPE = 1;

/**
 * The images of Harbor's release, out of its offline installer, which is read once and kept by its content.
 * @throws Problem `harbor/bundle-…` when the file is missing, is another one, or is not whole
 * @throws Problem `supply/download-failed` when upstream's cannot be fetched
 */
export async function provideHarbor(wanted: WantedHarbor, progress: Progress): Promise<HarborBundle> {
  const patch = harborPatch(wanted.version);
  const folder = await (wanted.release.from === "bundle"
    ? fromFile(wanted, patch, progress)
    : fromUpstream(wanted, patch, progress));
  const record = recordSchema.parse(JSON.parse(await readFile(join(folder, RECORD), "utf8")));
  const images = eachHarborImage((name) => ({ name, version: patch, reference: record.images[name].id }));
  return { images, archive: join(folder, ARCHIVE) };
}

async function fromFile({ folder, release }: WantedHarbor, patch: string, progress: Progress): Promise<string> {
  const path = resolve(folder, release.file ?? bundleName(patch));
  const sha256 = await knownDigest(path, release.file ?? path, folder, progress);
  if (release.sha256 !== undefined && release.sha256 !== sha256) {
    throw otherContent(`${release.file} has the sha256 ${sha256}, and harbor.release.sha256 is another`);
  }
  return keptImages(patch, sha256, progress, async (inside) => unpackInto(inside, path, release.file ?? path, patch));
}

/** What is known by its content needs neither the network nor the download once it was read. */
async function fromUpstream({ release, url }: WantedHarbor, patch: string, progress: Progress): Promise<string> {
  const { sha256 } = release;
  if (sha256 === undefined) throw new RangeError("a release that nothing identifies passed the refusals");
  return keptImages(patch, sha256, progress, async (inside) => {
    const shelf = join(cacheFolder(), "downloads");
    await mkdir(shelf, { recursive: true });
    const path = join(shelf, `${sha256}.tgz`);
    await download({ url: url ?? bundleUrl(patch), path, sha256 }, progress);
    await unpackInto(inside, path, bundleName(patch), patch);
    await rm(path);
  });
}

function keptImages(
  patch: string,
  sha256: string,
  progress: Progress,
  make: (folder: string) => Promise<void>,
): Promise<string> {
  return kept(
    {
      shelf: "harbor",
      name: `release-${patch}`,
      inputs: { patch, sha256, architecture: ARCHITECTURE, recipe: RECIPE },
      what: `read the images of Harbor ${patch} from its offline installer`,
      about: "1 min",
      make: async (folder) => {
        await provide([NEEDS.tar], progress);
        await make(folder);
      },
    },
    progress,
  );
}

async function unpackInto(folder: string, path: string, shown: string, patch: string): Promise<void> {
  const images = await unpackBundle({ path, shown, patch, architecture: ARCHITECTURE }, join(folder, ARCHIVE));
  await writeFile(join(folder, RECORD), JSON.stringify({ images }));
}

const noteSchema = z.object({ stamp: z.string(), sha256: z.string() });

/** The sha256 of a file. One that has not changed since is not read again: `plan` would wait for it each time. */
async function knownDigest(path: string, shown: string, folder: string, progress: Progress): Promise<string> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw missing(shown, folder, error.code ?? error.message);
  });
  if (!found.isFile()) throw missing(shown, folder, "it is not a file");
  const stamp = [path, found.dev, found.ino, found.size, found.mtimeMs, found.ctimeMs].join(" ");
  const note = join(
    await machineFolder("harbor-bundles"),
    `${Buffer.from(path).toString("base64url").slice(-120)}.json`,
  );
  const known = noteSchema.safeParse(parsedJson(await readFile(note, "utf8").catch(() => ""))).data;
  if (known?.stamp === stamp) return known.sha256;
  const sha256 = await progress.during(`read ${shown}`, () => sha256Of(path));
  await writeFile(`${note}.${process.pid}`, JSON.stringify({ stamp, sha256 }));
  await rename(`${note}.${process.pid}`, note);
  return sha256;
}

function missing(shown: string, folder: string, why: string): Problem {
  return new Problem({
    code: "harbor/bundle-missing",
    says: `Harbor's offline installer ${shown} cannot be read: ${why}`,
    instead: `put it there (the path is relative to ${folder}), or write from: upstream and its sha256`,
    field: "harbor.release.file",
  });
}

function otherContent(says: string): Problem {
  return new Problem({
    code: "harbor/bundle-other-content",
    says,
    instead: "fetch the file again and verify its signature; if it is the right one, write its sha256",
    field: "harbor.release.sha256",
  });
}
