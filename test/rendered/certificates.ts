import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { $ } from "zx";
import { type Authority, makeAuthority } from "../../secrets/certificate-authority.js";
import { issueServerCertificate } from "../../secrets/server-certificate.js";
import type { Secret } from "../../spec/secret.js";
import { consumer } from "./consumers.js";

/** A server's certificate, its key and the CA that signed it. */
export interface ServerIdentity {
  readonly ca: string;
  readonly authority: Authority;
  readonly names: readonly string[];
  readonly chain: string;
  readonly key: Secret;
}

/** A certificate for some names by a CA made for it. */
export async function serverIdentity(names: readonly string[]): Promise<ServerIdentity> {
  return issueFrom(await makeAuthority("rendered", new Date()), names);
}

/** A new certificate for some names by a CA that is there. */
export async function issueFrom(authority: Authority, names: readonly string[]): Promise<ServerIdentity> {
  const { certificate, key } = await issueServerCertificate(authority, names, "1d", new Date());
  return { ca: authority.certificate, authority, names, chain: certificate, key };
}

/** The serial number of the first certificate in a PEM text. */
export function serialNumber(pem: string): string {
  return new X509Certificate(pem).serialNumber;
}

/** A client's certificate that is its own CA, and its key: both PEM. */
export async function clientIdentity(folder: string): Promise<{ readonly certificate: string; readonly key: string }> {
  const [certificate, key] = [join(folder, "client.crt"), join(folder, "client.key")];
  const openssl = await consumer("openssl");
  await $({
    quiet: true,
  })`${openssl} req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=client -keyout ${key} -out ${certificate}`;
  return { certificate: await readFile(certificate, "utf8"), key: await readFile(key, "utf8") };
}
