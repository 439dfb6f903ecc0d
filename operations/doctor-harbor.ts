import { createHash, randomBytes } from "node:crypto";
import { access } from "node:fs/promises";
import { join } from "node:path";
import { closedGate } from "../hosts/gate.js";
import type { Host } from "../hosts/host.js";
import { HARBOR_PREPARED } from "../release/harbor-layout.js";
import type { SecretStore } from "../secrets/store.js";
import { harborOf } from "../spec/harbor/software.js";
import { Problem } from "../spec/problem.js";
import { type Finding, ok, problem, warning } from "./finding.js";
import { nodesAgree } from "./harbor-agreement.js";
import { readSchedules } from "./harbor-schedules.js";
import { itemName, SHARED_ITEMS, type SharedItem } from "./harbor-shared.js";
import { type HarborFolders, parseShared, type SharedValue, sharedScript } from "./harbor-shared-script.js";
import { withCluster } from "./open-cluster.js";
import { openSecrets } from "./secret-store.js";
import { withHarbor } from "./with-harbor.js";
import { cloudSite, type Workspace } from "./workspace.js";

const CHECK = "harbor";
/** Milliseconds that Harbor may be silent. */
const PATIENCE = 2_000;

/** Looks at a Harbor that runs: what its nodes must share, whether they agree, whether its schedules are alive. */
export async function harborFindings(workspace: Workspace): Promise<Finding[]> {
  const { environment } = workspace;
  if (environment.registry.engine !== "harbor") return [];
  if (!(await wasReached(workspace))) return [];
  const store = await openSecrets(workspace);
  const folders = foldersOf(harborOf(environment).dataVolume);
  return withCluster(
    workspace,
    async ({ hosts }) => {
      const shared = await sharedFindings(hosts, store, folders, environment.environment);
      const first = hosts.find(({ node }) => shared.running.has(node.name));
      return first === undefined ? shared.findings : [...shared.findings, ...(await lively(workspace, store, first))];
    },
    closedGate(),
  );
}

/** Before the first `up` there is nothing to look at. */
async function wasReached(workspace: Workspace): Promise<boolean> {
  if (cloudSite(workspace) !== undefined && workspace.outputs === undefined) return false;
  return access(join(workspace.stateFolder, "known_hosts")).then(
    () => true,
    () => false,
  );
}

function foldersOf(dataVolume: string): HarborFolders {
  return { config: `${HARBOR_PREPARED}/current/common/config`, secrets: `${dataVolume}/secret` };
}

type Door = Pick<Host, "node" | "read">;

/** What was found in the files of hosts, and which of them have a Harbor. */
export interface SharedFindings {
  readonly findings: Finding[];
  readonly running: ReadonlySet<string>;
}

/** Compares what the nodes must share, with the secret store where it is made there, and among each other. */
export async function sharedFindings(
  hosts: readonly Door[],
  store: Pick<SecretStore, "get">,
  folders: HarborFolders,
  environment: string,
): Promise<SharedFindings> {
  const nonce = randomBytes(16).toString("hex");
  const script = sharedScript(SHARED_ITEMS, folders, nonce);
  const read = await Promise.all(hosts.map((host) => readShared(host, script)));
  const silent = read.flatMap(({ finding }) => finding ?? []);
  const known = read.flatMap(({ node, values }) => (values === undefined ? [] : [{ node, values }]));
  const absent = read.filter(({ values, finding }) => values === undefined && finding === undefined);
  const running = new Set(known.map(({ node }) => node));
  if (known.length === 0) return { findings: silent, running };
  const seedOf = (item: SharedItem) => {
    const secret = item.seed === undefined ? undefined : store.get(item.seed);
    return secret && digestOf(nonce, secret.reveal());
  };
  const isRoot = (name: string) => hosts.some(({ node }) => node.name === name && node.ssh.user === "root");
  const differing = SHARED_ITEMS.flatMap((item, index) => {
    const values = known.map(({ node, values }) => ({ node, value: values[index] }));
    return oddNodes(values, seedOf(item)).map(({ node, value }) =>
      problem(CHECK, told(item, node, value, values), mend(environment, node, isRoot(node))),
    );
  });
  const missing = absent.map(({ node }) =>
    warning(CHECK, `${node} has no Harbor yet`, `harborwright up ${environment} brings it`),
  );
  const same = ok(
    CHECK,
    `${SHARED_ITEMS.length} things that nodes must share are the same on ${[...running].join(", ")}`,
  );
  return { findings: [...silent, ...missing, ...(differing.length === 0 ? [same] : differing)], running };
}

