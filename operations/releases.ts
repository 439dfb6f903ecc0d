import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Release } from "../release/release.js";
import { render } from "../release/render.js";
import { ensureSecrets } from "../secrets/ensure.js";
import { releaseSecrets } from "../secrets/release-secrets.js";
import type { SecretStore } from "../secrets/store.js";
import { Problem } from "../spec/problem.js";
import { provideImages, type Supply } from "../supply/images.js";
import type { Progress } from "../supply/progress.js";
import { openSecrets } from "./secret-store.js";
import { onlySite, type Workspace } from "./workspace.js";

/** What the hosts of an environment shall get. */
export interface Prepared {
  readonly releases: readonly Release[];
  readonly supply: Supply;
  /** Holds secrets that were made now; they are only in memory until `store.save()`. */
  readonly store: SecretStore;
  /** PEM of the CA that clients trust. */
  readonly ca: string;
}

/** Makes what is missing of secrets (in memory) and images (in the cache), and renders every host's release. */
export async function prepare(workspace: Workspace, progress: Progress): Promise<Prepared> {
  const { environment, inventory } = workspace;
  const [store, supply] = await Promise.all([openSecrets(workspace), provideImages(imagesOf(workspace), progress)]);
  await ensureSecrets(environment, inventory, store, () => new Date());
  const secrets = await releaseSecrets(environment, inventory, store, (path) => readBeside(workspace, path));
  return { releases: render(environment, onlySite(workspace), secrets, supply.images), supply, store, ca: secrets.ca };
}

/** The images an environment runs. */
function imagesOf({ environment }: Workspace) {
  return [{ name: "registry", version: environment.registry.version }, { name: environment.front.kind }] as const;
}

/** A file that the environment names lies beside it. */
async function readBeside(workspace: Workspace, path: string): Promise<string> {
  return readFile(resolve(workspace.folder, path), "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new Problem({
      code: "environment/file-unreadable",
      says: `${workspace.file} names ${path}, which cannot be read: ${error.code ?? error.message}`,
      instead: `the path is relative to ${workspace.folder}`,
    });
  });
}
