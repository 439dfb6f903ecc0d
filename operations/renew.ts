import { X509Certificate } from "node:crypto";
import { access, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { acmeRecord, reasonToAsk, renewalDue } from "../secrets/acme-record.js";
import { dataRenewalDue } from "../secrets/data-secrets.js";
import { ownRenewalDue, renewCertificate, storedServer } from "../secrets/own-certificates.js";
import type { SecretStore } from "../secrets/store.js";
import type { Progress } from "../supply/progress.js";
import { askForCertificate, askingSites } from "./certificates.js";
import { openSecrets } from "./secret-store.js";
import { makeStateFolder, onlySite, type Workspace } from "./workspace.js";

export interface RenewOptions {
  /** Make one only when the present one ends soon. @default false */
  readonly ifDue?: boolean;
  readonly progress: Progress;
}

/** A site's certificate after `renew`. */
export interface Renewal {
  /** Whether it was made now. */
  readonly made: boolean;
  /** Whether hosts may still have the one before: it was made now, or an earlier roll-out did not come to its end. */
  readonly toRollOut: boolean;
  readonly serial: string;
  readonly notAfter: string;
  /** When it is to be replaced. */
  readonly due: Date;
}

/**
 * Makes a new server certificate, or asks the CA for one, and keeps it; the hosts get it with the next roll-out. Call
 * {@link rolledOut} when they have it.
 * @throws Problem `certificate/not-ours` when it comes from a file; `certificate/…`, `dns/…` when a CA gives none
 */
export async function renew(workspace: Workspace, options: RenewOptions): Promise<Renewal> {
  const store = await openSecrets(workspace);
  const now = new Date();
  const made = options.ifDue !== true || isDue(workspace, store, now);
  if (made) {
    // Before it is made: a roll-out that fails, or never begins, is made up for by the next run.
    await makeStateFolder(workspace);
    await writeFile(waiting(workspace), "");
    await make(workspace, store, options.progress);
  }
  const toRollOut = made || isDataDue(workspace, store, now) || (await isWaiting(workspace));
  const { chain, due } = present(workspace, store);
  const { serialNumber, validTo } = new X509Certificate(chain);
  return { made, toRollOut, serial: serialNumber, notAfter: validTo, due };
}

/** Every host has the certificate. */
export async function rolledOut(workspace: Workspace): Promise<void> {
  await rm(waiting(workspace), { force: true });
}

async function make(workspace: Workspace, store: SecretStore, progress: Progress): Promise<void> {
  const [asking] = askingSites(workspace.environment);
  if (asking !== undefined) {
    await askForCertificate(workspace, store, asking, progress);
    return;
  }
  const site = onlySite(workspace).name;
  await renewCertificate(workspace.environment, workspace.inventory, store, () => new Date(), site);
  await store.save();
}

function isDue(workspace: Workspace, store: SecretStore, now: Date): boolean {
  const { environment } = workspace;
  const [asking] = askingSites(environment);
  if (asking !== undefined) {
    const { issued } = acmeRecord(store, asking.name);
    return reasonToAsk(issued, asking.wanted, environment.registry.hostname, now) !== undefined;
  }
  const due = ownRenewalDue(store, onlySite(workspace).name);
  return due === undefined || due <= now;
}

/** Certificates of data base and Redis on the nodes are made by each roll-out that finds them due. */
function isDataDue({ environment, inventory }: Workspace, store: SecretStore, now: Date): boolean {
  const due = dataRenewalDue(environment, inventory, store);
  return due !== undefined && due <= now;
}

function present(workspace: Workspace, store: SecretStore): { readonly chain: string; readonly due: Date } {
  const [asking] = askingSites(workspace.environment);
  const issued = asking === undefined ? undefined : acmeRecord(store, asking.name).issued;
  if (asking !== undefined && issued !== undefined) {
    return { chain: issued.chain, due: renewalDue(new X509Certificate(issued.chain), asking.wanted.renewBefore) };
  }
  const site = onlySite(workspace).name;
  const [own, due] = [storedServer(store, site), ownRenewalDue(store, site)];
  if (own === undefined || due === undefined) throw new RangeError("a renewed certificate is not in the store");
  return { chain: own.certificate, due };
}

/** Lies in the state folder as long as a renewed certificate may not be on all hosts. */
function waiting(workspace: Workspace): string {
  return join(workspace.stateFolder, "certificate-to-roll-out");
}

async function isWaiting(workspace: Workspace): Promise<boolean> {
  return access(waiting(workspace)).then(
    () => true,
    () => false,
  );
}
