import * as z from "zod";
import { type Answer, empty, xml } from "./answer.js";
import type { Bucket } from "./bucket.js";
import { list } from "./listing.js";
import { invalidArgument, OssError } from "./oss-error.js";
import { type OssRequest, parameter } from "./oss-request.js";
import { parseXml } from "./xml.js";

const MOST_KEYS = 1000;

/** What can be asked of a bucket, and of several of its objects at once. */
export function askBucket(bucket: Bucket, request: OssRequest): Answer {
  const has = (name: string) => parameter(request, name) !== undefined;
  if (request.method === "HEAD") return empty(200, { "x-amz-bucket-region": bucket.region });
  if (request.method === "POST" && has("delete")) return deleteObjects(bucket, request);
  if (request.method === "GET" && has("location")) return xml("LocationConstraint", { "#text": bucket.region });
  if (request.method === "GET" && has("uploads")) return listUploads(bucket, request);
  if (request.method === "GET" && parameter(request, "list-type") === "2") return listNewly(bucket, request);
  if (request.method === "GET") return listOldly(bucket, request);
  throw new OssError(501, "NotImplemented", `A bucket knows no ${request.method} like this.`);
}

/** ListObjectsV2: goes on from a token, or begins after a name. */
function listNewly(bucket: Bucket, request: OssRequest): Answer {
  const token = parameter(request, "continuation-token");
  const startAfter = parameter(request, "start-after") ?? "";
  const after = token === undefined ? startAfter : Buffer.from(token, "base64url").toString();
  const { next, ...page } = pageOf(bucket, request, after);
  return xml("ListBucketResult", {
    ...page,
    KeyCount: page.Contents.length + page.CommonPrefixes.length,
    ...(startAfter === "" ? {} : { StartAfter: startAfter }),
    ...(token === undefined ? {} : { ContinuationToken: token }),
    ...(next === undefined ? {} : { NextContinuationToken: Buffer.from(next).toString("base64url") }),
  });
}

/** ListObjects: goes on after a marker. */
function listOldly(bucket: Bucket, request: OssRequest): Answer {
  const Marker = parameter(request, "marker") ?? "";
  const { next, ...page } = pageOf(bucket, request, Marker);
  return xml("ListBucketResult", { ...page, Marker, ...(next === undefined ? {} : { NextMarker: next }) });
}

function pageOf(bucket: Bucket, request: OssRequest, after: string) {
  const { prefix, delimiter, most, shown } = listingWishes(request);
  const { keys, groups, next } = list(bucket.objects.keys(), { prefix, delimiter, after, most });
  return {
    Name: bucket.name,
    Prefix: shown(prefix),
    MaxKeys: most,
    ...(delimiter === "" ? {} : { Delimiter: shown(delimiter) }),
    IsTruncated: next !== undefined,
    Contents: keys.map((key) => {
      const { etag, modified, content, storageClass } = bucket.object(key);
      return {
        Key: shown(key),
        LastModified: modified.toISOString(),
        ETag: `"${etag}"`,
        Size: content.length,
        StorageClass: storageClass,
      };
    }),
    CommonPrefixes: groups.map((group) => ({ Prefix: shown(group) })),
    next,
  };
}

function listUploads(bucket: Bucket, request: OssRequest): Answer {
  const { prefix, most, shown } = listingWishes(request, "max-uploads");
  const keyMarker = parameter(request, "key-marker") ?? "";
  const idMarker = parameter(request, "upload-id-marker") ?? "";
  const place = (key: string, id: string) => `${key}\0${id}`;
  const byPlace = new Map([...bucket.uploads].map(([id, upload]) => [place(upload.key, id), { id, ...upload }]));
  const after = keyMarker === "" ? "" : place(keyMarker, idMarker || "\u{10ffff}");
  const { keys, next } = list(byPlace.keys(), { prefix, delimiter: "", after, most });
  const [nextKey = "", nextId = ""] = next?.split("\0") ?? [];
  return xml("ListMultipartUploadsResult", {
    Bucket: bucket.name,
    KeyMarker: shown(keyMarker),
    UploadIdMarker: idMarker,
    ...(next === undefined ? {} : { NextKeyMarker: shown(nextKey), NextUploadIdMarker: nextId }),
    Prefix: shown(prefix),
    MaxUploads: most,
    IsTruncated: next !== undefined,
    Upload: keys.flatMap((one) => {
      const upload = byPlace.get(one);
      return upload === undefined
        ? []
        : [{ Key: shown(upload.key), UploadId: upload.id, Initiated: upload.begun.toISOString() }];
    }),
  });
}

function listingWishes(request: OssRequest, mostName = "max-keys") {
  const asked = parameter(request, mostName) ?? String(MOST_KEYS);
  const most = Number(asked);
  if (!Number.isInteger(most) || most < 0 || most > MOST_KEYS) {
    throw invalidArgument(`Argument ${mostName} must be an integer between 0 and ${MOST_KEYS}.`, mostName, asked);
  }
  const encodes = parameter(request, "encoding-type") === "url";
  return {
    prefix: parameter(request, "prefix") ?? "",
    delimiter: parameter(request, "delimiter") ?? "",
    most,
    shown: (text: string) => (encodes ? encodeURIComponent(text) : text),
  };
}

const deletion = z.object({
  Delete: z.object({
    Quiet: z.enum(["true", "false"]).default("false"),
    Object: z.array(z.object({ Key: z.string() })).max(MOST_KEYS),
  }),
});

/** An object that is not there counts as deleted. The request must prove that it came whole. */
function deleteObjects(bucket: Bucket, { body, headers }: OssRequest): Answer {
  if (headers["content-md5"] === undefined) {
    throw new OssError(400, "InvalidRequest", "Missing required header for this request: Content-MD5");
  }
  const { Quiet, Object: objects } = parseXml(body.toString(), deletion).Delete;
  for (const { Key } of objects) bucket.objects.delete(Key);
  return xml("DeleteResult", Quiet === "true" ? {} : { Deleted: objects.map(({ Key }) => ({ Key })) });
}
