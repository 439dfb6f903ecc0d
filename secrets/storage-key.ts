import { Problem } from "../spec/problem.js";
import { Secret } from "../spec/secret.js";
import { secretName } from "./names.js";
import type { SecretStore } from "./store.js";

/** An access key as a stack tells it: the secret half is encrypted to the environment's own OpenPGP key. */
export interface EncryptedKey {
  readonly accessKey: string;
  /** Base64 of an OpenPGP message. */
  readonly encryptedSecret: string;
}

/**
 * Of a curve that the provider can read: it encrypts with keybase/go-crypto of 2019, which knows RSA, the NIST curves
 * and the first form of Curve25519, and stops with "unsupported feature" at the form that OpenPGP has today (measured
 * with the commit that provider 1.285.0 requires).
 */
const CURVE = { type: "ecc", curve: "nistP256" } as const;

/**
 * Makes the key pair to which a cloud's provider encrypts the secret half of an access key before Terraform writes it
 * into its state. Nothing is written: call `store.save()` before a stack sees the public half, or a key is made that
 * nobody can read.
 * @returns whether there was none
 */
export async function ensureStorageKeyPair(store: SecretStore, environment: string, now: Date): Promise<boolean> {
  if (store.get(secretName.storageKeyRecipient) && store.get(secretName.storageKeyIdentity)) return false;
  const { generateKey } = await loadOpenpgp();
  const { privateKey, publicKey } = await generateKey({
    ...CURVE,
    userIDs: [{ name: `harborwright ${environment}` }],
    date: now,
    format: "object",
  });
  store.set(secretName.storageKeyRecipient, new Secret(Buffer.from(publicKey.write()).toString("base64")));
  store.set(secretName.storageKeyIdentity, new Secret(privateKey.armor()));
  return true;
}

/** The public half, as `pgp_key` of the provider wants it: base64, without armour. No secret, but kept beside its other half. */
export function storageKeyRecipient(store: SecretStore): string | undefined {
  return store.get(secretName.storageKeyRecipient)?.reveal();
}

/**
 * Takes the access key that a stack has told into the store, from which the hosts get it. Nothing is written: call
 * `store.save()`.
 * @returns whether it is another key than before
 * @throws Problem `secrets/storage-key-unreadable` when it was encrypted to somebody else
 */
export async function takeStorageKey(store: SecretStore, told: EncryptedKey): Promise<boolean> {
  const present = store.get(secretName.storageAccessKey)?.reveal();
  if (present === told.accessKey && store.get(secretName.storageSecretKey) !== undefined) return false;
  const secret = await decrypted(store, told);
  store.set(secretName.storageAccessKey, new Secret(told.accessKey));
  store.set(secretName.storageSecretKey, secret);
  return true;
}

async function decrypted(store: SecretStore, { accessKey, encryptedSecret }: EncryptedKey): Promise<Secret> {
  const identity = store.get(secretName.storageKeyIdentity);
  if (identity === undefined) throw unreadable(accessKey, `${store.path} has no key to read it with`);
  const { decrypt, readMessage, readPrivateKey } = await loadOpenpgp();
  const privateKey = await readPrivateKey({ armoredKey: identity.reveal() });
  try {
    const message = await readMessage({ binaryMessage: Buffer.from(encryptedSecret, "base64") });
    const { data } = await decrypt({ message, decryptionKeys: privateKey });
    return new Secret(data);
  } catch (error) {
    throw unreadable(accessKey, error instanceof Error ? error.message : `${error}`);
  }
}

/** Loaded when it is needed: it takes 200 ms, and `plan` has one second in all. */
function loadOpenpgp() {
  return import("openpgp");
}

function unreadable(accessKey: string, why: string): Problem {
  return new Problem({
    code: "secrets/storage-key-unreadable",
    says: `the secret of access key ${accessKey} is encrypted to another key than the one in the store: ${why}`,
    instead:
      "put the secrets file back from its backup or from git; or let `harborwright rotate` make a new access key",
  });
}
