import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import type { CloudKeys } from "./cloud-keys.js";
import type { SignedRequest } from "./dns-request.js";

/** A request to an API of AWS before it is signed. */
export interface AmazonRequest {
  readonly method: "GET" | "POST";
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** For what a signature is good. */
export interface AmazonScope {
  /** route53. */
  readonly service: string;
  readonly region: string;
}

/** Signs a request by version 4 of AWS's rules. */
export async function signedAmazon(
  { method, url, headers = {}, body }: AmazonRequest,
  keys: CloudKeys,
  { service, region }: AmazonScope,
  signingDate = new Date(),
): Promise<SignedRequest> {
  const content = body === undefined ? {} : { body };
  const credentials = credentialsOf(keys);
  // A header with the body's checksum is what S3 alone asks for; the signature covers the body without it.
  const signer = new SignatureV4({ service, region, sha256: Sha256, credentials, applyChecksum: false });
  const signed = await signer.sign(
    {
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { host: url.host, ...headers },
      ...content,
    },
    { signingDate },
  );
  return { method, url: url.href, headers: signed.headers, ...content };
}

function credentialsOf({ accessKey, secretKey, token }: CloudKeys) {
  const session = token === undefined ? {} : { sessionToken: token.reveal() };
  return { accessKeyId: accessKey, secretAccessKey: secretKey.reveal(), ...session };
}
