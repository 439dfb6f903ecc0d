import { createHash } from "node:crypto";
import { join } from "node:path";
import { quoted } from "../hosts/quote.js";
import { ensureStorageKeyPair, storageKeyRecipient } from "../secrets/storage-key.js";
import { storedRotation, wantedGenerations } from "../secrets/storage-key-rotation.js";
import type { SecretStore } from "../secrets/store.js";
import type { Bootstrap, StackContext } from "../stacks/context.js";
import { ensureNodeKey } from "./node-key.js";
import { PROJECT } from "./project.js";
import type { Workspace } from "./workspace.js";

/**
 * What the stacks of an environment need besides its file. Keys that are missing are made in memory: call
 * `store.save()` before anything is deployed, or machines and access keys are made that nobody can use.
 */
export async function stackContext(workspace: Workspace, store: SecretStore): Promise<StackContext> {
  const { environment, stateFolder } = workspace;
  const sshPublicKey = await ensureNodeKey(workspace, store);
  return {
    sshPublicKey,
    stateFolder,
    ...(await storageKey(workspace, store)),
    ...(environment.infrastructure.bootstrap ? { bootstrap: bootstrap(workspace) } : {}),
  };
}

/** Only Alibaba Cloud gives keys for its bucket; on AWS the machines have a role. */
async function storageKey(
  { environment }: Workspace,
  store: SecretStore,
): Promise<Pick<StackContext, "storageKeyRecipient" | "storageKeyGenerations">> {
  const isNeeded = environment.sites.some(({ provider }) => provider === "alicloud");
  if (!isNeeded || environment.registry.storage.kind !== "managed") return {};
  await ensureStorageKeyPair(store, environment.environment, new Date());
  const recipient = storageKeyRecipient(store);
  return {
    ...(recipient === undefined ? {} : { storageKeyRecipient: recipient }),
    storageKeyGenerations: wantedGenerations(storedRotation(store)),
  };
}

/** No secret is in the command: it reads them from the store, as every command does. */
function bootstrap({ path, text }: Workspace): Bootstrap {
  const program = [process.execPath, join(PROJECT, "bin", "harborwright.mjs"), "up", path, "--from-deploy"];
  return {
    command: program.map(quoted).join(" "),
    folder: process.cwd(),
    digest: createHash("sha256").update(text).digest("hex"),
  };
}
