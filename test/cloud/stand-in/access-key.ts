import { createMessage, encrypt, readKey } from "openpgp";

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
