import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { isForeign } from "../secrets/envelope.js";
import type { Identity } from "../secrets/identity.js";
import { type Bytes, unsealStream } from "../secrets/sealed-stream.js";
import { hasCode } from "../secrets/system-error.js";
import { Problem } from "../spec/problem.js";
import { damaged, type Manifest, type Part, readManifest } from "./manifest.js";
import { BLOCK, paddingOf, readTarHeader } from "./tar-header.js";
import { MANIFEST_NAME, MANIFEST_ROOM, SEAL_NAME } from "./write-backup.js";

/** Where a part lies in its file. */
interface Place {
  readonly begin: number;
  readonly size: number;
}

/** A backup whose own words were read; {@link verifyBackup} reads the rest. */
export interface Backup {
  readonly file: string;
  readonly manifest: Manifest;
  /** The manifest as it stands there: a newer harborwright may tell more than this one reads. */
  readonly text: string;
  readonly places: ReadonlyMap<string, Place>;
}

/**
 * Reads what a backup tells of itself, without a key and without reading its parts.
 * @throws Problem `backup/not-found`, `backup/not-a-backup`, `backup/newer-format`, `backup/damaged`
 */
export async function openBackup(file: string): Promise<Backup> {
  const handle = await open(file, "r").catch((error: unknown) => {
    throw hasCode(error, "ENOENT") || hasCode(error, "EISDIR") ? notFound(file) : error;
  });
  try {
    const first = readTarHeader(await bytesAt(handle, 0, BLOCK));
    if (first?.name !== MANIFEST_NAME || first.size > MANIFEST_ROOM) throw notABackup(file);
    const text = (await bytesAt(handle, BLOCK, first.size)).toString("utf8").trimEnd();
    const manifest = readManifest(text, file);
    return { file, manifest, text, places: await placesOf(handle, file, manifest) };
  } finally {
    await handle.close();
  }
}

/** Where each part lies; all of them must be there, with the seal after them and nothing else. */
async function placesOf(handle: FileHandle, file: string, { parts }: Manifest): Promise<Map<string, Place>> {
  const { size: length } = await handle.stat();
  const places = new Map<string, Place>();
  for (let at = BLOCK + MANIFEST_ROOM; ; ) {
    const entry = readTarHeader(await bytesAt(handle, at, BLOCK));
    if (entry === undefined) break;
    const place = { begin: at + BLOCK, size: entry.size };
    if (place.begin + place.size > length) throw damaged(file, `it ends in the middle of ${entry.name}`);
    places.set(entry.name, place);
    at = place.begin + place.size + paddingOf(place.size);
  }
  for (const name of [...parts.map((part) => part.name), SEAL_NAME]) {
    if (!places.has(name)) throw damaged(file, `${name} is missing; it was cut short or its copy did not end`);
  }
  const other = parts.find(({ name, size }) => places.get(name)?.size !== size);
  if (other !== undefined) throw damaged(file, `${other.name} does not have ${other.size} bytes`);
  return places;
}

/**
 * Reads all of a backup: every part is as it was written, they belong together, and the identity opens it.
 * @throws Problem `backup/damaged`, `backup/wrong-key`
 */
export async function verifyBackup(backup: Backup, identity: Identity): Promise<void> {
  const { manifest, file, text } = backup;
  // The key first: it is the quicker answer.
  const sealed = await textOf(readSealed(backup, SEAL_NAME, identity));
  if (sealed.trimEnd() !== text) throw damaged(file, "what it tells of itself was changed");
  for (const part of manifest.parts) await verifyPart(backup, part);
}

/** A part as it was before it was encrypted. It is whole only when it ends without an error. */
export function readPart(backup: Backup, name: string, identity: Identity): Bytes {
  if (!backup.places.has(name)) throw damaged(backup.file, `${name} is missing`);
  return readSealed(backup, name, identity);
}

/** A small part as text. */
export function readTextPart(backup: Backup, name: string, identity: Identity): Promise<string> {
  return textOf(readPart(backup, name, identity));
}

/** A part as it lies in the file. */
export async function storedText(backup: Backup, name: string): Promise<string> {
  return textOf(stored(backup, name));
}

async function* readSealed(backup: Backup, name: string, identity: Identity): Bytes {
  try {
    yield* unsealStream(stored(backup, name), identity);
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw isForeign(error) ? wrongKey(backup, identity) : damaged(backup.file, `${name} cannot be decrypted`);
  }
}

function stored({ file, places }: Backup, name: string): Bytes {
  const place = places.get(name);
  if (place === undefined) throw damaged(file, `${name} is missing`);
  return place.size === 0
    ? nothing()
    : createReadStream(file, { start: place.begin, end: place.begin + place.size - 1 });
}

async function* nothing(): Bytes {}

async function verifyPart(backup: Backup, { name, sha256 }: Part): Promise<void> {
  const digest = createHash("sha256");
  for await (const piece of stored(backup, name)) digest.update(piece);
  if (digest.digest("hex") !== sha256) throw damaged(backup.file, `${name} is not what was written`);
}

async function textOf(bytes: Bytes): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of bytes) pieces.push(piece);
  return Buffer.concat(pieces).toString("utf8");
}

/** @returns fewer bytes when the file ends before */
async function bytesAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

function notFound(file: string): Problem {
  return new Problem({
    code: "backup/not-found",
    says: `there is no backup ${file}`,
    instead: "`harborwright backups` lists those of an environment",
  });
}

function notABackup(file: string): Problem {
  return new Problem({
    code: "backup/not-a-backup",
    says: `${file} is no backup that harborwright has written, or its beginning is lost`,
    instead: "give the file that `harborwright backup` named; nothing was changed",
  });
}

function wrongKey({ file, manifest }: Backup, identity: Identity): Problem {
  return new Problem({
    code: "backup/wrong-key",
    says: `${file} is encrypted for ${manifest.recipients.join(", ")}; your key is ${identity.recipient}`,
    instead: "name the right identity with HARBORWRIGHT_IDENTITY; nothing was changed",
  });
}
