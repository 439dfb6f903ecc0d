import { createPrivateKey, X509Certificate } from "node:crypto";
import type { Secret } from "../spec/secret.js";
import { ALGORITHM, exportKey, importKey, loadX509, MINUTES_OF_SKEW, randomSerial, spent } from "./x509.js";

/** A certificate that signs others, and its key. */
export interface Authority {
  /** PEM. */
  readonly certificate: string;
  /** PEM, PKCS #8. */
  readonly key: Secret;
}

const YEARS = 10;

/** Makes the CA of an environment: ECDSA P-256, ten years, allowed to sign servers and nothing that signs in turn. */
export async function makeAuthority(environment: string, now: Date): Promise<Authority> {
  const { privateKey } = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const key = exportKey(privateKey);
  return { certificate: await selfSigned(environment, key, now), key };
}

/**
 * A new certificate for the same key and name: what the CA signed before stays valid with the old certificate and with
 * the new one, so clients may take the new file whenever they like.
 */
export async function renewAuthority(authority: Authority, environment: string, now: Date): Promise<Authority> {
  return { certificate: await selfSigned(environment, authority.key, now), key: authority.key };
}

/** Whether less than a third of the CA's time is left. */
export function isAuthorityDue(authority: Authority, now: Date): boolean {
  return spent(new X509Certificate(authority.certificate), now) > 2 / 3;
}

async function selfSigned(environment: string, key: Secret, now: Date): Promise<string> {
  const x509 = await loadX509();
  const keys = await importKey(createPrivateKey(key.reveal()));
  const notAfter = new Date(now);
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + YEARS);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: randomSerial(),
    name: [{ CN: [`harborwright ${environment} CA`] }],
    notBefore: new Date(now.getTime() - MINUTES_OF_SKEW * 60_000),
    notAfter,
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return `${certificate.toString("pem").trim()}\n`;
}
