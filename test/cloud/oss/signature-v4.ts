import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { accessDenied, OssError } from "./oss-error.js";
import { type OssRequest, parameter } from "./oss-request.js";

/** Who may ask, and where: both are part of a signature. */
export interface Signers {
  readonly region: string;
  /** Secret keys by access key. */
  readonly keys: Readonly<Record<string, string>>;
}

/** What a request claims about its sender, in its headers or, in a link, in its query. */
interface Claim {
  readonly accessKey: string;
  /** Date, region, service and the closing word of a credential. */
  readonly scope: readonly string[];
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** When it was signed: 20261122T101500Z. */
  readonly signedAt: string;
  /** Seconds for which it is good. */
  readonly validFor: number;
  /** Checksum of the body as the sender tells it. */
  readonly payload: string;
}

const ALGORITHM = "AWS4-HMAC-SHA256";
/** OSS and S3 refuse a signature that is older or newer. */
const MOST_SKEW = 15 * 60;
const LONGEST_LINK = 7 * 24 * 3600;
const UNSIGNED = "UNSIGNED-PAYLOAD";

/**
 * Signature Version 4, computed anew (Amazon S3 API reference, "Authenticating requests"). Nothing of the signer's own
 * code is used: both would be wrong in the same way.
 * @throws OssError as the services answer
 */
export function verifySignature(request: OssRequest, { region, keys }: Signers, now: Date): void {
  const claim = parameter(request, "X-Amz-Algorithm") === undefined ? claimOfHeaders(request) : claimOfLink(request);
  const secret = keys[claim.accessKey];
  if (secret === undefined) {
    throw new OssError(403, "InvalidAccessKeyId", "The OSS Access Key Id you provided does not exist in our records.");
  }
  checkScope(claim, region);
  checkTime(claim, now);
  checkHeaders(request, claim);
  const text = [ALGORITHM, claim.signedAt, claim.scope.join("/"), sha256(canonical(request, claim))].join("\n");
  const expected = hmac(signingKey(secret, claim.scope), text);
  const given = Buffer.from(claim.signature, "hex");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new OssError(
      403,
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
      { StringToSign: text },
    );
  }
  checkPayload(request, claim);
}

function claimOfHeaders(request: OssRequest): Claim {
  const { authorization = "", date = "", ...headers } = request.headers;
  const fields = /^AWS4-HMAC-SHA256 Credential=([^,\s]+), ?SignedHeaders=([^,\s]+), ?Signature=([0-9a-f]+)$/.exec(
    authorization,
  );
  if (fields === null) throw accessDenied("The request carries no signature of version 4.");
  const payload = headers["x-amz-content-sha256"];
  if (payload === undefined) {
    throw new OssError(400, "InvalidRequest", "Missing required header for this request: x-amz-content-sha256");
  }
  const [, credential = "", signedHeaders = "", signature = ""] = fields;
  return {
    ...credentialParts(credential),
    signedHeaders: signedHeaders.split(";"),
    signature,
    signedAt: headers["x-amz-date"] ?? date,
    validFor: MOST_SKEW,
    payload,
  };
}

function claimOfLink(request: OssRequest): Claim {
  const asked = (name: string) => parameter(request, `X-Amz-${name}`) ?? "";
  const validFor = Number(asked("Expires"));
  if (!(validFor >= 1 && validFor <= LONGEST_LINK)) throw malformed("X-Amz-Expires must be less than a week");
  return {
    ...credentialParts(asked("Credential")),
    signedHeaders: asked("SignedHeaders").split(";"),
    signature: asked("Signature"),
    signedAt: asked("Date"),
    validFor,
    payload: parameter(request, "X-Amz-Content-Sha256") ?? request.headers["x-amz-content-sha256"] ?? UNSIGNED,
  };
}

function credentialParts(credential: string): Pick<Claim, "accessKey" | "scope"> {
  const [accessKey = "", ...scope] = credential.split("/");
  return { accessKey, scope };
}

/** A region may be written as OSS writes it, with oss- before it. */
function checkScope({ scope: [date, region = "", service, end], signedAt }: Claim, expected: string): void {
  if (date !== signedAt.slice(0, 8)) throw malformed("the date of the credential is not that of the request");
  if (region.replace(/^oss-/, "") !== expected)
    throw malformed(`the region '${region}' is wrong; expecting '${expected}'`);
  if (service !== "s3" || end !== "aws4_request") throw malformed("the credential is not one for S3");
}

function checkTime({ signedAt, validFor }: Claim, now: Date): void {
  const [, date, time] = /^(\d{8})T(\d{6})Z$/.exec(signedAt) ?? [];
  if (date === undefined || time === undefined) throw malformed("the request does not say when it was signed");
  const at = Date.parse(date.replace(/(....)(..)(..)/, "$1-$2-$3") + time.replace(/(..)(..)(..)/, "T$1:$2:$3Z"));
  const age = (now.getTime() - at) / 1000;
  if (age < -MOST_SKEW || age > validFor) {
    const message = "The difference between the request time and the current time is too large.";
    throw new OssError(403, "RequestTimeTooSkewed", message);
  }
}

/** What is not signed could have been added on the way. */
function checkHeaders({ headers }: OssRequest, { signedHeaders }: Claim): void {
  const must = ["host", ...Object.keys(headers).filter((name) => name.startsWith("x-amz-"))];
  const unsigned = must.filter((name) => !signedHeaders.includes(name));
  if (unsigned.length > 0)
    throw accessDenied(`There were headers present which were not signed: ${unsigned.join(", ")}`);
}

function checkPayload({ body }: OssRequest, { payload }: Claim): void {
  if (payload !== UNSIGNED && payload !== sha256(body)) {
    const message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
    throw new OssError(400, "XAmzContentSHA256Mismatch", message);
  }
}

/** The request in the one form that both sides sign. */
function canonical({ method, path, query, headers }: OssRequest, { signedHeaders, payload }: Claim): string {
  const parameters = query
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => ({ name: encoded(name), value: encoded(value) }))
    // By name, then by value: "a=" would come after "a-=" otherwise.
    .sort((one, other) => order(one.name, other.name) || order(one.value, other.value))
    .map(({ name, value }) => `${name}=${value}`);
  const lines = signedHeaders.map((name) => `${name}:${(headers[name] ?? "").trim().replace(/ +/g, " ")}\n`);
  const place = path.split("/").map((part) => encoded(decodeURIComponent(part)));
  return [method, place.join("/"), parameters.join("&"), lines.join(""), signedHeaders.join(";"), payload].join("\n");
}

/** RFC 3986: everything but letters, digits and -._~ */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

function order(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

function signingKey(secret: string, scope: readonly string[]): Buffer {
  return scope.reduce<Buffer>((key, part) => hmac(key, part), Buffer.from(`AWS4${secret}`));
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

function sha256(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

function malformed(why: string): OssError {
  const message = `The authorization you provided is malformed: ${why}.`;
  return new OssError(400, "AuthorizationHeaderMalformed", message);
}
