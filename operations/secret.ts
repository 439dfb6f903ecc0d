import { carriesDataServices } from "../secrets/data-secrets.js";
import { secretName } from "../secrets/names.js";
import { rotateUser, setSecret as setInStore } from "../secrets/passwords.js";
import { Problem } from "../spec/problem.js";
import type { Secret } from "../spec/secret.js";
import { openSecrets } from "./secret-store.js";
import type { Workspace } from "./workspace.js";

/**
 * Keeps a secret that only the user can know.
 * @throws Problem `secret/rotate-instead` for a password that programs on the hosts use at that moment
 */
export async function setSecret(workspace: Workspace, name: string, secret: Secret): Promise<void> {
  if (name === secretName.harbor.databasePassword) refuseOwnDatabase(workspace);
  const store = await openSecrets(workspace);
  await setInStore(store, name, secret);
  await store.save();
}

/** PostgreSQL would have it before the nodes do, which could open no connection meanwhile. */
function refuseOwnDatabase({ environment }: Workspace): void {
  if (!carriesDataServices(environment)) return;
  throw new Problem({
    code: "secret/rotate-instead",
    says: "Harbor's data base is on the nodes, and its password is made by harborwright",
    instead: `harborwright rotate ${environment.environment} database-password gives it another one, and no pull fails`,
    field: "harbor.database.kind",
  });
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
