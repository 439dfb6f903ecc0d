import { expect, test } from "vitest";
import { nextToken, readPage } from "../../operations/stored-blobs.js";

const HEX = "0f".repeat(32);
const PREFIX = "images/docker/registry/v2/blobs/";

/** As Amazon S3 documents the answer to ListObjectsV2. */
const page = (more: string) => `<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>images</Name>${more}
<Contents><Key>${PREFIX}sha256/0f/${HEX}/data</Key><ETag>&quot;1&quot;</ETag><Size>1234</Size></Contents>
<Contents><Key>${PREFIX}sha256/0f/${HEX}/startedat</Key><Size>20</Size></Contents>
</ListBucketResult>`;

test("a page of a bucket's list gives digests and sizes of blobs, and of nothing else", () => {
  expect(readPage(page(""), PREFIX)).toEqual([[`sha256:${HEX}`, 1234]]);
});

test("the list goes on while the storage says that it was cut", () => {
  const more = "<IsTruncated>true</IsTruncated><NextContinuationToken>1&amp;2==</NextContinuationToken>";
  expect(nextToken(page(more))).toBe("1&2==");
  expect(nextToken(page("<IsTruncated>false</IsTruncated>"))).toBeUndefined();
});
