import { createMessage, encrypt, readKey } from "openpgp";
import { digest } from "./made-up.js";
import { type ObjectValue, textOf } from "./value.js";

export const ACCESS_KEY = "alicloud_ram_access_key";

/**
 * Encrypts as the provider does for `pgp_key`.
 * @param recipient - base64 of an OpenPGP public key, without armour
 * @returns base64 of the message
 */
export async function encryptedTo(recipient: string, secret: string): Promise<string> {
  const encryptionKeys = await readKey({ binaryKey: Buffer.from(recipient, "base64") });
  const message = await createMessage({ text: secret });
  const encrypted = await encrypt({ message, encryptionKeys, format: "binary" });
  return Buffer.from(encrypted).toString("base64");
}

/** The secret of an access key, which the cloud keeps and Terraform never sees. It has 30 characters, as RAM's have. */
export function secretOf(accessKey: string): string {
  return digest(ACCESS_KEY, accessKey).slice(0, 30);
}

/** Secrets of access keys by their ids, without those that are switched off. */
export function activeKeys(
  keys: readonly { readonly id: string; readonly state: ObjectValue }[],
): Record<string, string> {
  const active = keys.filter(({ state }) => textOf(state, "status") !== "Inactive");
  return Object.fromEntries(active.map(({ id }) => [id, secretOf(id)]));
}
