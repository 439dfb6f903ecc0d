import { createHash } from "node:crypto";
import { noSuchKey } from "./oss-error.js";
import type { Upload } from "./upload.js";
import type { ObjectSettings } from "./write-headers.js";

/** An object as it is kept. */
export interface StoredObject extends ObjectSettings {
  readonly content: Buffer;
  /** In capitals and without quotes, as OSS writes it. */
  readonly etag: string;
  readonly modified: Date;
}

/** A bucket in memory. */
export class Bucket {
  readonly objects = new Map<string, StoredObject>();
  /** Unfinished uploads by their id. */
  readonly uploads = new Map<string, Upload>();

  constructor(
    readonly name: string,
    readonly region: string,
    /** Keys of the key service that may be named. */
    readonly kmsKeys: readonly string[],
  ) {}

  /** @throws OssError NoSuchKey */
  object(key: string): StoredObject {
    const found = this.objects.get(key);
    if (found === undefined) throw noSuchKey(key);
    return found;
  }
}

export function etagOf(content: Buffer): string {
  return createHash("md5").update(content).digest("hex").toUpperCase();
}
