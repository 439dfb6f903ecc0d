import * as z from "zod";

const BYTES = { KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4 } as const;
type Unit = keyof typeof BYTES;

/** An amount of memory or storage: a whole number and a binary unit, `512MiB`, `2GiB`. */
export const sizeSchema = z.string().regex(/^[1-9][0-9]{0,5}(KiB|MiB|GiB|TiB)$/, {
  error: "a size is a whole number and a binary unit: 64KiB, 512MiB, 2GiB",
});

/** The number of bytes in a size that the schema has accepted. */
export function bytes(size: string): number {
  const match = /^(\d+)(KiB|MiB|GiB|TiB)$/.exec(size);
  if (match === null) throw new RangeError(`not a size: ${size}`);
  return Number(match[1]) * BYTES[match[2] as Unit];
}
