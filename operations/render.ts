import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { releaseManifest } from "../release/manifest.js";
import type { Release } from "../release/release.js";
import type { Progress } from "../supply/progress.js";
import { nodeNamed } from "./open-cluster.js";
import { prepare } from "./releases.js";
import type { Workspace } from "./workspace.js";

export interface RenderOptions {
  /** Folder to write into; each host gets a folder of its name. */
  readonly out: string;
  /** Only this host. @default - all */
  readonly host?: string;
  /** Write secrets in the clear. @default false */
  readonly reveal?: boolean;
  readonly progress: Progress;
}

/** What was written for one host. */
export interface RenderedHost {
  readonly node: string;
  readonly folder: string;
  /** Digest of the release. */
  readonly release: string;
  readonly files: readonly string[];
}

/** Writes what each host would get, laid out as on the host. Secrets are `***` unless asked for. */
export async function renderTo(workspace: Workspace, options: RenderOptions): Promise<RenderedHost[]> {
  if (options.host !== undefined) nodeNamed(workspace, options.host);
  const { releases } = await prepare(workspace, options.progress, { forHosts: false });
  const wanted = releases.filter((release) => options.host === undefined || release.node === options.host);
  return Promise.all(wanted.map((release) => writeRelease(release, options)));
}

async function writeRelease(release: Release, { out, reveal = false }: RenderOptions): Promise<RenderedHost> {
  const folder = join(out, release.node);
  // A file that the release no longer holds must not stay from the time before.
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const file of release.files) {
    const path = join(folder, file.path);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, reveal ? file.content : file.masked, { mode: 0o600 });
    await chmod(path, reveal && file.sensitive ? 0o600 : file.mode);
  }
  await writeFile(join(folder, "release.json"), releaseManifest(release));
  return { node: release.node, folder, release: release.digest, files: release.files.map((file) => file.path) };
}
