import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Release } from "../release/release.js";
import { render } from "../release/render.js";
import { ensureSecrets } from "../secrets/ensure.js";
import { secretName } from "../secrets/names.js";
import { releaseSecrets } from "../secrets/release-secrets.js";
import type { SecretStore } from "../secrets/store.js";
import { Problem } from "../spec/problem.js";
import { Secret } from "../spec/secret.js";
import { provideImages, type Supply } from "../supply/images.js";
import type { Progress } from "../supply/progress.js";
import { openSecrets } from "./secret-store.js";
import { cloudSite, onlySite, type Workspace } from "./workspace.js";

/** What the hosts of an environment shall get. */
export interface Prepared {
  readonly releases: readonly Release[];
  readonly supply: Supply;
  /** Holds secrets that were made now; they are only in memory until `store.save()`. */
  readonly store: SecretStore;
  /** PEM of the CA that clients trust. */
  readonly ca: string;
}

export interface PrepareOptions {
  /** Secrets that are open already. @default - those beside the file */
  readonly store?: SecretStore;
  /**
   * Whether the releases go to hosts. Otherwise a place stands for an access key that a cloud has not given yet.
   * @default true
   */
  readonly forHosts?: boolean;
}

/** Makes what is missing of secrets (in memory) and images (in the cache), and renders every host's release. */
export async function prepare(
  workspace: Workspace,
  progress: Progress,
  { store: opened, forHosts = true }: PrepareOptions = {},
): Promise<Prepared> {
  const { environment, inventory } = workspace;
  const [store, supply] = await Promise.all([
    opened ?? openSecrets(workspace),
    provideImages(imagesOf(workspace), progress),
  ]);
  await ensureSecrets(environment, inventory, store, () => new Date());
  const read = (path: string) => readBeside(workspace, path);
  const isGiven = environment.registry.storage.kind === "managed" && cloudSite(workspace) !== undefined;
  const shown = isGiven && !forHosts ? withPlaces(store) : store;
  const secrets = await releaseSecrets(environment, inventory, shown, read);
  return { releases: render(environment, onlySite(workspace), secrets, supply.images), supply, store, ca: secrets.ca };
}

/** Only the bucket's own key has a place: all other secrets are made here, or asked of the user. */
function withPlaces(store: SecretStore): SecretStore {
  const places: readonly string[] = [secretName.storageAccessKey, secretName.storageSecretKey];
  const place = new Secret("(given by the cloud)");
  return { ...store, get: (name) => store.get(name) ?? (places.includes(name) ? place : undefined) };
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
