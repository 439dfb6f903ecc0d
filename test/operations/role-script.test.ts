import fc from "fast-check";
import { expect, test } from "vitest";
import { roleKeys, signAsRole } from "../../operations/role-script.js";
import type { Bucket } from "../../operations/storage-address.js";
import { probeRequests } from "../../operations/storage-requests.js";

const BUCKET: Bucket = {
  url: "https://images.s3.eu-central-1.amazonaws.com/",
  name: "images",
  region: "eu-central-1",
  prefix: "registry",
  objectAcl: "bucket-owner-full-control",
  writeHeaders: {},
};

test("the keys of a role are asked of version 2 of the metadata service only, which wants a token first", () => {
  const asked = [...roleKeys("eu-central-1").matchAll(/^metadata (.+)$/gm)].map(([, words]) => words);
  expect(asked).toEqual([
    'PUT api/token "-ttl-seconds: 60"',
    'GET meta-data/iam/security-credentials/ "$session"',
    'GET "meta-data/iam/security-credentials/$role" "$session"',
  ]);
});

test("signatures are for the region of the bucket", () => {
  expect(roleKeys("ap-southeast-2")).toContain("/ap-southeast-2/s3/aws4_request");
});

test("method, host, path and checksum are signed", () => {
  const [write, read] = probeRequests(BUCKET, { key: "registry/probe", content: "probe" });
  const host = "images.s3.eu-central-1.amazonaws.com";
  expect(signAsRole(write)).toMatch(
    new RegExp(`^sign PUT ${host} /registry/probe [0-9a-f]{64} x-amz-acl:bucket-owner-full-control$`),
  );
  expect(signAsRole(read)).toMatch(new RegExp(`^sign GET ${host} /registry/probe [0-9a-f]{64}$`));
});

test("whatever a header holds is one word of the shell", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (key) => {
      const writeHeaders = { "x-amz-server-side-encryption-aws-kms-key-id": key };
      const [write] = probeRequests({ ...BUCKET, writeHeaders }, { key: "probe", content: "probe" });
      const word = signAsRole(write).split(" ").slice(6).join(" ");
      const unquoted = word.startsWith("'") ? word.slice(1, -1).replaceAll("'\\''", "'") : word;
      expect(unquoted).toBe(`x-amz-server-side-encryption-aws-kms-key-id:${key}`);
    }),
  );
});
