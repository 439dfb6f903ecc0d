import { randomBytes } from "node:crypto";
import * as z from "zod";
import { type Answer, empty, xml } from "./answer.js";
import { type Bucket, etagOf } from "./bucket.js";
import { copiedPart } from "./object-source.js";
import { invalidArgument, OssError } from "./oss-error.js";
import { parameter, type Verb } from "./oss-request.js";
import { assemble, MOST_PARTS, type Upload } from "./upload.js";
import { describeEncryption, settingsOf } from "./write-headers.js";
import { parseXml } from "./xml.js";

/** Most parts in one answer. */
const MOST_LISTED = 1000;

/** What can be asked of an upload in parts. */
export function askUpload(bucket: Bucket, verb: Verb, now: Date): Answer {
  if (verb.method === "POST" && parameter(verb, "uploads") !== undefined) return begin(bucket, verb, now);
  const id = parameter(verb, "uploadId") ?? "";
  const upload = bucket.uploads.get(id);
  if (upload === undefined || upload.key !== verb.key) {
    throw new OssError(404, "NoSuchUpload", "The specified upload does not exist.", { UploadId: id });
  }
  switch (verb.method) {
    case "PUT":
      return putPart(bucket, upload, verb, now);
    case "GET":
      return listParts(bucket, id, upload, verb);
    case "POST":
      return finish(bucket, id, upload, verb, now);
    case "DELETE":
      bucket.uploads.delete(id);
      return empty(204);
    default:
      throw new OssError(501, "NotImplemented", `An upload knows no ${verb.method}.`);
  }
}

function begin(bucket: Bucket, verb: Verb, now: Date): Answer {
  const settings = settingsOf(verb, bucket.kmsKeys);
  const id = randomBytes(16).toString("hex").toUpperCase();
  bucket.uploads.set(id, { key: verb.key, settings, begun: now, parts: new Map() });
  const begun = { Bucket: bucket.name, Key: verb.key, UploadId: id };
  return xml("InitiateMultipartUploadResult", begun, describeEncryption(settings));
}

/** A part that was sent before under the same number is replaced. */
function putPart(bucket: Bucket, upload: Upload, verb: Verb, now: Date): Answer {
  const asked = parameter(verb, "partNumber") ?? "";
  const number = Number(asked);
  if (!Number.isInteger(number) || number < 1 || number > MOST_PARTS) {
    throw invalidArgument(`Part number must be an integer between 1 and ${MOST_PARTS}.`, "partNumber", asked);
  }
  const copies = verb.headers["x-amz-copy-source"] !== undefined;
  const content = copies ? copiedPart(bucket, verb) : verb.body;
  const part = { content, etag: etagOf(content), modified: now };
  upload.parts.set(number, part);
  if (!copies) return empty(200, { ETag: `"${part.etag}"` });
  return xml("CopyPartResult", { ETag: `"${part.etag}"`, LastModified: now.toISOString() });
}

function listParts(bucket: Bucket, id: string, { key, parts }: Upload, verb: Verb): Answer {
  const marker = Number(parameter(verb, "part-number-marker") ?? 0);
  const most = Math.min(Number(parameter(verb, "max-parts") ?? MOST_LISTED), MOST_LISTED);
  const left = [...parts].filter(([number]) => number > marker).sort(([one], [other]) => one - other);
  const page = left.slice(0, most);
  return xml("ListPartsResult", {
    Bucket: bucket.name,
    Key: key,
    UploadId: id,
    PartNumberMarker: marker,
    NextPartNumberMarker: page.at(-1)?.[0] ?? marker,
    MaxParts: most,
    IsTruncated: left.length > page.length,
    Part: page.map(([PartNumber, { etag, content, modified }]) => ({
      PartNumber,
      LastModified: modified.toISOString(),
      ETag: `"${etag}"`,
      Size: content.length,
    })),
  });
}

const completion = z.object({
  CompleteMultipartUpload: z.object({
    Part: z.array(z.object({ PartNumber: z.coerce.number<string>().int(), ETag: z.string() })),
  }),
});

function finish(bucket: Bucket, id: string, upload: Upload, verb: Verb, now: Date): Answer {
  const { Part: parts } = parseXml(verb.body.toString(), completion).CompleteMultipartUpload;
  const named = parts.map(({ PartNumber, ETag }) => ({ number: PartNumber, etag: ETag }));
  const { content, etag } = assemble(upload, named);
  bucket.objects.set(upload.key, { ...upload.settings, content, etag, modified: now });
  bucket.uploads.delete(id);
  const Location = `https://${verb.headers.host}/${encodeURIComponent(upload.key)}`;
  return xml("CompleteMultipartUploadResult", { Location, Bucket: bucket.name, Key: upload.key, ETag: `"${etag}"` });
}
