import { createPrivateKey, X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { milliseconds } from "../spec/duration.js";
import type { SiteInventory } from "../spec/inventory.js";
import type { Secret } from "../spec/secret.js";
import type { Authority } from "./certificate-authority.js";
import { ALGORITHM, exportKey, importKey, loadX509, MINUTES_OF_SKEW, randomSerial, spent, validity } from "./x509.js";

/** A server's certificate and its key, both PEM. */
export interface ServerCertificate {
  readonly certificate: string;
  readonly key: Secret;
}

/** Every name and address under which clients may reach a site: the host name first, without repetition. */
export function certificateNames(hostname: string, site: SiteInventory): string[] {
  const nodes = site.nodes.flatMap((node) => [node.address, node.privateAddress]);
  const published = site.published === undefined ? [] : ["localhost", "127.0.0.1"];
  return [...new Set([hostname, site.entry.address, ...nodes, ...published])];
}

/**
 * Makes a server's certificate.
 * @param names - host names and IP addresses it is good for, the most important first
 * @param duration - `397d`; it never outlives the CA
 * @param use - whether its holder may also show it to other servers, as the members of a data base do. @default - server
 */
export async function issueServerCertificate(
  authority: Authority,
  names: readonly string[],
  duration: string,
  now: Date,
  use: "server" | "server-and-client" = "server",
): Promise<ServerCertificate> {
  const x509 = await loadX509();
  const issuer = new x509.X509Certificate(authority.certificate);
  const signer = await importKey(createPrivateKey(authority.key.reveal()));
  const { privateKey, publicKey } = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const [first = ""] = names;
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: randomSerial(),
    // A common name holds 64 letters at most (RFC 5280, ub-common-name); clients read the alternative names only.
    subject: [{ CN: [first.length <= 64 ? first : "harborwright"] }],
    issuer: issuer.subjectName,
    notBefore: new Date(now.getTime() - MINUTES_OF_SKEW * 60_000),
    notAfter: new Date(Math.min(now.getTime() + milliseconds(duration), issuer.notAfter.getTime())),
    signingAlgorithm: ALGORITHM,
    publicKey,
    signingKey: signer.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([
        x509.ExtendedKeyUsage.serverAuth,
        ...(use === "server" ? [] : [x509.ExtendedKeyUsage.clientAuth]),
      ]),
      new x509.SubjectAlternativeNameExtension(
        names.map((name) => ({ type: isIP(name) === 0 ? ("dns" as const) : ("ip" as const), value: name })),
      ),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(signer.publicKey),
    ],
  });
  return { certificate: `${certificate.toString("pem").trim()}\n`, key: exportKey(privateKey) };
}

/**
 * Whether a certificate has to be replaced: less than a third of its time is left, a name is missing, or it does not
 * belong to this CA or this key.
 */
export function isServerCertificateDue(
  server: ServerCertificate,
  authority: Authority,
  names: readonly string[],
  now: Date,
): boolean {
  const certificate = new X509Certificate(server.certificate);
  return (
    spent(certificate, now) > 2 / 3 ||
    !names.every((name) => covers(certificate, name)) ||
    !certificate.verify(new X509Certificate(authority.certificate).publicKey) ||
    !certificate.checkPrivateKey(createPrivateKey(server.key.reveal()))
  );
}

/** When only a third of a certificate's time is left. */
export function serverRenewalDue({ certificate }: ServerCertificate): Date {
  const { from, to } = validity(new X509Certificate(certificate));
  return new Date(to.getTime() - (to.getTime() - from.getTime()) / 3);
}

/** Whether clients accept a certificate for a host name or an IP address. */
export function covers(certificate: X509Certificate, name: string): boolean {
  const match = isIP(name) === 0 ? certificate.checkHost(name, { subject: "never" }) : certificate.checkIP(name);
  return match !== undefined;
}

/** Whether a certificate is valid at a moment. */
export function isValidAt(certificate: X509Certificate, now: Date): boolean {
  const { from, to } = validity(certificate);
  return from <= now && now < to;
}
