import type { Plan } from "../cluster/plan.js";
import {
  begun,
  ended,
  type KeyRotation,
  keepRotation,
  storedRotation,
  taken,
} from "../secrets/storage-key-rotation.js";
import { Problem } from "../spec/problem.js";
import { openSecrets } from "./secret-store.js";
import { type UpOptions, up } from "./up.js";
import { cloudSite, type Workspace } from "./workspace.js";

/**
 * Gives the hosts a new access key for the site's bucket: a second one is made, all hosts get it, then the first one is
 * deleted. No host is ever without a key that works; a rotation that was interrupted goes on when it is given again.
 * @param bring - brings machines and hosts to what file and store say
 * @throws Problem `rotate/no-storage-key` where the cloud has given no key
 */
export async function rotateStorageKey(workspace: Workspace, options: UpOptions, bring: typeof up = up): Promise<void> {
  refuseWithoutKey(workspace);
  await begin(workspace, options, bring);
  await advance(workspace, taken);
  await bring(workspace, options);
  await advance(workspace, ended);
}

/** Whether a rotation was interrupted: the bucket then has two access keys that are good, and hosts may differ in theirs. */
export async function isRotating(workspace: Workspace): Promise<boolean> {
  if (cloudSite(workspace)?.provider !== "alicloud") return false;
  const { coming, leaving } = storedRotation(await openSecrets(workspace));
  return coming !== undefined || leaving !== undefined;
}

/**
 * Has a second key made and given to all hosts. Who sees the plan and does not want it has begun nothing: a later `up`
 * shall not make a key that was refused.
 */
async function begin(workspace: Workspace, options: UpOptions, bring: typeof up): Promise<void> {
  const before = await advance(workspace, begun);
  let isAgreed = false;
  const agree = async (plan: Plan) => {
    await options.agree(plan);
    isAgreed = true;
  };
  try {
    await bring(workspace, { ...options, agree });
  } catch (error) {
    if (!isAgreed) await advance(workspace, () => before);
    throw error;
  }
}

/** Saved before the next step: after a kill the store tells where to go on. @returns how far it was before */
async function advance(workspace: Workspace, step: (rotation: KeyRotation) => KeyRotation): Promise<KeyRotation> {
  const store = await openSecrets(workspace);
  const before = storedRotation(store);
  keepRotation(store, step(before));
  await store.save();
  return before;
}

function refuseWithoutKey({ environment }: Workspace): void {
  const { storage } = environment.registry;
  const provider = environment.sites[0]?.provider;
  if (provider === "alicloud" && storage.kind === "managed") return;
  const instead =
    provider === "aws" && storage.kind === "managed"
      ? "nothing: the machines have a role whose keys AWS changes every few hours"
      : storage.kind === "managed"
        ? "nothing: the S3 server of this machine is reached by this machine alone"
        : `make a new key where the bucket is, then: harborwright secret set ${environment.environment} storage-access-key and storage-secret-key, and up; delete the old key after it`;
  throw new Problem({
    code: "rotate/no-storage-key",
    says: `harborwright has not made the access key of ${environment.environment}'s storage (${storage.kind} on ${provider})`,
    instead,
    field: "registry.storage",
  });
}
