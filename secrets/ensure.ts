import type { Clock } from "../spec/clock.js";
import type { Environment } from "../spec/environment.js";
import { harborOf } from "../spec/harbor/software.js";
import type { Inventory } from "../spec/inventory.js";
import { ensureDataPasswords } from "./data-secrets.js";
import { ensureHarborSeeds } from "./harbor-seeds.js";
import { secretName } from "./names.js";
import { ensureCertificates } from "./own-certificates.js";
import { randomPassword, randomSecret, setPassword } from "./passwords.js";
import { ensureStorageKeyPair } from "./storage-key.js";
import type { SecretStore } from "./store.js";

/** Length of an access key and its secret key, as Amazon's are. */
const ACCESS_KEY_LENGTH = 20;
const SECRET_KEY_LENGTH = 40;

/**
 * Makes every secret that harborwright itself can make and that is missing, and replaces certificates of the own CA of
 * which less than a third of the time is left or which lack a name. Everything stays as it is otherwise.
 *
 * Nothing is written: call `store.save()` before anything of it reaches a host.
 * @returns whether anything was made
 */
export async function ensureSecrets(
  environment: Environment,
  inventory: Inventory,
  store: SecretStore,
  clock: Clock,
): Promise<boolean> {
  const made = [
    ensureRandom(store, secretName.httpSecret, SECRET_KEY_LENGTH),
    ensureStorageKeys(environment, store),
    await ensureCloudKeyPair(environment, store, clock()),
    await ensureUsers(environment, store),
    await ensureHarbor(environment, store, clock()),
    ensureDataPasswords(environment, store),
    await ensureCertificates(environment, inventory, store, clock()),
  ];
  return made.includes(true);
}

function ensureStorageKeys(environment: Environment, store: SecretStore): boolean {
  // The lab's S3 takes any key; the key of a cloud's bucket is the cloud's to give.
  const isOurs = environment.sites.some((site) => site.provider === "local");
  if (!isOurs || environment.registry.storage.kind !== "managed") return false;
  const made = [
    ensureRandom(store, secretName.storageAccessKey, ACCESS_KEY_LENGTH),
    ensureRandom(store, secretName.storageSecretKey, SECRET_KEY_LENGTH),
  ];
  return made.includes(true);
}

/** Only Alibaba Cloud gives keys; on AWS the machines have a role. */
async function ensureCloudKeyPair(environment: Environment, store: SecretStore, now: Date): Promise<boolean> {
  const isNeeded = environment.sites.some((site) => site.provider === "alicloud");
  if (!isNeeded || environment.registry.storage.kind !== "managed") return false;
  return ensureStorageKeyPair(store, environment.environment, now);
}

async function ensureUsers(environment: Environment, store: SecretStore): Promise<boolean> {
  const { authentication } = environment.registry;
  // Harbor has users of its own.
  if (authentication.kind !== "htpasswd" || environment.registry.engine === "harbor") return false;
  const without = authentication.users.filter((user) => !store.get(secretName.userHash(user)));
  for (const user of without) {
    const kept = store.get(secretName.user(user));
    await setPassword(store, user, kept ?? randomPassword(), kept === undefined ? "made" : "given");
  }
  return without.length > 0;
}

async function ensureHarbor(environment: Environment, store: SecretStore, now: Date): Promise<boolean> {
  if (environment.registry.engine !== "harbor") return false;
  const { database, redis } = harborOf(environment);
  const own = { database: database.kind !== "given", redis: redis.kind !== "given" };
  return ensureHarborSeeds(environment.environment, own, store, now);
}

function ensureRandom(store: SecretStore, name: string, length: number): boolean {
  if (store.get(name)) return false;
  store.set(name, randomSecret(length));
  return true;
}
