import { X509Certificate } from "node:crypto";
import { renewCertificate, storedServer } from "../secrets/own-certificates.js";
import { openSecrets } from "./secret-store.js";
import { onlySite, type Workspace } from "./workspace.js";

/** A certificate that was made now. */
export interface RenewedCertificate {
  readonly serial: string;
  readonly notAfter: string;
}

/** Makes a new server certificate and keeps it; the hosts get it with the next roll-out. */
export async function renew(workspace: Workspace): Promise<RenewedCertificate> {
  const store = await openSecrets(workspace);
  const site = onlySite(workspace).name;
  await renewCertificate(workspace.environment, workspace.inventory, store, () => new Date(), site);
  await store.save();
  const made = storedServer(store, site);
  if (made === undefined) throw new RangeError("a renewed certificate is not in the store");
  const { serialNumber, validTo } = new X509Certificate(made.certificate);
  return { serial: serialNumber, notAfter: validTo };
}
