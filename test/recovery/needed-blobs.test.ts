import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Blob, blobLines, compareBlobs, counted } from "../../recovery/needed-blobs.js";

const blob = fc.record({
  digest: fc.nat({ max: 1e9 }).map((number) => `sha256:${createHash("sha256").update(`${number}`).digest("hex")}`),
  size: fc.nat(),
});
const blobs = fc.uniqueArray(blob, { selector: ({ digest }) => digest, maxLength: 40 });

/** A list as it comes over a connection: in pieces that end anywhere. */
async function* inPieces(text: string, length: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < text.length; at += length) yield Buffer.from(text.slice(at, at + length));
}

async function all<T>(things: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const thing of things) found.push(thing);
  return found;
}

const listOf = (needed: readonly Blob[]) => needed.map(({ digest, size }) => `${digest} ${size}\n`).join("");

test("a list is read the same in whatever pieces it comes, and passes through unchanged while it is counted", async () => {
  await fc.assert(
    fc.asyncProperty(blobs, fc.integer({ min: 1, max: 200 }), async (needed, length) => {
      const list = listOf(needed);
      expect(await all(blobLines(inPieces(list, length)))).toEqual(needed);
      let told: unknown;
      const through = await all(counted(inPieces(list, length), (sum) => (told = sum)));
      expect(Buffer.concat(through).toString()).toBe(list);
      expect(told).toEqual({ count: needed.length, size: needed.reduce((sum, { size }) => sum + size, 0) });
    }),
  );
});

test("missing is exactly what the storage does not have", async () => {
  await fc.assert(
    fc.asyncProperty(blobs, fc.nat({ max: 40 }), async (needed, gone) => {
      const stored = new Map(needed.slice(gone).map(({ digest, size }) => [digest, size]));
      const { missing } = await compareBlobs(blobLines(inPieces(listOf(needed), 64)), stored);
      expect(missing).toEqual(needed.slice(0, gone));
    }),
  );
});

test("a blob that is cut short in the storage is missing", async () => {
  const needed = [
    { digest: "sha256:aa", size: 10 },
    { digest: "sha256:bb", size: 0 },
  ];
  const stored = new Map([
    ["sha256:aa", 9],
    ["sha256:bb", 7],
  ]);
  const { missing } = await compareBlobs(blobLines(inPieces(listOf(needed), 7)), stored);
  expect(missing).toEqual([{ digest: "sha256:aa", size: 10 }]);
});
