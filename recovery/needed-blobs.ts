import type { Bytes } from "../secrets/sealed-stream.js";

/** A blob and how many bytes it has. */
export interface Blob {
  /** sha256:… */
  readonly digest: string;
  readonly size: number;
}

/** Reads a list of blobs as it comes: a line `sha256:… size` for each. */
export async function* blobLines(list: Bytes): AsyncIterable<Blob> {
  let rest = "";
  for await (const piece of list) {
    const lines = (rest + Buffer.from(piece).toString("latin1")).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const [digest = "", size] = line.split(" ");
      if (digest !== "") yield { digest, size: Number(size) };
    }
  }
}

/** How many there are, and how many bytes they have together. */
export interface BlobSum {
  readonly count: number;
  readonly size: number;
}

/** Lets a list through and counts it. @param told - called at the end */
export async function* counted(list: Bytes, told: (sum: BlobSum) => void): Bytes {
  let [count, size] = [0, 0];
  const pieces: Uint8Array[] = [];
  const through = async function* () {
    for await (const piece of list) {
      pieces.push(piece);
      yield piece;
    }
  };
  for await (const blob of blobLines(through())) {
    count += 1;
    size += blob.size;
    for (let piece = pieces.shift(); piece !== undefined; piece = pieces.shift()) yield piece;
  }
  yield* pieces;
  told({ count, size });
}

/** What a comparison of rows and storage has shown. */
export interface BlobCheck {
  readonly needed: BlobSum;
  /** Blobs that the data base needs and the storage does not have, or has in another size. */
  readonly missing: readonly Blob[];
}

/**
 * Compares the blobs that rows need with those that a storage has.
 * @param stored - bytes of each blob in the storage, by its digest
 */
export async function compareBlobs(
  needed: AsyncIterable<Blob>,
  stored: ReadonlyMap<string, number>,
): Promise<BlobCheck> {
  const missing: Blob[] = [];
  let [count, size] = [0, 0];
  for await (const blob of needed) {
    count += 1;
    size += blob.size;
    const there = stored.get(blob.digest);
    // Harbor does not know the size of each: a manifest of an index, for one.
    if (there === undefined || (blob.size > 0 && there !== blob.size)) missing.push(blob);
  }
  return { needed: { count, size }, missing };
}
