import type { Release } from "../release/release.js";
import { render } from "../release/render.js";
import { ensureSecrets } from "../secrets/ensure.js";
import { secretName } from "../secrets/names.js";
import { releaseSecrets } from "../secrets/release-secrets.js";
import type { SecretStore } from "../secrets/store.js";
import { harborOf } from "../spec/harbor/software.js";
import { Secret } from "../spec/secret.js";
import type { WantedHarbor } from "../supply/harbor-bundle.js";
import { provideImages, type Supply } from "../supply/images.js";
import type { Progress } from "../supply/progress.js";
import { readBeside } from "./beside.js";
import { askingSites, certificatesToAsk, ensureCertificate } from "./certificates.js";
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
  /** What will be asked of a CA before the hosts change, in words. Empty when the releases are for hosts: it is done. */
  readonly asks: readonly string[];
}

export interface PrepareOptions {
  /** Secrets that are open already. @default - those beside the file */
  readonly store?: SecretStore;
  /**
   * Whether the releases go to hosts. Then certificates that are due are asked for. Otherwise a place stands for what is
   * not given yet: an access key of a cloud, a certificate of a CA.
   * @default true
   */
  readonly forHosts?: boolean;
  /** Whether the cloud will give another access key for its bucket than the one that the store has. @default false */
  readonly storageKeyChanges?: boolean;
}

/** Makes what is missing of secrets (in memory) and images (in the cache), and renders every host's release. */
export async function prepare(
  workspace: Workspace,
  progress: Progress,
  { store: opened, forHosts = true, storageKeyChanges = false }: PrepareOptions = {},
): Promise<Prepared> {
  const { environment, inventory } = workspace;
  const [store, supply] = await Promise.all([
    opened ?? openSecrets(workspace),
    provideImages(imagesOf(workspace), progress, harborOfRelease(workspace)),
  ]);
  if (forHosts) await ensureCertificate(workspace, store, progress);
  await ensureSecrets(environment, inventory, store, () => new Date());
  const read = (path: string) => readBeside(workspace, path);
  const shown = forHosts ? store : withPlaces(workspace, store, storageKeyChanges);
  const secrets = await releaseSecrets(environment, inventory, shown, read);
  return {
    releases: render(environment, onlySite(workspace), secrets, supply.images),
    supply,
    store,
    ca: secrets.ca,
    asks: forHosts ? [] : certificatesToAsk(workspace, store, new Date()),
  };
}

/** What others give when it is asked for: all other secrets are made here, or asked of the user. */
function withPlaces(workspace: Workspace, store: SecretStore, storageKeyChanges: boolean): SecretStore {
  const { registry } = workspace.environment;
  const keys = [secretName.storageAccessKey, secretName.storageSecretKey];
  const isGiven = registry.storage.kind === "managed" && cloudSite(workspace) !== undefined;
  const certificates = askingSites(workspace.environment).flatMap(({ name }) => [
    secretName.serverCertificate(name),
    secretName.serverKey(name),
  ]);
  const places = new Map<string, Secret>([
    ...(isGiven ? keys : []).map((name) => [name, new Secret("(given by the cloud)")] as const),
    ...certificates.map((name) => [name, new Secret("(given by the CA)\n")] as const),
  ]);
  const isLeaving = (name: string) => storageKeyChanges && isGiven && keys.some((key) => key === name);
  return { ...store, get: (name) => (isLeaving(name) ? undefined : store.get(name)) ?? places.get(name) };
}

/** The images an environment runs, Harbor's apart. */
function imagesOf({ environment: { registry, front } }: Workspace) {
  const kind = { name: front.kind };
  return registry.engine === "harbor" ? [kind] : [{ name: "registry" as const, version: registry.version }, kind];
}

/** The release of Harbor an environment runs. @default - another engine runs */
function harborOfRelease({ environment, folder }: Workspace): WantedHarbor | undefined {
  const { engine, version } = environment.registry;
  return engine === "harbor" ? { version, release: harborOf(environment).release, folder } : undefined;
}
