import { X509Certificate } from "node:crypto";
import { caName } from "../certificates/acme-directory.js";
import { acmeRecord, type Issued, type Reason, reasonToAsk } from "../secrets/acme-record.js";
import { readAuthorities } from "../secrets/release-secrets.js";
import { isValidAt } from "../secrets/server-certificate.js";
import type { SecretStore } from "../secrets/store.js";
import { validity } from "../secrets/x509.js";
import type { LetsEncrypt } from "../spec/certificate.js";
import type { Environment } from "../spec/environment.js";
import { Problem } from "../spec/problem.js";
import type { Progress } from "../supply/progress.js";
import { readBeside } from "./beside.js";
import type { Workspace } from "./workspace.js";

/** A site whose certificate is asked of a CA. */
export interface AskingSite {
  readonly name: string;
  /** Its place in the file: sites[0].certificate */
  readonly field: string;
  readonly wanted: LetsEncrypt;
}

/** A certificate that has to be asked for now. */
interface DueCertificate {
  readonly site: AskingSite;
  readonly reason: Reason;
  readonly issued: Issued | undefined;
}

/** The sites whose certificates are asked of a CA. */
export function askingSites({ sites }: Environment): AskingSite[] {
  return sites.flatMap(({ name, certificate }, index) =>
    certificate.from === "lets-encrypt" ? [{ name, field: `sites[${index}].certificate`, wanted: certificate }] : [],
  );
}

/** What will be asked of a CA, in words; nothing is asked. */
export function certificatesToAsk({ environment }: Workspace, store: SecretStore, now: Date): string[] {
  const { hostname } = environment.registry;
  return dueCertificates(environment, store, now).map(
    ({ site: { wanted }, reason, issued }) =>
      `ask ${caName(wanted)} for a certificate for ${hostname}${because(reason, issued)}`,
  );
}

/**
 * Asks for every certificate that is missing or ends soon, and saves it. One that ends soon but is valid still is no
 * reason to stop what else is to be done.
 * @throws Problem `certificate/…`, `dns/…`
 */
export async function ensureCertificate(workspace: Workspace, store: SecretStore, progress: Progress): Promise<void> {
  for (const { site, reason, issued } of dueCertificates(workspace.environment, store, new Date())) {
    try {
      await askForCertificate(workspace, store, site, progress);
    } catch (error) {
      if (!(error instanceof Problem) || issued === undefined || reason !== "ends") throw error;
      const certificate = new X509Certificate(issued.chain);
      if (!isValidAt(certificate, new Date())) throw error;
      progress.note(`the certificate could not be renewed: ${error.details.says}`);
      progress.note(
        `going on with the one that is valid until ${day(validity(certificate).to)}: ${error.details.instead}`,
      );
    }
  }
}

/** Asks for a site's certificate, whatever the age of the present one, and saves it. */
export async function askForCertificate(
  workspace: Workspace,
  store: SecretStore,
  { name, field, wanted }: AskingSite,
  progress: Progress,
): Promise<Issued> {
  // Loaded when it is needed only: `plan` has one second in all.
  const { obtainCertificate } = await import("../certificates/obtain.js");
  const { openZoneWith } = await import("../certificates/open-zone.js");
  const { environment, registry } = workspace.environment;
  const read = (path: string) => readBeside(workspace, path);
  const ca = wanted.ca === undefined ? undefined : await readAuthorities(read, wanted.ca, `${field}.ca`);
  return progress.during(
    `ask ${caName(wanted)} for a certificate for ${registry.hostname}`,
    () =>
      obtainCertificate(
        { site: name, hostname: registry.hostname, wanted, ca },
        { store, openZone: openZoneWith(store, environment), note: progress.note, clock: () => new Date() },
      ),
    "1 min",
  );
}

function dueCertificates(environment: Environment, store: SecretStore, now: Date): DueCertificate[] {
  return askingSites(environment).flatMap((site) => {
    const { issued } = acmeRecord(store, site.name);
    const reason = reasonToAsk(issued, site.wanted, environment.registry.hostname, now);
    return reason === undefined ? [] : [{ site, reason, issued }];
  });
}

function because(reason: Reason, issued: Issued | undefined): string {
  if (issued === undefined || reason === "none") return "";
  if (reason === "directory") return `: the present one is from ${caName(issued)}`;
  if (reason === "ends") return `: the present one ends at ${day(validity(new X509Certificate(issued.chain)).to)}`;
  return reason === "name" ? ": the present one is for another name" : ": the present one does not fit its key";
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
