import { createHash } from "node:crypto";
import { OssError } from "./oss-error.js";
import type { ObjectSettings } from "./write-headers.js";

/** A part that has been sent. */
export interface Part {
  readonly content: Buffer;
  readonly etag: string;
  readonly modified: Date;
}

/** An upload in parts that is not finished. */
export interface Upload {
  readonly key: string;
  readonly settings: ObjectSettings;
  readonly begun: Date;
  readonly parts: Map<number, Part>;
}

/** A part as the request that finishes an upload names it. */
export interface NamedPart {
  readonly number: number;
  readonly etag: string;
}

/** S3's limit, which the registry's driver is written for. OSS itself is content with 100 KiB. */
const SMALLEST_PART = 5 * 1024 * 1024;
export const MOST_PARTS = 10_000;

/**
 * The whole of an upload from the parts that are named.
 * @throws OssError when a part is missing, changed, too small, or out of order
 */
export function assemble(
  upload: Upload,
  named: readonly NamedPart[],
): { readonly content: Buffer; readonly etag: string } {
  if (named.length === 0) throw new OssError(400, "MalformedXML", "At least one part must be named.");
  if (named.some(({ number }, index) => index > 0 && number <= (named[index - 1]?.number ?? 0))) {
    throw new OssError(400, "InvalidPartOrder", "The list of parts was not in ascending order.");
  }
  const parts = named.map((one) => sentPart(upload, one));
  for (const [index, { content }] of parts.entries()) {
    if (index < parts.length - 1 && content.length < SMALLEST_PART) throw tooSmall(content.length, named[index]);
  }
  const sums = Buffer.concat(parts.map(({ etag }) => Buffer.from(etag, "hex")));
  const etag = `${createHash("md5").update(sums).digest("hex").toUpperCase()}-${parts.length}`;
  return { content: Buffer.concat(parts.map(({ content }) => content)), etag };
}

function sentPart({ parts }: Upload, { number, etag }: NamedPart): Part {
  const part = parts.get(number);
  if (part === undefined || part.etag !== unquoted(etag).toUpperCase()) {
    const message = "One or more of the specified parts could not be found or the specified entity tag did not match.";
    throw new OssError(400, "InvalidPart", message, { PartNumber: String(number) });
  }
  return part;
}

function tooSmall(size: number, part: NamedPart | undefined): OssError {
  const message = "Your proposed upload smaller than the minimum allowed size.";
  const details = { ProposedSize: String(size), MinSizeAllowed: String(SMALLEST_PART), PartNumber: `${part?.number}` };
  return new OssError(400, "EntityTooSmall", message, details);
}

function unquoted(etag: string): string {
  return etag.replace(/^"|"$/g, "");
}
