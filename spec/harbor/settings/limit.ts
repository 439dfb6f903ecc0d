import * as z from "zod";
import { bytes, sizeSchema } from "../../size.js";

/** A size, or no limit. */
export const limitSchema = z.string().refine((text) => text === "unlimited" || sizeSchema.safeParse(text).success, {
  error: "unlimited, or a whole number and a binary unit: 100GiB",
});

/** The number of bytes in a limit that the schema has accepted; -1 for none, as Harbor writes it. */
export function limitBytes(limit: string): number {
  return limit === "unlimited" ? -1 : bytes(limit);
}
