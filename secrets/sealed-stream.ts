import { ReadableStream } from "node:stream/web";
import { decrypterFor, encrypterFor } from "./envelope.js";
import type { Identity } from "./identity.js";

/** Bytes that come one piece after the other, too many to hold them all. */
export type Bytes = AsyncIterable<Uint8Array>;

/**
 * Encrypts bytes as they come, as an age file without armour, which `age --decrypt` opens.
 * @param recipients - public keys `age1…`, the maker of the file first
 * @throws Problem `secrets/recipient-invalid`
 */
export async function* sealStream(plain: Bytes, recipients: readonly string[]): Bytes {
  yield* await encrypterFor(recipients).encrypt(ReadableStream.from(plain));
}

/**
 * Decrypts an age file as it is read. What it gives is whole only when it ends without an error.
 * @throws Error of the library: `isForeign` tells whether it is for other keys; otherwise it is broken or cut short
 */
export async function* unsealStream(sealed: Bytes, identity: Identity): Bytes {
  yield* await decrypterFor(identity).decrypt(ReadableStream.from(sealed));
}
