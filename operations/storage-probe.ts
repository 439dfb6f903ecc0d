import type { Probe } from "../cluster/apply.js";
import { secretName } from "../secrets/names.js";
import type { SecretStore } from "../secrets/store.js";
import type { Clock } from "../spec/clock.js";
import type { Environment } from "../spec/environment.js";
import type { SiteInventory } from "../spec/inventory.js";
import { roleKeys, signAsRole } from "./role-script.js";
import { bucketOf } from "./storage-address.js";
import { type Probed, storageProblem } from "./storage-problem.js";
import { curlConfigurations, probeRequests, type StorageKeys, signed } from "./storage-requests.js";
import { folderScript, objectScript, REACH_SCRIPT } from "./storage-script.js";
import { onlySite, type Workspace } from "./workspace.js";

/** The registry's user and group in its container. */
const REGISTRY_USER = 10_101;
/** Milliseconds in which a new key is known everywhere. */
const KEY_SPREADS = 60_000;
const WRITABLE = "storage writable";
const REACHABLE = "storage reachable";

/** Asks from inside each host whether its registry will be able to use the storage. Ask within fifteen minutes. */
export function probes(workspace: Workspace, store: SecretStore, clock: Clock = () => new Date()): Promise<Probe[]> {
  return storageProbes(workspace.environment, onlySite(workspace), keysIn(store), clock());
}

/**
 * The same in a cloud. Where it gives the keys, one may be a moment old: its storage learns of a key, and of its rights,
 * a little later than whoever has it made. (IAM is known for it, aws/aws-sdk-js#559 tells of 15 s; of RAM no figure was
 * found.)
 */
export async function cloudProbes(workspace: Workspace, store: SecretStore): Promise<Probe[]> {
  const asked = await probes(workspace, store);
  if (onlySite(workspace).storage?.credentials !== "keys") return asked;
  const passing = { codes: ["storage/wrong-key", "storage/denied"], within: KEY_SPREADS };
  return asked.map((probe) => ({ ...probe, passing }));
}

/**
 * One probe for each node: a tiny object is written, read and removed, with the keys that are in the secret store or
 * with those that the machine has from its role. With Azure, whose signatures are others, it is tried whether the way
 * to the storage is open.
 */
export function storageProbes(
  environment: Environment,
  site: SiteInventory,
  keys: StorageKeys | undefined,
  now: Date,
): Promise<Probe[]> {
  const givesKeys =
    environment.registry.storage.kind === "managed" &&
    environment.sites.some(({ provider }) => provider === "alicloud");
  return Promise.all(
    site.nodes.map(async ({ name }) => {
      const { what, storage, ...asked } = await probeFrom(name, environment, site, keys, now);
      const probed: Probed = { environment: environment.environment, node: name, storage, givesKeys };
      return {
        ...asked,
        what,
        node: name,
        instead: "correct registry.storage",
        explain: (reason: string) => storageProblem(probed, reason),
      };
    }),
  );
}

type Asked = Pick<Probe, "what" | "script" | "input"> & { readonly storage: string };

async function probeFrom(
  node: string,
  { registry: { storage } }: Environment,
  site: SiteInventory,
  keys: StorageKeys | undefined,
  now: Date,
): Promise<Asked> {
  if (storage.kind === "filesystem") {
    const { directory } = storage;
    return { what: WRITABLE, script: folderScript(directory, REGISTRY_USER), storage: directory };
  }
  if (storage.kind === "azure") {
    const host = `${storage.account}.blob.${storage.realm}`;
    return reach(`https://${host}/${storage.container}?restype=container`, host);
  }
  const bucket = bucketOf(storage, site.storage);
  if (bucket === undefined) throw new RangeError(`the site ${site.name} brings no storage`);
  const usesRole =
    (storage.kind === "managed" ? site.storage : storage.kind === "s3" ? storage : undefined)?.credentials ===
    "instance-role";
  const content = `harborwright probe ${node}`;
  const key = [bucket.prefix, `.harborwright-probe-${node}`].filter((part) => part !== "").join("/");
  const requests = probeRequests(bucket, { key, content });
  const asked = { what: WRITABLE, storage: bucket.url };
  if (usesRole) {
    const [write, read, remove] = requests;
    const there = {
      prepare: roleKeys(bucket.region),
      signs: [signAsRole(write), signAsRole(read), signAsRole(remove)],
    } as const;
    return { ...asked, script: objectScript(content, there), input: curlConfigurations(requests) };
  }
  if (keys === undefined) return reach(bucket.url, bucket.url);
  const ready = await Promise.all(requests.map((request) => signed(request, bucket, keys, now)));
  return { ...asked, script: objectScript(content), input: curlConfigurations(ready) };
}

function reach(url: string, storage: string): Asked {
  return {
    what: REACHABLE,
    script: REACH_SCRIPT,
    input: curlConfigurations([{ method: "GET", url, headers: {} }]),
    storage,
  };
}

function keysIn(store: SecretStore): StorageKeys | undefined {
  const accessKey = store.get(secretName.storageAccessKey);
  const secretKey = store.get(secretName.storageSecretKey);
  return accessKey && secretKey ? { accessKey, secretKey } : undefined;
}
