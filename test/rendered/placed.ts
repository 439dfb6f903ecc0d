import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";
import type { Release } from "../../release/release.js";

/** The files of a release in a folder of this machine, as if that folder were the host's root. */
export interface PlacedRelease {
  readonly root: string;
  /** Where a path of the host lies. */
  at(path: string): string;
}

/** Folders that rendered files name and that must be inside the root here. */
const MOVED =
  /(?<![\w/])\/(etc\/harborwright|run\/harborwright|var\/lib\/registry|var\/lib\/harborwright|var\/log\/harborwright|tmp)(?![\w])/g;

/**
 * Puts a release into a folder. The paths it names are moved into that folder too.
 * @param moves - folders of the host that shall lie elsewhere: a storage that several nodes share
 */
export async function placeRelease(
  release: Release,
  root: string,
  moves: Readonly<Record<string, string>> = {},
): Promise<PlacedRelease> {
  const at = (path: string) => moves[path] ?? join(root, path);
  for (const folder of ["/run/harborwright", "/var/lib/registry", "/tmp"]) {
    await mkdir(at(folder), { recursive: true });
  }
  for (const file of release.files) {
    await mkdir(dirname(at(file.path)), { recursive: true });
    await writeFile(
      at(file.path),
      file.content.replace(MOVED, (path) => at(path)),
    );
    await chmod(at(file.path), file.mode);
  }
  return { root, at };
}

const folders: string[] = [];

afterAll(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** A new folder that every user may enter, since nginx's workers are nobody. It goes with the test file. */
export async function newFolder(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `harborwright-${name}-`));
  folders.push(folder);
  await chmod(folder, 0o755);
  return folder;
}
