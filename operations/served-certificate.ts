import type { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { connect } from "node:tls";
import { renewalDue } from "../secrets/acme-record.js";
import { validity } from "../secrets/x509.js";
import { entryUrl, onlySite, type Workspace } from "./workspace.js";

/** The certificate that clients see at the entry. */
export interface ServedCertificate {
  /** ISO 8601. */
  readonly notAfter: string;
  /** What to do about it; absent when there is time. */
  readonly warning?: string;
}

/** How long before its end people are warned of a certificate that says nothing of that itself. */
const WARN_BEFORE = "21d";

/** Milliseconds after which the entry is not waited for. */
const TIMEOUT = 3_000;

/** Looks at the certificate that the entry shows; undefined when it shows none. */
export async function servedCertificate(
  workspace: Workspace,
  now = new Date(),
): Promise<ServedCertificate | undefined> {
  const certificate = await shownAt(workspace);
  if (certificate === undefined) return undefined;
  const { to } = validity(certificate);
  const warning = warningOf(workspace, certificate, now);
  return { notAfter: to.toISOString(), ...(warning === undefined ? {} : { warning }) };
}

function warningOf(workspace: Workspace, certificate: X509Certificate, now: Date): string | undefined {
  const { environment, sites } = workspace.environment;
  const kind = sites.find(({ name }) => name === onlySite(workspace).name)?.certificate;
  const before = kind?.from === "lets-encrypt" ? kind.renewBefore : WARN_BEFORE;
  if (renewalDue(certificate, before) > now) return undefined;
  const { to } = validity(certificate);
  const days = Math.floor((to.getTime() - now.getTime()) / 86_400_000);
  const ends = days < 0 ? `ended on ${day(to)}` : `ends on ${day(to)}, in ${days} days`;
  return `the certificate ${ends}: ${remedy(kind?.from, environment)}`;
}

function remedy(from: string | undefined, environment: string): string {
  if (from === "file") return `replace the file, then harborwright up ${environment}`;
  if (from === "acm" || from === "alicloud") return "look at it in the console of the cloud";
  return `harborwright renew ${environment}`;
}

/** Asked for what it shows, not for whether it is trusted here. */
function shownAt(workspace: Workspace): Promise<X509Certificate | undefined> {
  const { hostname, ports } = workspace.environment.registry;
  const host = entryUrl(workspace).address;
  return new Promise((resolve) => {
    const servername = isIP(hostname) === 0 ? { servername: hostname } : {};
    const socket = connect({ host, port: ports.https, ...servername, rejectUnauthorized: false, timeout: TIMEOUT });
    const end = (certificate?: X509Certificate) => {
      socket.destroy();
      resolve(certificate);
    };
    socket.once("secureConnect", () => end(socket.getPeerX509Certificate()));
    socket.once("timeout", () => end());
    socket.once("error", () => end());
  });
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
