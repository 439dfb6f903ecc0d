import { createPublicKey, KeyObject, randomBytes, type webcrypto, type X509Certificate } from "node:crypto";
import { Secret } from "../spec/secret.js";

/** Every client that pulls images knows it, and its signatures cost a tenth of RSA's. */
export const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

/** A host whose clock is a little behind must not see a certificate from the future. */
export const MINUTES_OF_SKEW = 5;

/** The library that makes certificates. Loaded when one is made: it takes 150 ms, and `plan` has one second in all. */
export async function loadX509() {
  await import("reflect-metadata");
  return import("@peculiar/x509");
}

/** 126 random bits in 16 bytes: positive, and never with a leading zero that a DER encoder would drop. */
export function randomSerial(): string {
  const bytes = randomBytes(16);
  bytes.writeUInt8((bytes.readUInt8(0) & 0x3f) | 0x40, 0);
  return bytes.toString("hex");
}

/** A private key as PEM, PKCS #8. */
export function exportKey(key: webcrypto.CryptoKey): Secret {
  return new Secret(KeyObject.from(key).export({ type: "pkcs8", format: "pem" }).toString());
}

/** A private key and its public half, for the library. */
export async function importKey(key: KeyObject): Promise<webcrypto.CryptoKeyPair> {
  const secret = key.export({ type: "pkcs8", format: "der" });
  const open = createPublicKey(key).export({ type: "spki", format: "der" });
  return {
    privateKey: await crypto.subtle.importKey("pkcs8", secret, ALGORITHM, true, ["sign"]),
    publicKey: await crypto.subtle.importKey("spki", open, ALGORITHM, true, ["verify"]),
  };
}

/** When a certificate begins to be valid, and when it ends. */
export function validity(certificate: X509Certificate): { readonly from: Date; readonly to: Date } {
  return { from: new Date(certificate.validFrom), to: new Date(certificate.validTo) };
}

/** The part of a certificate's time that has gone by: 0 when new, 1 when it expires. */
export function spent(certificate: X509Certificate, now: Date): number {
  const { from, to } = validity(certificate);
  return (now.getTime() - from.getTime()) / (to.getTime() - from.getTime());
}
