import { readFile } from "node:fs/promises";
import type { HarborNode } from "../harbor/agreement.js";
import { HarborClient } from "../harbor/client.js";
import type { HarborAccess } from "../harbor/exchange.js";
import { HarborError } from "../harbor/harbor-error.js";
import { secretName } from "../secrets/names.js";
import type { SecretStore } from "../secrets/store.js";
import { harborOf } from "../spec/harbor/software.js";
import { Problem } from "../spec/problem.js";
import type { Secret } from "../spec/secret.js";
import { reachableFromHere } from "./open-cluster.js";
import { openTunnels } from "./tunnel.js";
import { caFile, onlySite, type Workspace } from "./workspace.js";

/** Harbor's own administrator, whom it always has. */
export const ADMIN = "admin";

/** A running Harbor, reached through SSH. */
export interface RunningHarbor {
  readonly client: HarborClient;
  /** How its nodes are asked one by one. */
  readonly access: HarborAccess;
  /** Those that SSH reaches. */
  readonly nodes: readonly HarborNode[];
}

export interface HarborOptions {
  /** Names of nodes that are left out. @default - none */
  readonly without?: readonly string[];
  /** Milliseconds for which nodes are asked again when none answers. @default 30000 */
  readonly patience?: number;
}

/**
 * Does work with Harbor's API. Each node's own Harbor is asked, past the front: that works before clients are let in and
 * whatever limits they have, and shows each node as it is. The way there is SSH, for ports between nodes are closed to
 * everybody else.
 * @throws Problem `harbor/no-node`, `harbor/wrong-password`, `harbor/unreachable`, `harbor/refused`
 */
export async function withHarbor<T>(
  given: Workspace,
  store: SecretStore,
  work: (harbor: RunningHarbor) => Promise<T>,
  { without = [], patience }: HarborOptions = {},
): Promise<T> {
  const workspace = await reachableFromHere(given);
  const chosen = onlySite(workspace).nodes.filter(({ name }) => !without.includes(name));
  const tunnels = await openTunnels(workspace, chosen, workspace.environment.registry.ports.registry);
  try {
    const scheme = harborOf(workspace.environment).nginx.tls ? "https" : "http";
    const nodes = chosen
      .filter(({ name }) => tunnels.reached.has(name))
      .map(({ name }) => ({ name, url: `${scheme}://127.0.0.1:${tunnels.ports.get(name)}` }));
    if (nodes.length === 0) throw noNode(workspace);
    const way = {
      nodes: nodes.map(({ url }) => url),
      hostname: workspace.environment.registry.hostname,
      ...(scheme === "https" ? { ca: await authorities(workspace, store) } : {}),
      ...(patience === undefined ? {} : { patience }),
    };
    return await asAdmin(way, store, workspace.environment.environment, (client, access) =>
      work({ client, access, nodes }),
    );
  } finally {
    await tunnels.close();
  }
}

/** How nodes are reached, without who asks. */
export type Way = Omit<HarborAccess, "user" | "password">;

/**
 * Does work as Harbor's administrator, with the password that Harbor has: while one is changed it may be the next one
 * already.
 * @throws Problem `harbor/wrong-password`, `harbor/refused`, and those of the work
 */
export async function asAdmin<T>(
  way: Way,
  store: SecretStore,
  environment: string,
  work: (client: HarborClient, access: HarborAccess) => Promise<T>,
): Promise<T> {
  const access = { ...way, user: ADMIN, password: await validPassword(way, store, environment) };
  const client = new HarborClient(access);
  try {
    return await work(client, access);
  } catch (error) {
    throw inUsersWords(error, environment);
  } finally {
    client.close();
  }
}

/** Two are tried only while the password is being changed. */
async function validPassword(way: Way, store: SecretStore, environment: string): Promise<Secret> {
  const kept = store.get(secretName.harbor.adminPassword);
  if (kept === undefined) {
    throw new Problem({
      code: "harbor/no-password",
      says: "the password of Harbor's admin is not in the secret store",
      instead: `harborwright secret set ${environment} ${secretName.harbor.adminPassword}`,
    });
  }
  const coming = store.get(secretName.harbor.comingAdminPassword);
  if (coming === undefined || coming.reveal() === kept.reveal()) return kept;
  const client = new HarborClient({ ...way, user: ADMIN, password: coming });
  try {
    return (await client.accepts(ADMIN, coming)) ? coming : kept;
  } finally {
    client.close();
  }
}

function inUsersWords(error: unknown, environment: string): unknown {
  if (error instanceof HarborError) {
    return new Problem({
      code: "harbor/refused",
      says: `Harbor refuses ${error.request}: ${error.says}`,
      instead: `harborwright logs ${environment} shows what its core says of it`,
      log: [`${error.request} was answered with ${error.status}`],
    });
  }
  if (!(error instanceof Problem) || error.details.code !== "harbor/wrong-password") return error;
  return new Problem({
    ...error.details,
    says: `Harbor does not accept the password of ${ADMIN} that the secret store has: somebody has changed it, or its data base is down`,
    instead: `harborwright secret set ${environment} ${secretName.harbor.adminPassword} stores the one that it has now; harborwright status ${environment} shows how the nodes are`,
  });
}

/** Harbor's own nginx shows the site's certificate, which the environment's CA or another one has signed. */
async function authorities(workspace: Workspace, store: SecretStore): Promise<string> {
  const trusted = await readFile(caFile(workspace), "utf8").catch(() => "");
  return `${trusted}${store.get(secretName.caCertificate)?.reveal() ?? ""}`;
}

function noNode(workspace: Workspace): Problem {
  const { environment } = workspace.environment;
  return new Problem({
    code: "harbor/no-node",
    says: `no node of ${environment} can be reached by SSH, so Harbor cannot be asked`,
    instead: `harborwright status ${environment} shows why`,
  });
}
