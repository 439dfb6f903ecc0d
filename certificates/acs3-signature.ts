import { createHash, createHmac } from "node:crypto";
import type { CloudKeys } from "./cloud-keys.js";

/** A request to an API of Alibaba Cloud that takes all its parameters in the query. */
export interface Acs3Request {
  /** alidns.aliyuncs.com, with a port if it is not the usual one. */
  readonly host: string;
  /** AddDomainRecord. */
  readonly action: string;
  /** Version of the API: 2015-01-09. */
  readonly version: string;
  readonly query: Readonly<Record<string, string>>;
  readonly date: Date;
  /** A text that no other request has: the cloud takes each one once. */
  readonly nonce: string;
}

const ALGORITHM = "ACS3-HMAC-SHA256";

/**
 * The headers of a request, signed by version 3 of Alibaba Cloud's rules (alibabacloud.com, "Request syntax and
 * signature method V3"): as AWS's version 4, but the secret key signs by itself.
 */
export function signedAcs3(request: Acs3Request, keys: CloudKeys): Record<string, string> {
  const headers: Record<string, string> = {
    host: request.host,
    "x-acs-action": request.action,
    "x-acs-content-sha256": sha256(""),
    "x-acs-date": `${request.date.toISOString().slice(0, 19)}Z`,
    ...(keys.token === undefined ? {} : { "x-acs-security-token": keys.token.reveal() }),
    "x-acs-signature-nonce": request.nonce,
    "x-acs-version": request.version,
  };
  const names = Object.keys(headers).sort();
  const signedHeaders = names.join(";");
  const canonical = [
    "POST",
    "/",
    queryText(request.query),
    ...names.map((name) => `${name}:${headers[name]}`),
    "",
    signedHeaders,
    headers["x-acs-content-sha256"],
  ].join("\n");
  const signature = createHmac("sha256", keys.secretKey.reveal())
    .update(`${ALGORITHM}\n${sha256(canonical)}`)
    .digest("hex");
  const authorization = `${ALGORITHM} Credential=${keys.accessKey},SignedHeaders=${signedHeaders},Signature=${signature}`;
  return { ...headers, authorization };
}

/** Parameters as they are sent and as they are signed: sorted, and encoded by RFC 3986. */
export function queryText(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .join("&");
}

function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
