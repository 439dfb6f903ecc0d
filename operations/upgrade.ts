import type { Plan } from "../cluster/plan.js";
import { withLock } from "../cluster/with-lock.js";
import { type DatabaseState, databaseState } from "../recovery/dump.js";
import { stopHarbor } from "../recovery/stop-harbor.js";
import { type NewRelease, upgradeTo } from "../spec/edit.js";
import type { EngineVersion } from "../spec/engine.js";
import { Problem } from "../spec/problem.js";
import { assertUpgrade, harborOfSchema, versionNamed } from "../spec/upgrade.js";
import { backup } from "./backup.js";
import { editAndUp } from "./edit-file.js";
import { harborDatabase } from "./harbor-database.js";
import { operator, withCluster } from "./open-cluster.js";
import type { UpOptions } from "./up.js";
import type { Workspace } from "./workspace.js";

export interface UpgradeOptions extends Omit<UpOptions, "agree"> {
  /** The version, as a user names it: 2.15 or 2.15.2. */
  readonly to: string;
  /** Where Harbor's release comes from then. @default - as the file says */
  readonly release?: NewRelease;
  /** Version of this program. */
  readonly program: string;
  /** Folder for the backup. @default - the environment's own */
  readonly backupTo?: string;
  /** Shows both plans and throws when they are not wanted. */
  readonly agree: (plan: Plan, upgrade: UpgradePlan) => Promise<void>;
  /** Told the backup that was made, before anything stops. */
  readonly onBackup: (file: string) => void;
}

/** What an upgrade does besides what every `up` does. */
export interface UpgradePlan {
  readonly from: string;
  readonly to: EngineVersion;
  /**
   * Whether the schema of the data base changes. Then there is a backup, and all nodes stop before the migration. What
   * Harbor's migrations from 2.13 to 2.15 do is mostly to add columns, but 2.14 changes the types of two tables below
   * running statements (0170_2.14.0_schema.up.sql), nobody upstream promises that an older core works on a newer
   * schema, one that is started again there does not come up at all, and both would take jobs from one queue.
   */
  readonly migrates: boolean;
}

/**
 * Brings an environment to another version: the file first, then a backup, then the hosts. An upgrade that was killed
 * goes on when it is given again: what is left to do is found out from the file, the data base and the hosts.
 * @throws Problem `upgrade/…`, `edit/no-release`, `backup/…`; whatever `up` throws
 */
export async function upgrade(workspace: Workspace, options: UpgradeOptions): Promise<void> {
  const { engine, version } = workspace.environment.registry;
  const to = versionNamed(engine, options.to);
  assertUpgrade(engine, version, to);
  const edit = upgradeTo(to, options.release);
  edit(workspace.text, workspace.file);
  const installed = await installedSchema(workspace);
  const from = installed === undefined ? version : installedVersion(installed);
  assertUpgrade(engine, from, to);
  const plan = { from, to, migrates: installed !== undefined && from !== to };
  await editAndUp(workspace, edit, {
    ...options,
    agree: async (hosts) => {
      await options.agree(hosts, plan);
      if (options.dryRun || !plan.migrates) return;
      const { backupTo, program, onProgress } = options;
      const made = await backup(workspace, {
        program,
        onProgress,
        ...(backupTo === undefined ? {} : { to: backupTo }),
      });
      options.onBackup(made.file);
      await stopAll(workspace, options);
    },
  });
}

/** What the data base tells. @returns undefined when the engine has none, or Harbor has not run yet */
async function installedSchema(workspace: Workspace): Promise<DatabaseState | undefined> {
  if (workspace.environment.registry.engine !== "harbor") return undefined;
  return withCluster(workspace, async (cluster) => {
    const door = await harborDatabase(cluster);
    try {
      return door && (await databaseState(door));
    } catch (error) {
      if (error instanceof Problem && error.details.code === "backup/no-schema") return undefined;
      throw error;
    }
  });
}

function installedVersion({ schema }: DatabaseState): string {
  const version = harborOfSchema(schema);
  if (version !== undefined) return version;
  throw new Problem({
    code: "upgrade/unknown-schema",
    says: `the data base has schema ${schema}, which belongs to no Harbor that this harborwright knows`,
    instead: "a newer Harbor has migrated it: use the harborwright that brought it; nothing was changed",
  });
}

async function stopAll(workspace: Workspace, { command, without, onProgress }: UpgradeOptions): Promise<void> {
  const who = { operator: operator(command), onProgress };
  await withCluster(workspace, (cluster) =>
    withLock(cluster, { ...who, without }, ({ hosts }) => stopHarbor(cluster, hosts, who)),
  );
}
