import type { Bucket, StoredObject } from "./bucket.js";
import { accessDenied, invalidArgument, OssError } from "./oss-error.js";
import type { Verb } from "./oss-request.js";

/** A part of an object: its first and its last byte. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/**
 * The part that a Range header names; undefined for the whole, which is also the answer to a header that cannot be
 * understood (RFC 9110, section 14.2).
 * @throws OssError InvalidRange when it begins behind the end
 */
export function rangeOf(header: string | undefined, size: number): Range | undefined {
  const [, from = "", to = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (from === "" && to === "") return undefined;
  const range =
    from === ""
      ? { first: Math.max(0, size - Number(to)), last: size - 1 }
      : { first: Number(from), last: to === "" ? size - 1 : Math.min(Number(to), size - 1) };
  if (range.first >= size) throw new OssError(416, "InvalidRange", "The requested range cannot be satisfied.");
  return range.last < range.first ? undefined : range;
}

/** The object that a copy is made from. @throws OssError NoSuchKey, or AccessDenied for another bucket */
export function copySource(bucket: Bucket, { headers }: Verb): StoredObject {
  const source = decodeURIComponent(headers["x-amz-copy-source"] ?? "").replace(/^\//, "");
  const [name, ...key] = source.split("/");
  if (name !== bucket.name) throw accessDenied("The source of a copy must be in the same bucket.");
  return bucket.object(key.join("/"));
}

/** The bytes that a part is copied from. Here a range must fit: no part may be shorter than its sender believes. */
export function copiedPart(bucket: Bucket, verb: Verb): Buffer {
  const { content } = copySource(bucket, verb);
  const asked = verb.headers["x-amz-copy-source-range"];
  if (asked === undefined) return content;
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(asked) ?? [];
  if (first === undefined || last === undefined || Number(last) < Number(first) || Number(last) >= content.length) {
    throw invalidArgument("The range is not inside the source.", "x-amz-copy-source-range", asked);
  }
  return content.subarray(Number(first), Number(last) + 1);
}
