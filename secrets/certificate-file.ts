import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { Problem, type ProblemDetails, Problems } from "../spec/problem.js";
import type { Secret } from "../spec/secret.js";
import { covers } from "./server-certificate.js";
import { validity } from "./x509.js";

/** A certificate that a user brings: the texts of its files and where they came from. */
export interface CertificateFile {
  /** Path of the certificate, as the environment file names it. */
  readonly path: string;
  /** PEM of the certificate and its intermediates. */
  readonly chain: string;
  /** PEM of the private key. */
  readonly key: Secret;
  /** PEM of the CA that clients trust. @default - a public one */
  readonly ca?: string | undefined;
  /** Field of the environment file: `sites[0].certificate`. */
  readonly field: string;
}

type Finding = Pick<ProblemDetails, "code" | "says" | "instead"> & { readonly at: "certificate" | "key" | "ca" };

/**
 * Checks that a certificate would be accepted by clients: it belongs to its key, covers the host name, is valid now, and
 * its chain is in order up to the CA, if one is named.
 * @returns the chain as it is served: certificate first, nothing but PEM
 * @throws Problem or Problems `certificate/…` that say all that is wrong
 */
export function checkCertificateFile(file: CertificateFile, hostname: string, now: Date): string {
  const chain = certificatesIn(file.chain);
  const [leaf] = chain;
  if (leaf === undefined) throw problemOf(unreadable(file.path), file);
  const findings = [
    ...keyFindings(file, chain),
    ...nameFindings(leaf, hostname),
    ...chain.flatMap((certificate) => timeFindings(certificate, now)),
    ...orderFindings(chain),
    ...caFindings(file, chain),
  ].map((finding) => problemOf(finding, file));
  const [first] = findings;
  if (first !== undefined) throw findings.length === 1 ? first : new Problems(findings.map(({ details }) => details));
  return chain.map((certificate) => certificate.toString()).join("");
}

/** All certificates in a PEM text; none when one of them cannot be read. */
export function certificatesIn(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    return [];
  }
}

function keyFindings(file: CertificateFile, chain: readonly X509Certificate[]): Finding[] {
  let key: KeyObject;
  try {
    key = createPrivateKey(file.key.reveal());
  } catch {
    const isEncrypted = file.key.reveal().includes("ENCRYPTED");
    return [
      {
        code: "certificate/key-unreadable",
        says: isEncrypted ? "the private key is protected by a passphrase" : "the private key is not a PEM file",
        instead: "an unencrypted PEM key is needed: openssl pkey -in KEY -out KEY.plain",
        at: "key",
      },
    ];
  }
  const owner = chain.findIndex((certificate) => certificate.checkPrivateKey(key));
  if (owner === 0) return [];
  if (owner > 0) return [wrongOrder("the certificate of the key is not the first in the file")];
  return [
    {
      code: "certificate/key-mismatch",
      says: `the private key does not belong to the certificate of ${subjectOf(chain[0])}`,
      instead: "name the key with which this certificate was requested",
      at: "key",
    },
  ];
}

function nameFindings(leaf: X509Certificate, hostname: string): Finding[] {
  if (covers(leaf, hostname)) return [];
  return [
    {
      code: "certificate/name-missing",
      says: `the certificate does not cover ${hostname}; it is for ${leaf.subjectAltName ?? "no name at all"}`,
      instead: "request one with this name among its subject alternative names, or change registry.hostname",
      at: "certificate",
    },
  ];
}

function timeFindings(certificate: X509Certificate, now: Date): Finding[] {
  const { from, to } = validity(certificate);
  if (from <= now && now < to) return [];
  const says = now < from ? `is not valid before ${from.toISOString()}` : `expired at ${to.toISOString()}`;
  return [
    {
      code: now < from ? "certificate/not-yet-valid" : "certificate/expired",
      says: `the certificate of ${subjectOf(certificate)} ${says}; the time here is ${now.toISOString()}`,
      instead: "replace the file by a valid certificate, or set the clock right",
      at: "certificate",
    },
  ];
}

function orderFindings(chain: readonly X509Certificate[]): Finding[] {
  return chain.flatMap((certificate, index) => {
    const issuer = chain[index + 1];
    if (issuer === undefined || isIssuedBy(certificate, issuer)) return [];
    return [wrongOrder(`${subjectOf(certificate)} is followed by ${subjectOf(issuer)}, which did not issue it`)];
  });
}

function caFindings(file: CertificateFile, chain: readonly X509Certificate[]): Finding[] {
  const last = chain.at(-1);
  if (file.ca === undefined || last === undefined) return [];
  const authorities = certificatesIn(file.ca);
  if (authorities.some((ca) => ca.fingerprint256 === last.fingerprint256 || isIssuedBy(last, ca))) return [];
  return [
    {
      code: "certificate/chain-incomplete",
      says: `the chain ends with ${subjectOf(last)}, which none of the ${authorities.length} certificates of the CA file issued`,
      instead: "append the missing intermediate certificates, or name the right CA file",
      at: "ca",
    },
  ];
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function wrongOrder(says: string): Finding {
  return {
    code: "certificate/chain-order",
    says,
    instead: "the file holds the server's certificate first, then each one's issuer",
    at: "certificate",
  };
}

function unreadable(path: string): Finding {
  return {
    code: "certificate/unreadable",
    says: `${path} holds no certificate that can be read`,
    instead: "a PEM file is needed: -----BEGIN CERTIFICATE-----",
    at: "certificate",
  };
}

function subjectOf(certificate: X509Certificate | undefined): string {
  return certificate?.subject?.replaceAll("\n", ", ") || "(no subject)";
}

function problemOf({ code, says, instead, at }: Finding, file: CertificateFile): Problem {
  return new Problem({ code, says, instead, field: `${file.field}.${at}` });
}
