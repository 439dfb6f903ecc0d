import { createHash } from "node:crypto";
import { type FileHandle, link, mkdir, open, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { type Bytes, sealStream } from "../secrets/sealed-stream.js";
import { type BackupFacts, FORMAT, type Manifest, manifestText, type Part } from "./manifest.js";
import { BLOCK, paddingOf, tarHeader } from "./tar-header.js";

/** Bytes that are kept for the manifest, which comes first and is known last. */
export const MANIFEST_ROOM = 128 * 1024;
export const MANIFEST_NAME = "backup.json";
/** The manifest once more, encrypted, at the end: a backup that has it is whole, and its parts belong together. */
export const SEAL_NAME = "seal.age";

export interface WriteOptions {
  /** Public keys `age1…` of those who shall open it, its maker first. */
  readonly recipients: readonly string[];
  readonly now: Date;
}

/**
 * A backup that is being written: a tar of age files, so that `tar`, `age` and PostgreSQL's own programs are enough to
 * open it. Each part goes to the disk as it comes. It has its name only when it is whole.
 */
export class BackupWriter {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #recipients: readonly string[];
  readonly #seconds: number;
  readonly #parts: Part[] = [];
  #position = BLOCK + MANIFEST_ROOM;

  private constructor(path: string, file: FileHandle, { recipients, now }: WriteOptions) {
    this.#path = path;
    this.#file = file;
    this.#recipients = recipients;
    this.#seconds = Math.floor(now.getTime() / 1000);
  }

  /** @param path - of the backup; its folder is made */
  static async begin(path: string, options: WriteOptions): Promise<BackupWriter> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    // What a killed command left behind is of no use.
    await rm(partialOf(path), { force: true });
    return new BackupWriter(path, await open(partialOf(path), "wx", 0o600), options);
  }

  /** Adds a part that is encrypted on its way to the disk. */
  add(name: string, plain: Bytes): Promise<Part> {
    return this.#keep(name, sealStream(plain, this.#recipients));
  }

  /** Adds a part that is encrypted already. */
  addSealed(name: string, sealed: Bytes): Promise<Part> {
    return this.#keep(name, sealed);
  }

  /** Writes what the backup tells of itself and gives it its name. */
  async end(facts: BackupFacts): Promise<Manifest> {
    const manifest: Manifest = { format: FORMAT, ...facts, recipients: [...this.#recipients], parts: this.#parts };
    const text = Buffer.from(manifestText(manifest));
    if (text.length > MANIFEST_ROOM) throw new RangeError("the manifest of a backup has outgrown its room");
    await this.#write(SEAL_NAME, sealStream(only(text), this.#recipients));
    await this.#put(this.#position, Buffer.alloc(2 * BLOCK));
    const filled = Buffer.concat([text, Buffer.alloc(MANIFEST_ROOM - text.length, "\n")]);
    const header = tarHeader({ name: MANIFEST_NAME, size: MANIFEST_ROOM }, this.#seconds);
    await this.#put(0, Buffer.concat([header, filled]));
    await this.#file.sync();
    await this.#file.close();
    // A link, unlike a rename, never replaces a backup that is there.
    await link(partialOf(this.#path), this.#path);
    await rm(partialOf(this.#path));
    return manifest;
  }

  /** Leaves nothing behind of a backup that could not be ended. */
  async abandon(): Promise<void> {
    await this.#file.close().catch(() => {});
    await rm(partialOf(this.#path), { force: true });
  }

  async #keep(name: string, content: Bytes): Promise<Part> {
    const part = { name, ...(await this.#write(name, content)) };
    this.#parts.push(part);
    return part;
  }

  /** The header comes before the content and is known after it. */
  async #write(name: string, content: Bytes): Promise<Omit<Part, "name">> {
    const digest = createHash("sha256");
    const begin = this.#position + BLOCK;
    let size = 0;
    for await (const piece of content) {
      digest.update(piece);
      await this.#put(begin + size, piece);
      size += piece.length;
    }
    await this.#put(begin + size, Buffer.alloc(paddingOf(size)));
    await this.#put(this.#position, tarHeader({ name, size }, this.#seconds));
    this.#position = begin + size + paddingOf(size);
    return { size, sha256: digest.digest("hex") };
  }

  async #put(position: number, bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      done += (await this.#file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
    }
  }
}

/** Some bytes as a stream of one piece. */
export async function* only(bytes: Uint8Array): Bytes {
  yield bytes;
}

function partialOf(path: string): string {
  return `${path}.partial`;
}
