import { apply } from "../harbor/apply.js";
import type { HarborClient } from "../harbor/client.js";
import type { HarborWish } from "../harbor/kind.js";
import { plan as planHarbor } from "../harbor/plan.js";
import { changeName, plannedSettings } from "../harbor/plan-text.js";
import type { HarborSecrets } from "../harbor/secrets.js";
import { allWanted } from "../harbor/sections.js";
import type { SecretStore } from "../secrets/store.js";
import type { Environment } from "../spec/environment.js";
import { harborOf } from "../spec/harbor/software.js";
import { Problem } from "../spec/problem.js";
import type { SettingsPlan } from "../spec/settings-plan.js";
import { withHarbor } from "./with-harbor.js";
import type { Workspace } from "./workspace.js";

/** Milliseconds that a plan waits for a node that does not answer. */
const PLAN_PATIENCE = 2_000;
/** What a plan can be shown without: it says that Harbor could not be asked. */
const SILENT = ["harbor/no-node", "harbor/unreachable"];

/** The real secret store, as Harbor's settings need it: what is kept is on the disk before it is used. */
export function harborSecrets(store: SecretStore): HarborSecrets {
  return {
    get: (name) => store.get(name),
    keep: async (name, secret) => {
      store.set(name, secret);
      await store.save();
    },
  };
}

/** What the file wants inside of Harbor. @default - it says nothing of it, so there is nothing to ask */
export function harborWish(environment: Environment, store: SecretStore): HarborWish | undefined {
  if (environment.registry.engine !== "harbor") return undefined;
  const { settings } = harborOf(environment);
  const wish = { settings, secrets: harborSecrets(store) };
  return allWanted(wish).length === 0 && !settings.prune ? undefined : wish;
}

/**
 * Compares the running Harbor with the file; changes nothing.
 * @param runs - whether there is one already
 * @returns undefined when the file says nothing of settings
 * @throws Problem `harbor/secret-missing`, `harbor/cannot-change`, `harbor/wrong-password`
 */
export async function planSettings(
  workspace: Workspace,
  store: SecretStore,
  runs: boolean,
): Promise<SettingsPlan | undefined> {
  const wish = harborWish(workspace.environment, store);
  if (wish === undefined) return undefined;
  if (!runs) return { changes: [], left: [], awaiting: allWanted(wish).length };
  try {
    return await withHarbor(workspace, store, ({ client }) => compareSettings(client, wish), {
      patience: PLAN_PATIENCE,
    });
  } catch (error) {
    if (!(error instanceof Problem) || !SILENT.includes(error.details.code)) throw error;
    return { changes: [], left: [], silent: error.details.says };
  }
}

export async function compareSettings(client: HarborClient, wish: HarborWish): Promise<SettingsPlan> {
  return plannedSettings(await planHarbor({ ...wish, client }));
}

/**
 * Makes what is inside of Harbor as the file wants it. May be killed anywhere and run again.
 * @param onChange - told what is done next: "robot team/ci"
 * @returns how many changes were made
 * @throws Problem `harbor/refused` with the field; what was done until then stays
 */
export async function applySettings(
  client: HarborClient,
  wish: HarborWish,
  onChange: (what: string) => void,
): Promise<number> {
  const planned = await planHarbor({ ...wish, client });
  await apply(planned, (change) => onChange(changeName(change)));
  return planned.changes.length;
}
