/** Bytes of a block: a tar is made of them. */
export const BLOCK = 512;

/** What the header of a file in a tar tells. */
export interface TarEntry {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
}

/** Largest number that the eleven octal digits of a size can say: 8 GiB. */
const MOST_OCTAL = 0o77777777777;
const MODE = 0o600;

/** Fields of a header: where each begins and how long it is (POSIX.1-1988, ustar). */
const FIELDS = {
  name: [0, 100],
  mode: [100, 8],
  uid: [108, 8],
  gid: [116, 8],
  size: [124, 12],
  mtime: [136, 12],
  checksum: [148, 8],
  type: [156, 1],
  magic: [257, 8],
} as const;

/** The block before a file's content. @param seconds - since 1970, when it was made */
export function tarHeader({ name, size }: TarEntry, seconds: number): Buffer {
  if (Buffer.byteLength(name) > FIELDS.name[1]) throw new RangeError(`${name} is too long for a tar`);
  const block = Buffer.alloc(BLOCK);
  const put = ([at]: readonly [number, number], text: string) => block.write(text, at, "latin1");
  const octal = (field: readonly [number, number], value: number) =>
    put(field, `${value.toString(8).padStart(field[1] - 1, "0")}\0`);
  put(FIELDS.name, name);
  octal(FIELDS.mode, MODE);
  octal(FIELDS.uid, 0);
  octal(FIELDS.gid, 0);
  octal(FIELDS.mtime, seconds);
  if (size <= MOST_OCTAL) octal(FIELDS.size, size);
  else putLarge(block, size);
  put(FIELDS.type, "0");
  put(FIELDS.magic, "ustar\x0000");
  put(FIELDS.checksum, `${checksumOf(block).toString(8).padStart(6, "0")}\0 `);
  return block;
}

/**
 * Reads a header.
 * @returns undefined when it is none: a block of zeros at the end, or something that was damaged
 */
export function readTarHeader(block: Buffer): TarEntry | undefined {
  const text = ([at, length]: readonly [number, number]) =>
    block.toString("latin1", at, at + length).split("\0", 1)[0] ?? "";
  if (block.length < BLOCK || !text(FIELDS.magic).startsWith("ustar")) return undefined;
  if (Number.parseInt(text(FIELDS.checksum), 8) !== checksumOf(block)) return undefined;
  const [at] = FIELDS.size;
  const large = (block[at] ?? 0) >= 0x80;
  const size = large ? Number(block.readBigUInt64BE(at + 4)) : Number.parseInt(text(FIELDS.size), 8);
  return { name: text(FIELDS.name), size };
}

/** Bytes that fill the last block of a content. */
export function paddingOf(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

/** As GNU tar writes what eleven octal digits cannot say: the highest bit, then the number itself. */
function putLarge(block: Buffer, size: number): void {
  const [at] = FIELDS.size;
  block[at] = 0x80;
  block.writeBigUInt64BE(BigInt(size), at + 4);
}

/** The sum of all bytes, with blanks in the place of the sum. */
function checksumOf(block: Buffer): number {
  const [at, length] = FIELDS.checksum;
  return block.reduce((sum, byte, index) => sum + (index >= at && index < at + length ? 0x20 : byte), 0);
}
