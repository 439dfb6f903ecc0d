import { createHash } from "node:crypto";
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Secret } from "../spec/secret.js";
import type { Bucket } from "./storage-address.js";

/** Access key of a storage. */
export interface StorageKeys {
  readonly accessKey: Secret;
  readonly secretKey: Secret;
}

/** One HTTP request with all its headers, signed where keys were given. */
export interface StorageRequest {
  readonly method: "PUT" | "GET" | "DELETE";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A request that writes an object, one that reads and one that removes it. */
export type ProbeRequests = readonly [StorageRequest, StorageRequest, StorageRequest];

/** Requests that write, read and remove one object, with all headers but those of a signature. */
export function probeRequests(
  bucket: Bucket,
  object: { readonly key: string; readonly content: string },
): ProbeRequests {
  const url = bucket.url + object.key;
  const headers = { "x-amz-content-sha256": checksumOf("") };
  // The registry's driver asks for this with every object, and there are buckets that take no such word.
  const write = {
    "x-amz-acl": bucket.objectAcl,
    ...bucket.writeHeaders,
    "x-amz-content-sha256": checksumOf(object.content),
  };
  return [
    { method: "PUT", url, headers: write, body: object.content },
    { method: "GET", url, headers },
    { method: "DELETE", url, headers },
  ];
}

/**
 * A request signed as the registry's driver signs: headers, and the checksum of the body among them (Signature
 * Version 4). It is valid some fifteen minutes around `now`.
 */
export async function signed(
  request: StorageRequest,
  { region }: Bucket,
  keys: StorageKeys,
  now: Date,
): Promise<StorageRequest> {
  const url = new URL(request.url);
  const signer = new SignatureV4({
    service: "s3",
    region,
    credentials: { accessKeyId: keys.accessKey.reveal(), secretAccessKey: keys.secretKey.reveal() },
    sha256: Sha256,
    uriEscapePath: false,
  });
  const { headers } = await signer.sign(
    {
      method: request.method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { ...request.headers, host: url.host },
      ...(request.body === undefined ? {} : { body: request.body }),
    },
    { signingDate: now },
  );
  return { ...request, headers };
}

function checksumOf(content: string): string {
  return createHash("sha256").update(content).digest("hex");
}

/**
 * Requests as a configuration for curl: one paragraph each. In this form they pass through standard input, so that no
 * signature stands in the list of processes.
 */
export function curlConfigurations(requests: readonly StorageRequest[]): string {
  return requests.map((request) => `${lines(request).join("\n")}\n`).join("\n");
}

function lines({ method, url, headers, body }: StorageRequest): string[] {
  return [
    `url = ${quoted(url)}`,
    `request = ${quoted(method)}`,
    ...Object.entries(headers).map(([name, value]) => `header = ${quoted(`${name}: ${value}`)}`),
    // curl would call the body a form, and that header is not among those that are signed.
    ...(body === undefined ? [] : [`header = "Content-Type: application/octet-stream"`, `data-raw = ${quoted(body)}`]),
  ];
}

/** A value in curl's configuration: in double quotes only backslash and quote mean something; a line cannot hold a break. */
function quoted(value: string): string {
  return `"${value.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n").replaceAll("\r", "\\r")}"`;
}
