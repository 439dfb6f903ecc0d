import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Environment } from "../spec/environment.js";
import { Problem } from "../spec/problem.js";
import { answeringEngine } from "../supply/engine.js";
import { withLock } from "../supply/lock.js";
import type { Progress } from "../supply/progress.js";
import { admit, pin, provideKeyPair } from "./access.js";
import { cgroupFlags, existingContainers, raise } from "./container.js";
import { docker } from "./docker.js";
import { type Faults, faultsOf } from "./faults.js";
import { provideHostImage } from "./host-image.js";
import { ofLab } from "./labels.js";
import { hostsOf, type LabLayout, type PlannedHost, planLab } from "./layout.js";
import { provideWatchers } from "./machine-limits.js";
import { provideNetwork, removeNetwork } from "./network.js";
import { untilReady } from "./readiness.js";
import { type LabCredentials, provideServices } from "./services.js";
import { type LabHost, labStatus } from "./status.js";

/** The hosts on this machine that stand in for a cloud: nodes, and one host for the services that a cloud manages. */
export interface Lab extends Faults {
  /**
   * Makes what is missing and starts what does not run, until every host answers over SSH. Can be killed and run
   * again at any moment. Hosts that hang or are cut off are healed; a full disk stays full.
   * @param credentials - keys of the S3 that comes with the lab. undefined: the environment stores elsewhere
   * @throws Problem `lab/…`, `engine/…`
   */
  up(credentials: LabCredentials | undefined, progress: Progress): Promise<void>;
  /** Removes the hosts and their network; their disks, with all images, only when that is asked for. */
  down(options: { readonly deleteData: boolean }, progress: Progress): Promise<void>;
  /** How every host is, nodes first. */
  status(): Promise<LabHost[]>;
}

/**
 * The lab of an environment. Nothing is made before `up`.
 * @param stateFolder - where the lab's SSH key and the keys of its hosts are kept
 * @throws Problem `lab/no-local-site`
 */
export function openLab(environment: Environment, stateFolder: string): Lab {
  const layout = planLab(environment);
  const state = resolve(stateFolder);
  return {
    ...faultsOf(layout),
    up: (credentials, progress) => up(layout, state, credentials, progress),
    down: (options, progress) => down(layout, state, options, progress),
    status: () => labStatus(layout),
  };
}

async function up(
  layout: LabLayout,
  state: string,
  credentials: LabCredentials | undefined,
  progress: Progress,
): Promise<void> {
  const image = await provideHostImage(progress);
  const { publicKey } = await provideKeyPair(state);
  const what = `start the hosts of ${layout.environment}`;
  await alone(state, what, progress, async () => {
    await provideNetwork(layout, state);
    await removeSurplus(layout, progress);
    await provideWatchers(layout, progress);
    await progress.during(what, () => startHosts(layout, image, publicKey, state, credentials), "5 s");
  });
}

async function down(
  layout: LabLayout,
  state: string,
  options: { readonly deleteData: boolean },
  progress: Progress,
): Promise<void> {
  const what = `remove the hosts of ${layout.environment}`;
  const remove = async () => {
    const containers = await existingContainers(layout.environment);
    await Promise.all(containers.map(({ id }) => docker(["rm", "--force", id])));
    await removeNetwork(layout);
    if (options.deleteData) await removeDisks(layout);
  };
  await alone(state, what, progress, () => progress.during(what, remove));
}

/** One command at a time makes or removes hosts. */
async function alone(state: string, what: string, progress: Progress, work: () => Promise<void>): Promise<void> {
  await mkdir(state, { recursive: true, mode: 0o700 });
  await withLock(join(state, "lab.lock"), what, progress, work);
}

async function startHosts(
  layout: LabLayout,
  image: string,
  publicKey: string,
  state: string,
  credentials: LabCredentials | undefined,
): Promise<void> {
  const existing = await existingContainers(layout.environment);
  const cgroups = await cgroupFlags(await runningEngine());
  const keys = await Promise.all(
    hostsOf(layout).map(async (host): Promise<[PlannedHost, string]> => {
      const before = existing.find(({ host: name }) => name === host.name);
      await raise(layout, host, before, { image, cgroups });
      const key = await admit(host, publicKey);
      if (host === layout.services) await provideServices(layout, credentials);
      await untilReady(layout, host);
      return [host, key];
    }),
  );
  pin(layout, state, new Map(keys));
}

/** Nodes that the file has no more. Their data is nobody's: several nodes keep nothing of their own. */
async function removeSurplus(layout: LabLayout, progress: Progress): Promise<void> {
  const wanted = new Set(hostsOf(layout).map((host) => host.name));
  for (const { host, id } of await existingContainers(layout.environment)) {
    if (wanted.has(host)) continue;
    progress.note(`remove ${host}: the file has ${layout.nodes.length} nodes`);
    await docker(["rm", "--force", id]);
  }
}

async function removeDisks(layout: LabLayout): Promise<void> {
  const volumes = (await docker(["volume", "ls", "--quiet", ...ofLab(layout.environment)])).split("\n");
  const named = volumes.filter((volume) => volume !== "");
  if (named.length > 0) await docker(["volume", "rm", "--force", ...named]);
}

async function runningEngine() {
  const engine = await answeringEngine();
  if (engine instanceof Problem) throw engine;
  return engine;
}
