import * as z from "zod";
import { randomAdminPassword } from "../secrets/harbor-seeds.js";
import { secretName } from "../secrets/names.js";
import type { SecretStore } from "../secrets/store.js";
import { Problem } from "../spec/problem.js";
import type { Secret } from "../spec/secret.js";
import { openSecrets } from "./secret-store.js";
import { type UpOptions, up } from "./up.js";
import { type RunningHarbor, withHarbor } from "./with-harbor.js";
import type { Workspace } from "./workspace.js";

/** Does work with a running Harbor, as {@link withHarbor} does. */
export type Reach = <T>(
  store: SecretStore,
  work: (harbor: Pick<RunningHarbor, "client" | "access">) => Promise<T>,
) => Promise<T>;

const names = secretName.harbor;
const self = z.object({ user_id: z.number() });

/**
 * Gives Harbor's admin a new password: made and kept first, then set through the API, then brought to the hosts, whose
 * files name it for a Harbor without one. No pull fails: clients have accounts and tokens of their own. A rotation that
 * was killed goes on when it is given again, and until then every command knows both passwords.
 * @param bring - brings the hosts to what the store says
 * @throws Problem `rotate/no-harbor`, `harbor/wrong-password`, and those of the way to Harbor
 */
export async function rotateHarborAdmin(
  workspace: Workspace,
  options: UpOptions,
  bring: typeof up = up,
  reach: Reach = (store, work) => withHarbor(workspace, store, work),
): Promise<void> {
  refuseWithoutHarbor(workspace);
  const store = await openSecrets(workspace);
  const coming = await begin(store);
  await reach(store, async ({ client, access }) => {
    // It has it already: the command that set it was killed before it could say so.
    if (access.password.reveal() === coming.reveal()) return;
    const id = (await client.get("/users/current", self))?.user_id;
    await client.put(`/users/${id}/password`, {
      old_password: access.password.reveal(),
      new_password: coming.reveal(),
    });
  });
  store.set(names.adminPassword, coming);
  await store.save();
  await bring(workspace, options);
}

/** The password that shall be: made now, or by a command that was killed. Kept before anybody is told. */
async function begin(store: SecretStore): Promise<Secret> {
  const begun = store.get(names.comingAdminPassword);
  if (begun !== undefined && begun.reveal() !== store.get(names.adminPassword)?.reveal()) return begun;
  const coming = randomAdminPassword();
  store.set(names.comingAdminPassword, coming);
  await store.save();
  return coming;
}

/** @throws Problem `rotate/no-harbor` */
export function refuseWithoutHarbor({ environment, file }: Workspace): void {
  if (environment.registry.engine === "harbor") return;
  throw new Problem({
    code: "rotate/no-harbor",
    says: `${file} has no Harbor (registry.engine is ${environment.registry.engine})`,
    instead: `harborwright rotate ${environment.environment} USER makes a new password for one of its users`,
    field: "registry.engine",
  });
}
