import type { Plan } from "../cluster/plan.js";
import { withLock } from "../cluster/with-lock.js";
import { carriesDataServices } from "../secrets/data-secrets.js";
import {
  beginDatabaseRotation,
  endDatabaseRotation,
  storedDatabaseRotation,
  takeDatabasePassword,
} from "../secrets/database-rotation.js";
import { secretName } from "../secrets/names.js";
import type { SecretStore } from "../secrets/store.js";
import { harborOf } from "../spec/harbor/software.js";
import { Problem } from "../spec/problem.js";
import { removeOwnSecondLogin } from "./data-services.js";
import { operator, withCluster } from "./open-cluster.js";
import { refuseWithoutHarbor } from "./rotate-harbor-admin.js";
import { openSecrets } from "./secret-store.js";
import { type UpOptions, up } from "./up.js";
import { openWorkspace, type Workspace } from "./workspace.js";

/** What a rotation does on the hosts. */
export interface DatabaseHosts {
  /** Brings machines and hosts to what file and store say. */
  readonly bring: typeof up;
  /** Takes the second login away. */
  readonly forget: (workspace: Workspace, options: UpOptions) => Promise<void>;
}

/**
 * Gives Harbor's role at the data base on the nodes a new password. PostgreSQL knows one password a role, so nodes go
 * over to a second login one by one, the role gets its new password while none of them needs it, they come back, and the
 * second login goes. Each node always has one that works; a rotation that was interrupted goes on when it is given again,
 * and an `up` in between undoes nothing.
 * @throws Problem `rotate/no-harbor`, `rotate/database-elsewhere`, `rotate/database-not-made`
 */
export async function rotateDatabasePassword(
  workspace: Workspace,
  options: UpOptions,
  { bring, forget }: DatabaseHosts = { bring: up, forget: forgetSecondLogin },
): Promise<void> {
  refuseWithoutHarbor(workspace);
  refuseElsewhere(workspace);
  const isAgreed = await goOver(workspace, options, bring);
  await bring(workspace, isAgreed ? { ...options, agree: async () => {} } : options);
  await forget(workspace, options);
  await advance(workspace, endDatabaseRotation);
}

/** Whether a rotation was interrupted: PostgreSQL then has a second login for Harbor. */
export async function isRotatingDatabasePassword(workspace: Workspace): Promise<boolean> {
  if (!carriesDataServices(workspace.environment)) return false;
  return storedDatabaseRotation(await openSecrets(workspace)).phase !== "none";
}

/**
 * Has all nodes log in by the second name, unless that is done. Who sees the plan and does not want it has begun nothing:
 * a later `up` shall not do what was refused.
 * @returns whether the plan was agreed to; the way back belongs to it
 */
async function goOver(workspace: Workspace, options: UpOptions, bring: typeof up): Promise<boolean> {
  const store = await openSecrets(workspace);
  if (store.get(secretName.harbor.databasePassword) === undefined) throw notMade(workspace);
  const { phase } = storedDatabaseRotation(store);
  if (phase === "returning") return false;
  await advance(workspace, beginDatabaseRotation);
  let isAgreed = false;
  const agree = async (plan: Plan) => {
    await options.agree(plan);
    isAgreed = true;
  };
  try {
    await bring(workspace, { ...options, agree });
  } catch (error) {
    if (!isAgreed && phase === "none") await advance(workspace, endDatabaseRotation);
    throw error;
  }
  await advance(workspace, takeDatabasePassword);
  return isAgreed;
}

/** Saved before the next step: after a kill the store tells where to go on. */
async function advance(workspace: Workspace, step: (store: SecretStore) => void): Promise<void> {
  const store = await openSecrets(workspace);
  step(store);
  await store.save();
}

/** Read again: a cloud may have made a machine anew meanwhile. */
async function forgetSecondLogin({ path }: Workspace, { command, onProgress }: UpOptions): Promise<void> {
  const workspace = await openWorkspace(path);
  const store = await openSecrets(workspace);
  const work = { operator: operator(command), onProgress };
  await withCluster(workspace, (cluster) =>
    withLock(cluster, { ...work, without: [] }, ({ hosts }) => removeOwnSecondLogin(workspace, store, hosts, work)),
  );
}

function refuseElsewhere({ environment }: Workspace): void {
  const { database } = harborOf(environment);
  if (database.kind === "own") return;
  const name = environment.environment;
  const keep = `harborwright secret set ${name} harbor/database-password`;
  const [says, instead] =
    database.kind === "given"
      ? [
          `Harbor's data base is at ${database.host}, whose roles harborwright does not make`,
          `there, make a second role that is a member of ${database.user} and begins as it (ALTER ROLE … SET role); name it in harbor.database.user, ${keep}, harborwright up ${name}; then the first role can get another password or go`,
        ]
      : [
          "Harbor's data base is a service of the cloud, at which its role has one password at a time",
          `in a quiet hour: ${keep} (letters, digits, "_" and "-"), then harborwright up ${name}; until a node is rolled it opens no new connection, and pulls from it may fail`,
        ];
  throw new Problem({ code: "rotate/database-elsewhere", says, instead, field: "harbor.database.kind" });
}

function notMade({ environment }: Workspace): Problem {
  return new Problem({
    code: "rotate/database-not-made",
    says: `the data base of ${environment.environment} is not made yet`,
    instead: `harborwright up ${environment.environment} makes it, with a password of its own`,
  });
}