interface Read {
  readonly node: string;
  readonly values?: readonly SharedValue[] | undefined;
  readonly finding?: Finding;
}

async function readShared(host: Door, script: string): Promise<Read> {
  const node = host.node.name;
  try {
    return { node, values: parseShared(SHARED_ITEMS, await host.read(script)) };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { node, finding: warning(CHECK, `${node} cannot be asked: ${error.details.says}`, error.details.instead) };
  }
}

/** As the host makes it; a shell takes the lines that end a text away. */
function digestOf(nonce: string, text: string): string {
  return createHash("sha256")
    .update(`${nonce}${text.replace(/\n+$/, "")}`)
    .digest("hex");
}

interface NodeValue {
  readonly node: string;
  readonly value: SharedValue;
}

/** Those that differ from what is wanted; where nobody knows that, from what most have, and all where none has more. */
export function oddNodes(values: readonly NodeValue[], wanted: SharedValue): readonly NodeValue[] {
  if (wanted !== undefined) return values.filter(({ value }) => value !== wanted);
  const counts = new Map<SharedValue, number>();
  for (const { value } of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  if (counts.size < 2) return [];
  const most = Math.max(...counts.values());
  const usual = [...counts].filter(([, count]) => count === most).map(([value]) => value);
  return usual.length > 1 ? values : values.filter(({ value }) => value !== usual[0]);
}

function told(item: SharedItem, node: string, value: SharedValue, values: readonly NodeValue[]): string {
  const others = values.filter((other) => other.node !== node && other.value !== value);
  const shown = (one: SharedValue) => one ?? "not there";
  const differs = item.seed === undefined ? "differs from the other nodes" : "is not that of the secret store";
  const how = item.isSecret
    ? value === undefined
      ? "is not there"
      : differs
    : `is ${shown(value)}, elsewhere ${[...new Set(others.map((other) => shown(other.value)))].join(" or ")}`;
  return `${node}: ${itemName(item)} ${how}; ${item.breaks}`;
}

/** What is there is not taken for right any more, so that the next `up` makes all of it anew, on this node alone. */
function mend(environment: string, node: string, isRoot: boolean): string {
  return `harborwright ssh ${environment} ${node} ${isRoot ? "" : "sudo "}rm ${HARBOR_PREPARED}/current /var/lib/harborwright/registry.made, then harborwright up ${environment}: it makes Harbor's configuration of that node anew`;
}

/** What only a Harbor that answers can show. Nothing is written: no upload is tried. */
async function lively(workspace: Workspace, store: SecretStore, host: Host): Promise<Finding[]> {
  const { environment } = workspace.environment;
  try {
    return await withHarbor(
      workspace,
      store,
      async (running) => {
        const { settings } = harborOf(workspace.environment);
        const verdict = await nodesAgree(running, settings, environment, false);
        const agreement =
          verdict.problem === undefined
            ? ok("harbor-tokens", `${running.nodes.length} nodes accept each other's tokens`)
            : problem("harbor-tokens", verdict.problem.details.says, "the lines above name what differs");
        return [agreement, await schedules(running.client, host, environment)];
      },
      { patience: PATIENCE },
    );
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return [problem(CHECK, error.details.says, error.details.instead)];
  }
}

async function schedules(
  client: Parameters<typeof readSchedules>[0],
  host: Door,
  environment: string,
): Promise<Finding> {
  const check = "harbor-schedules";
  try {
    const { wanted, alive } = await readSchedules(client, host);
    if (alive >= wanted) return ok(check, `${wanted} schedules are carried out`);
    return problem(
      check,
      `${wanted - alive} of ${wanted} schedules are gone from Redis: what they begin is not begun any more`,
      `harborwright up ${environment} puts them back`,
    );
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return warning(
      check,
      `the job service of ${host.node.name} cannot be asked: ${error.details.says}`,
      error.details.instead,
    );
  }
}
