import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline, Transform } from "node:stream";
import type { Host } from "../hosts/host.js";
import { quoted } from "../hosts/quote.js";
import { type JournalEntry, journalled } from "./journal.js";

/** Milliseconds that one image may take to arrive. */
const TRANSFER_TIME = 1_800_000;
/** Milliseconds between two reports of how far a transfer is. */
const REPORT_EVERY = 500;

/** Told how many bytes of an image have been sent. */
export type OnBytes = (bytes: { readonly sent: number; readonly total: number }) => void;

/**
 * Brings one image to a host: from an archive here, through SSH into the engine, or by having the host pull it.
 * @param reference - with a digest, or the image's own id
 * @param archive - path of a docker-archive, compressed. @default - the host pulls
 */
export async function loadImage(
  host: Host,
  reference: string,
  archive: string | undefined,
  entry: JournalEntry,
  onBytes: OnBytes,
): Promise<void> {
  const present = `docker image inspect ${quoted(reference)} >/dev/null`;
  if (archive === undefined) {
    await host.change(`pull ${reference}`, journalled(entry, `docker pull --quiet ${quoted(reference)} 1>&2`), {
      timeout: TRANSFER_TIME,
    });
    return;
  }
  const { size } = await stat(archive);
  await host.change(`load ${reference}`, journalled(entry, `docker load --quiet 1>&2\n${present}`), {
    input: counted(archive, size, onBytes),
    timeout: TRANSFER_TIME,
  });
}

/** A file that cannot be read to its end breaks the stream, and so the transfer. */
function counted(path: string, total: number, onBytes: OnBytes): Transform {
  const through = counter(total, onBytes);
  pipeline(createReadStream(path), through, () => {});
  return through;
}

function counter(total: number, onBytes: OnBytes): Transform {
  let sent = 0;
  let reported = performance.now();
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sent += chunk.length;
      if (performance.now() - reported >= REPORT_EVERY) {
        reported = performance.now();
        onBytes({ sent, total });
      }
      done(null, chunk);
    },
  });
}
