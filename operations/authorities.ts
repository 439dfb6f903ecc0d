import { readFile, writeFile } from "node:fs/promises";
import { rootCertificates } from "node:tls";
import { caFile, type Workspace } from "./workspace.js";

/**
 * Writes the file that makes the registry's certificate trusted. Where that is of a public CA, it holds all public ones,
 * so that whoever is given the file need not know the difference.
 * @param ca - PEM of the CA that clients must trust, empty for a public one
 */
export async function keepAuthorities(workspace: Workspace, ca: string): Promise<void> {
  await writeFile(caFile(workspace), ca === "" ? `${rootCertificates.join("\n")}\n` : ca);
}

/** Whether clients need no CA file, because every system trusts who has signed the certificate. */
export async function trustsPublic(workspace: Workspace): Promise<boolean> {
  const [first = ""] = rootCertificates;
  const text = await readFile(caFile(workspace), "utf8").catch(() => "");
  return text.startsWith(first);
}
