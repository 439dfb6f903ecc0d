import { readFile } from "node:fs/promises";
import { secretName } from "../secrets/names.js";
import { Problem } from "../spec/problem.js";
import { Secret } from "../spec/secret.js";
import { harborAccount } from "./harbor-account.js";
import { reachableFromHere } from "./open-cluster.js";
import { openSecrets } from "./secret-store.js";
import { openTunnels } from "./tunnel.js";
import { type Verification, verify } from "./verify.js";
import type { HarborTarget } from "./verify-harbor.js";
import { type Access, verifyTarget, type WayToNodes } from "./verify-target.js";
import { caFile, cloudSite, onlySite, type Workspace } from "./workspace.js";

/** A client certificate, for a registry that asks for one. */
export interface ClientCertificateFiles {
  readonly certificate: string;
  readonly key: string;
}

/** Tries an environment's registry from this machine: push, pull, delete, through the entry and through each node. */
export async function verifyWorkspace(given: Workspace, client?: ClientCertificateFiles): Promise<Verification> {
  const workspace = await reachableFromHere(given);
  const known = await access(workspace, client);
  if (workspace.environment.registry.engine !== "harbor") return verifyAny(workspace, known);
  const { verifyHarbor } = await import("./verify-harbor.js");
  return verifyHarbor(workspace, await openSecrets(workspace), (more) => verifyAny(workspace, known, more));
}

/** @param more - what only the registry itself can tell. @default - nothing */
async function verifyAny(workspace: Workspace, known: Access, more: HarborTarget = {}): Promise<Verification> {
  const now = new Date();
  const target = (way?: WayToNodes) => ({
    ...verifyTarget(workspace.environment, onlySite(workspace), known, now, way),
    ...more,
  });
  if (cloudSite(workspace) === undefined) return verify(target());
  return throughTunnels(workspace, `${known.ca ?? ""}${await ownAuthority(workspace)}`, (way) => verify(target(way)));
}

/** Nodes of a cloud have no door to the outside but SSH. */
async function throughTunnels<T>(workspace: Workspace, ca: string, work: (way: WayToNodes) => Promise<T>): Promise<T> {
  const { ports } = workspace.environment.registry;
  const tunnels = await openTunnels(workspace, onlySite(workspace).nodes, ports.https);
  try {
    return await work({ ports: tunnels.ports, ca });
  } finally {
    await tunnels.close();
  }
}

/** The environment's own CA, which signs for the nodes wherever no other certificate is brought. */
async function ownAuthority(workspace: Workspace): Promise<string> {
  return (await openSecrets(workspace)).get(secretName.caCertificate)?.reveal() ?? "";
}

async function access(workspace: Workspace, client?: ClientCertificateFiles): Promise<Access> {
  const ca = await readFile(caFile(workspace), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") throw notUp(workspace);
    throw error;
  });
  const credentials = await account(workspace);
  return {
    ca,
    ...(credentials === undefined ? {} : { credentials }),
    ...(client === undefined ? {} : { clientCertificate: await clientCertificate(client) }),
  };
}

/** One that may push and pull. @default - nobody is asked for a password, or only another server knows it */
async function account(workspace: Workspace): Promise<Access["credentials"]> {
  const { authentication, engine } = workspace.environment.registry;
  if (engine === "harbor") return harborAccount(workspace.environment, await openSecrets(workspace));
  const [username] = authentication.kind === "htpasswd" ? authentication.users : [];
  if (username === undefined) return undefined;
  const password = (await openSecrets(workspace)).get(secretName.user(username));
  return password && { username, password };
}

async function clientCertificate({ certificate, key }: ClientCertificateFiles) {
  return { certificate: await readFile(certificate, "utf8"), key: new Secret(await readFile(key, "utf8")) };
}

function notUp(workspace: Workspace): Problem {
  const { environment } = workspace.environment;
  return new Problem({
    code: "verify/not-up",
    says: `${environment} has not been brought up from here: its CA's certificate is not in ${workspace.stateFolder}`,
    instead: `run \`harborwright up ${environment}\` first; where it is up already, that changes nothing on the hosts`,
  });
}
