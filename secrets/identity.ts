import { randomBytes } from "node:crypto";
import { chmod, link, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { Problem } from "../spec/problem.js";
import { Secret } from "../spec/secret.js";
import { hasCode } from "./system-error.js";

/** The operator's own age key: it opens stores, and its public half is the first recipient of stores made with it. */
export interface Identity {
  /** `AGE-SECRET-KEY-1…`, one for each line of the file that holds one. */
  readonly keys: readonly Secret[];
  /** Public half of the first key: `age1…`. */
  readonly recipient: string;
}

/**
 * Reads an identity file, as `age-keygen` writes it too.
 * @returns undefined when there is no such file
 * @throws Problem `secrets/identity-readable` when others may read it, `secrets/identity-damaged` when it holds no key
 */
export async function readIdentity(file: string): Promise<Identity | undefined> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  await refuseOtherReaders(file);
  const keys = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  const recipients = await Promise.all(keys.map(publicHalf));
  const [recipient] = recipients;
  if (recipient === undefined || recipients.includes(undefined)) {
    throw new Problem({
      code: "secrets/identity-damaged",
      says: `${file} is not an age identity`,
      instead: "a line that begins with AGE-SECRET-KEY-1 is needed; put the file back from its backup",
    });
  }
  return { keys: keys.map((key) => new Secret(key)), recipient };
}

/** Makes an identity file (0600, its folder 0700), or reads the one that another command made meanwhile. */
export async function makeIdentity(file: string, clock: () => Date = () => new Date()): Promise<Identity> {
  const key = await generateX25519Identity();
  const recipient = await identityToRecipient(key);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const partial = `${file}.${randomBytes(6).toString("hex")}.partial`;
  const text = `# created: ${clock().toISOString()}\n# public key: ${recipient}\n${key}\n`;
  try {
    await writeFile(partial, text, { mode: 0o600, flag: "wx", flush: true });
    // The umask may have taken bits from the owner; a link, unlike a rename, never replaces a file.
    await chmod(partial, 0o600);
    await link(partial, file).catch((error: unknown) => {
      if (!hasCode(error, "EEXIST")) throw error;
    });
  } finally {
    await rm(partial, { force: true });
  }
  const made = await readIdentity(file);
  if (made === undefined) throw new Error(`${file} vanished while it was made`);
  return made;
}

async function publicHalf(key: string): Promise<string | undefined> {
  try {
    return await identityToRecipient(key);
  } catch {
    return undefined;
  }
}

async function refuseOtherReaders(file: string): Promise<void> {
  const { mode } = await stat(file);
  if ((mode & 0o077) === 0) return;
  throw new Problem({
    code: "secrets/identity-readable",
    says: `${file} can be read by others: its mode is 0${(mode & 0o777).toString(8)}`,
    instead: `0600 is needed: chmod 600 ${file}`,
  });
}
