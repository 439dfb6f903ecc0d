import { createHash } from "node:crypto";
import { invalidArgument, OssError } from "./oss-error.js";
import type { OssRequest } from "./oss-request.js";

/** What the headers of a write say about the object that it makes. */
export interface ObjectSettings {
  readonly contentType: string;
  readonly storageClass: string;
  readonly encryption: { readonly algorithm: string; readonly key?: string } | undefined;
}

/** OSS has three classes that S3 knows (Alibaba Cloud, "Compatibility with Amazon S3": storage classes). */
const CLASSES = ["STANDARD", "STANDARD_IA", "GLACIER"];
const ACLS = ["private", "public-read", "public-read-write"];

/** @throws OssError for a class, a cipher, a key or rights that OSS does not have */
export function settingsOf({ headers }: OssRequest, kmsKeys: readonly string[]): ObjectSettings {
  const storageClass = headers["x-amz-storage-class"] ?? "STANDARD";
  if (!CLASSES.includes(storageClass)) throw refusedHeader("x-amz-storage-class", storageClass);
  const acl = headers["x-amz-acl"] ?? "private";
  if (!ACLS.includes(acl)) throw refusedHeader("x-amz-acl", acl);
  const contentType = headers["content-type"] ?? "application/octet-stream";
  return { contentType, storageClass, encryption: encryptionOf(headers, kmsKeys) };
}

function encryptionOf(
  headers: OssRequest["headers"],
  kmsKeys: readonly string[],
): ObjectSettings["encryption"] | undefined {
  const algorithm = headers["x-amz-server-side-encryption"];
  const key = headers["x-amz-server-side-encryption-aws-kms-key-id"];
  if (algorithm === undefined && key === undefined) return undefined;
  if (algorithm !== "aws:kms") {
    if (algorithm !== "AES256" || key !== undefined) {
      const message = "The encryption method you specified is not supported.";
      throw new OssError(400, "InvalidEncryptionAlgorithmError", message);
    }
    return { algorithm };
  }
  if (key !== undefined && !kmsKeys.includes(key)) {
    throw new OssError(404, "KMS.Forbidden.KeyNotFound", `The specified key ${key} is not found.`);
  }
  return key === undefined ? { algorithm } : { algorithm, key };
}

/** The headers by which an answer tells how an object is kept. */
export function describeEncryption({ encryption }: Pick<ObjectSettings, "encryption">): Record<string, string> {
  if (encryption === undefined) return {};
  const { algorithm, key } = encryption;
  return {
    "x-amz-server-side-encryption": algorithm,
    ...(key === undefined ? {} : { "x-amz-server-side-encryption-aws-kms-key-id": key }),
  };
}

/** @throws OssError when the body is in chunks that carry signatures or checksums, which OSS does not read */
export function refuseChunks({ headers }: OssRequest): void {
  const encoding = headers["content-encoding"] ?? "";
  const payload = headers["x-amz-content-sha256"] ?? "";
  if (encoding.includes("aws-chunked") || payload.startsWith("STREAMING-") || headers["x-amz-trailer"] !== undefined) {
    throw invalidArgument(
      "aws-chunked encoding is not supported with the specified x-amz-content-sha256 value.",
      "Content-Encoding",
      "aws-chunked",
    );
  }
}

/** @throws OssError when the body is not the one that was checked before it was sent */
export function checkMd5({ headers, body }: OssRequest): void {
  const told = headers["content-md5"];
  if (told !== undefined && told !== createHash("md5").update(body).digest("base64")) {
    throw new OssError(400, "InvalidDigest", "The Content-MD5 you specified was invalid.");
  }
}

function refusedHeader(name: string, value: string): OssError {
  return invalidArgument(`The value of ${name} is not supported.`, name, value);
}
