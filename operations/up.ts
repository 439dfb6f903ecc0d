import { applyReleases } from "../cluster/apply.js";
import type { Plan } from "../cluster/plan.js";
import type { OnProgress } from "../cluster/progress.js";
import type { LabCredentials } from "../lab/services.js";
import { secretName } from "../secrets/names.js";
import type { SecretStore } from "../secrets/store.js";
import { provideEngine } from "../supply/engine.js";
import { NEEDS, provide } from "../supply/machine.js";
import type { Progress } from "../supply/progress.js";
import { keepAuthorities } from "./authorities.js";
import type { Patience } from "./await-host.js";
import { dataServicesWork } from "./data-services.js";
import { tellHarbor } from "./harbor-after.js";
import { labOf } from "./lab.js";
import { operator, withCluster } from "./open-cluster.js";
import { planOf } from "./plan.js";
import { prepare } from "./releases.js";
import { probes } from "./storage-probe.js";
import { cloudSite, isLocal, makeStateFolder, onlySite, type Workspace } from "./workspace.js";

export interface UpOptions {
  /** What was typed, for the audit log. */
  readonly command: string;
  /** Nodes to leave out because they cannot be reached. */
  readonly without: readonly string[];
  /** Stop after the plan. */
  readonly dryRun: boolean;
  /** Shows the plan and throws when it is not wanted. Not asked when there is nothing to change. */
  readonly agree: (plan: Plan) => Promise<void>;
  /** Nodes whose machines are remade, in a cloud. @default - none */
  readonly replace?: readonly string[];
  /** A deployment calls, at its end: only the hosts' half is done, and nobody is asked. @default false */
  readonly fromDeploy?: boolean;
  /** How long a machine of a cloud may take until it answers. @default - ten minutes */
  readonly patience?: Patience;
  readonly progress: Progress;
  readonly onProgress: OnProgress;
}

/** Makes hosts as the environment says: on this machine or in a cloud the hosts themselves, then what runs on them. */
export async function up(workspace: Workspace, options: UpOptions): Promise<void> {
  await makeStateFolder(workspace);
  await provide([NEEDS.ssh], options.progress);
  if (cloudSite(workspace) !== undefined) {
    const { upCloud, upFromDeploy } = await import("./up-cloud.js");
    return options.fromDeploy === true ? upFromDeploy(workspace, options) : upCloud(workspace, options);
  }
  const planned = await prepare(workspace, options.progress, { forHosts: false });
  await options.agree(await planOf(workspace, planned));
  if (options.dryRun) return;
  const isComplete = planned.asks.length === 0;
  const prepared = isComplete ? planned : await prepare(workspace, options.progress, { store: planned.store });

  // Before any host sees a secret it is safe on the disk: a killed `up` must find the same ones again.
  await prepared.store.save();
  await keepAuthorities(workspace, prepared.ca);
  if (isLocal(workspace)) await makeLocalHosts(workspace, prepared.store, options.progress);
  const work = { operator: operator(options.command), onProgress: options.onProgress };
  const data = dataServicesWork(workspace, prepared.store, work);
  await withCluster(workspace, async (cluster) =>
    applyReleases(cluster, {
      releases: prepared.releases,
      software: prepared.supply,
      without: options.without,
      ...work,
      ...data,
      probes: [...(await probes(workspace, prepared.store)), ...data.probes],
      after: tellHarbor(workspace, prepared.store, options),
    }),
  );
}

async function makeLocalHosts(workspace: Workspace, store: SecretStore, progress: Progress): Promise<void> {
  await provideEngine(progress);
  await labOf(workspace).up(labCredentials(workspace, store), progress);
}

/** Keys of a storage that the file names are that storage's: they are not shown to the lab. */
function labCredentials(workspace: Workspace, store: SecretStore): LabCredentials | undefined {
  if (onlySite(workspace).storage === undefined) return undefined;
  const accessKey = store.get(secretName.storageAccessKey);
  const secretKey = store.get(secretName.storageSecretKey);
  if (accessKey === undefined || secretKey === undefined) throw new RangeError("managed storage was given no keys");
  return { accessKey, secretKey };
}
