import { armor, Decrypter, Encrypter, type Recipient, Stanza } from "age-encryption";
import { Problem } from "../spec/problem.js";
import type { Identity } from "./identity.js";

/**
 * Name of the header line that lists who may open the file, the maker first. An age header does not tell that by
 * itself; programs that do not know a line pass over it, as the format demands (C2SP, age.md, "Header").
 */
const RECIPIENTS_LINE = "harborwright/recipients";

/**
 * Encrypts a text to all recipients, as an armoured age file.
 * @param recipients - public keys `age1…`, the maker of the file first
 * @throws Problem `secrets/recipient-invalid`
 */
export async function seal(text: string, recipients: readonly string[]): Promise<string> {
  return armor.encode(await encrypterFor(recipients).encrypt(text));
}

/** What encrypts to all recipients. @throws Problem `secrets/recipient-invalid` */
export function encrypterFor(recipients: readonly string[]): Encrypter {
  const encrypter = new Encrypter();
  for (const recipient of recipients) addRecipient(encrypter, recipient);
  encrypter.addRecipient(listed(recipients));
  return encrypter;
}

/** What decrypts with any key of an identity. */
export function decrypterFor(identity: Identity): Decrypter {
  const decrypter = new Decrypter();
  for (const key of identity.keys) decrypter.addIdentity(key.reveal());
  return decrypter;
}

/**
 * Decrypts an armoured age file.
 * @param file - its path, for messages
 * @throws Problem `secrets/wrong-identity`, `secrets/damaged`
 */
export async function unseal(armoured: string, identity: Identity, file: string): Promise<string> {
  const sealed = dearmour(armoured, file);
  try {
    return await decrypterFor(identity).decrypt(sealed, "text");
  } catch (error) {
    throw isForeign(error) ? wrongIdentity(sealed, identity, file) : damaged(file);
  }
}

/** Whether an age file could not be opened because it is for other keys, and not because it is broken. */
export function isForeign(error: unknown): boolean {
  // The library throws plain errors; this one's text is the only way to tell the two.
  return error instanceof Error && error.message.startsWith("no identity matched");
}

/** Public keys of those who may open an armoured age file, its maker first; empty when the file does not say. */
export function recipientsOf(armoured: string, file: string): string[] {
  return headerRecipients(dearmour(armoured, file));
}

/** The answer to a store that cannot be read: cut short, edited, or not a store at all. */
export function damaged(file: string): Problem {
  return new Problem({
    code: "secrets/damaged",
    says: `${file} is damaged: it is cut short, was changed by hand, or holds a merge conflict`,
    instead: `put it back as it was: git checkout ${file}, or from its backup`,
  });
}

function listed(recipients: readonly string[]): Recipient {
  return { wrapFileKey: () => [new Stanza([RECIPIENTS_LINE, ...recipients], new Uint8Array())] };
}

function addRecipient(encrypter: Encrypter, recipient: string): void {
  try {
    encrypter.addRecipient(recipient);
  } catch {
    throw new Problem({
      code: "secrets/recipient-invalid",
      says: `${recipient} is not a public age key: a letter is wrong or missing`,
      instead: "take the line `# public key: age1…` from the identity file of the person",
      field: "secrets.recipients",
    });
  }
}

function dearmour(armoured: string, file: string): Uint8Array {
  try {
    return armor.decode(armoured);
  } catch {
    throw damaged(file);
  }
}

function headerRecipients(sealed: Uint8Array): string[] {
  const [header = ""] = Buffer.from(sealed).toString("latin1").split("\n---", 1);
  const line = header.split("\n").find((candidate) => candidate.startsWith(`-> ${RECIPIENTS_LINE} `));
  return line === undefined ? [] : line.split(" ").slice(2);
}

function wrongIdentity(sealed: Uint8Array, identity: Identity, file: string): Problem {
  const recipients = headerRecipients(sealed);
  const others = recipients.length === 0 ? "other keys" : recipients.join(", ");
  return new Problem({
    code: "secrets/wrong-identity",
    says: `${file} is encrypted for ${others}; your key is ${identity.recipient}`,
    instead:
      "name the right identity with HARBORWRIGHT_IDENTITY, or let one of them add your key to secrets.recipients and run `harborwright up`",
  });
}
