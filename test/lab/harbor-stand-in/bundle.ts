import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { $ } from "zx/core";
import { HARBOR_IMAGES } from "../../../release/harbor-images.js";
import type { HarborVersion } from "../../../spec/engine.js";
import { bundleName, harborPatch } from "../../../spec/harbor/release.js";
import { kept } from "../../../supply/cache.js";
import { sha256Of } from "../../../supply/file-digest.js";
import { ARCHITECTURE } from "../../../supply/go-tool.js";
import { writeImagesArchive } from "../../../supply/image-archive.js";
import { type Progress, silentProgress } from "../../../supply/progress.js";
import { standInSettings } from "./images.js";
import { layOutStandIn, PACKAGES, PROGRAM_SOURCES } from "./tree.js";

/**
 * An offline installer of the same form as Harbor's, whose images behave as far as harborwright sees them. It is made once
 * and kept until its sources change.
 * @returns the path of `harbor-offline-installer-v2.15.2.tgz`
 */
export async function harborBundle(
  version: HarborVersion = "2.15",
  progress: Progress = silentProgress,
): Promise<string> {
  const patch = harborPatch(version);
  const folder = await kept(
    {
      shelf: "harbor-stand-in",
      name: `bundle-${patch}`,
      inputs: { patch, architecture: ARCHITECTURE, packages: PACKAGES, sources: await sources() },
      what: `make the stand-in of Harbor ${patch}`,
      about: "20 s",
      make: (inside) => make(patch, inside, progress),
    },
    progress,
  );
  return join(folder, bundleName(patch));
}

/** What decides how the images come out: every file beside this one. */
async function sources(): Promise<string[]> {
  const folders = [PROGRAM_SOURCES, join(PROGRAM_SOURCES, "..")];
  const listed = await Promise.all(
    folders.map(async (folder) => (await readdir(folder)).map((name) => join(folder, name))),
  );
  const files = listed
    .flat()
    .filter((path) => /\.(ts|go|mod|sum)$/.test(path))
    .sort();
  return Promise.all(files.map(sha256Of));
}

async function make(patch: string, folder: string, progress: Progress): Promise<void> {
  const [tree, work, installer] = [join(folder, "tree"), join(folder, "work"), join(folder, "harbor")];
  await Promise.all([tree, work, installer].map((path) => mkdir(path)));
  await layOutStandIn(tree, work, progress);
  const images = HARBOR_IMAGES.map((name) => standInSettings(name, patch, ARCHITECTURE));
  await writeImagesArchive(tree, images, join(installer, `harbor.v${patch}.tar.gz`));
  await writeFile(join(installer, "install.sh"), "#!/bin/sh\necho 'nobody runs this' >&2\nexit 1\n", { mode: 0o755 });
  await $({ quiet: true })`tar --create --gzip --file ${join(folder, bundleName(patch))} --directory ${folder} harbor`;
  await Promise.all([tree, work, installer].map((done) => rm(done, { recursive: true })));
}
