import { chmod, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { $ } from "zx/core";
import { secretName } from "../secrets/names.js";
import type { SecretStore } from "../secrets/store.js";
import { Secret } from "../spec/secret.js";
import { makeStateFolder, type Workspace } from "./workspace.js";

/**
 * The key pair with which operators log in on machines of a cloud: made once, and kept in the secret store, so that
 * everybody who can read the store can work on the machines. Nothing is written: call `store.save()` before a machine
 * is made with it, and {@link keepNodeKey} before SSH needs it.
 * @returns the public half, as OpenSSH writes it
 */
export async function ensureNodeKey({ environment }: Workspace, store: SecretStore): Promise<string> {
  const present = store.get(secretName.nodeKeyPublic);
  if (present !== undefined && store.get(secretName.nodeKey) !== undefined) return present.reveal();
  const pair = await makeKeyPair(`harborwright ${environment.environment}`);
  store.set(secretName.nodeKey, pair.privateKey);
  store.set(secretName.nodeKeyPublic, new Secret(pair.publicKey));
  return pair.publicKey;
}

/**
 * Writes the private half where SSH looks for it, readable by its owner only, unless it is there.
 * @returns whether there is a key at all
 */
export async function keepNodeKey(workspace: Workspace, store: SecretStore): Promise<boolean> {
  const key = store.get(secretName.nodeKey)?.reveal();
  if (key === undefined) return false;
  const { identityFile } = workspace;
  if ((await readFile(identityFile, "utf8").catch(() => undefined)) === key) {
    await chmod(identityFile, 0o600);
    return true;
  }
  await makeStateFolder(workspace);
  const partial = `${identityFile}.${process.pid}.partial`;
  await writeFile(partial, key, { mode: 0o600 });
  await rename(partial, identityFile);
  return true;
}

async function makeKeyPair(comment: string): Promise<{ readonly privateKey: Secret; readonly publicKey: string }> {
  const folder = await mkdtemp(join(tmpdir(), "harborwright-key-"));
  try {
    const file = join(folder, "key");
    await $({ quiet: true })`ssh-keygen -q -t ed25519 -N ${""} -C ${comment} -f ${file}`;
    const [privateKey, publicKey] = await Promise.all([readFile(file, "utf8"), readFile(`${file}.pub`, "utf8")]);
    return { privateKey: new Secret(privateKey), publicKey: publicKey.trim() };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
