import { type Answer, empty, xml } from "./answer.js";
import { type Bucket, etagOf, type StoredObject } from "./bucket.js";
import { copySource, rangeOf } from "./object-source.js";
import { OssError } from "./oss-error.js";
import { parameter, type Verb } from "./oss-request.js";
import { askUpload } from "./upload-verbs.js";
import { describeEncryption, settingsOf } from "./write-headers.js";

/** What can be asked of an object. */
export function askObject(bucket: Bucket, verb: Verb, now: Date): Answer {
  if (parameter(verb, "uploads") !== undefined || parameter(verb, "uploadId") !== undefined) {
    return askUpload(bucket, verb, now);
  }
  switch (verb.method) {
    case "PUT":
      return verb.headers["x-amz-copy-source"] === undefined ? put(bucket, verb, now) : copy(bucket, verb, now);
    case "GET":
    case "HEAD":
      return get(bucket.object(verb.key), verb);
    case "DELETE":
      bucket.objects.delete(verb.key);
      return empty(204);
    default:
      throw new OssError(501, "NotImplemented", `An object knows no ${verb.method} like this.`);
  }
}

function put(bucket: Bucket, verb: Verb, now: Date): Answer {
  const { body: content, key } = verb;
  const settings = settingsOf(verb, bucket.kmsKeys);
  const object = { ...settings, content, etag: etagOf(content), modified: now };
  bucket.objects.set(key, object);
  return empty(200, { ETag: `"${object.etag}"`, ...describeEncryption(object) });
}

/** A copy takes class and encryption from its own request, not from its source. */
function copy(bucket: Bucket, verb: Verb, now: Date): Answer {
  const { content, contentType } = copySource(bucket, verb);
  const settings = { ...settingsOf(verb, bucket.kmsKeys), contentType };
  const object = { ...settings, content, etag: etagOf(content), modified: now };
  bucket.objects.set(verb.key, object);
  const result = { ETag: `"${object.etag}"`, LastModified: now.toISOString() };
  return xml("CopyObjectResult", result, describeEncryption(object));
}

function get(object: StoredObject, { method, headers }: Verb): Answer {
  const { content } = object;
  const range = rangeOf(headers.range, content.length);
  const part = range === undefined ? content : content.subarray(range.first, range.last + 1);
  const described = {
    ETag: `"${object.etag}"`,
    "Content-Type": object.contentType,
    "Last-Modified": object.modified.toUTCString(),
    "Accept-Ranges": "bytes",
    "Content-Length": String(part.length),
    ...(object.storageClass === "STANDARD" ? {} : { "x-amz-storage-class": object.storageClass }),
    ...(range && { "Content-Range": `bytes ${range.first}-${range.last}/${content.length}` }),
    ...describeEncryption(object),
  };
  return { status: range === undefined ? 200 : 206, headers: described, body: method === "HEAD" ? "" : part };
}
