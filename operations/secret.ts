import { rotateUser, setSecret as setInStore } from "../secrets/passwords.js";
import { Problem } from "../spec/problem.js";
import type { Secret } from "../spec/secret.js";
import { openSecrets } from "./secret-store.js";
import type { Workspace } from "./workspace.js";

/** Keeps a secret that only the user can know. */
export async function setSecret(workspace: Workspace, name: string, secret: Secret): Promise<void> {
  const store = await openSecrets(workspace);
  await setInStore(store, name, secret);
  await store.save();
}

/**
 * Makes a new password for a user. The hosts learn it with the next `up`.
 * @throws Problem `secret/unknown-user`
 */
export async function rotate(workspace: Workspace, user: string): Promise<void> {
  const { authentication } = workspace.environment.registry;
  const users = authentication.kind === "htpasswd" ? authentication.users : [];
  if (!users.includes(user)) {
    throw new Problem({
      code: "secret/unknown-user",
      says: `there is no user ${JSON.stringify(user)} in ${workspace.file}`,
      instead: users.length === 0 ? "the environment has no users with passwords" : `users are ${users.join(", ")}`,
    });
  }
  const store = await openSecrets(workspace);
  await rotateUser(store, user);
  await store.save();
}
