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

/**
 * Requests that write, read and remove one object, signed as the registry's driver signs: headers, and the checksum of
 * the body among them (Signature Version 4). They are valid some fifteen minutes around `now`.
 */
export function probeRequests(
  bucket: Bucket,
  keys: StorageKeys,
  object: { readonly key: string; readonly content: string },
  now: Date,
): Promise<StorageRequest[]> {
  const url = bucket.url + object.key;
  return Promise.all([
    signed({ method: "PUT", url, headers: bucket.writeHeaders, body: object.content }, bucket, keys, now),
    signed({ method: "GET", url, headers: {} }, bucket, keys, now),
    signed({ method: "DELETE", url, headers: {} }, bucket, keys, now),
  ]);
}

/**
 * Requests as a configuration for curl: one paragraph each. In this form they pass through standard input, so that no
 * signature stands in the list of processes.
 */
export function curlConfigurations(requests: readonly StorageRequest[]): string {
  return requests.map((request) => `${lines(request).join("\n")}\n`).join("\n");
}

async function signed(
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
  const checksum = createHash("sha256")
    .update(request.body ?? "")
    .digest("hex");
  const { headers } = await signer.sign(
    {
      method: request.method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: {},
      headers: { ...request.headers, host: url.host, "x-amz-content-sha256": checksum },
      ...(request.body === undefined ? {} : { body: request.body }),
    },
    { signingDate: now },
  );
  return { ...request, headers };
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
