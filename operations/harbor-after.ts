import { during, type OnProgress } from "../cluster/progress.js";
import type { Host } from "../hosts/host.js";
import type { SecretStore } from "../secrets/store.js";
import { harborOf } from "../spec/harbor/software.js";
import { nodesAgree } from "./harbor-agreement.js";
import { healSchedules } from "./harbor-schedules.js";
import { applySettings, harborWish } from "./harbor-settings.js";
import { withHarbor } from "./with-harbor.js";
import type { Workspace } from "./workspace.js";

/** Milliseconds that Harbor has to answer after its nodes were found healthy. */
const PATIENCE = 60_000;

/**
 * What is done once all nodes of Harbor serve, under the lock: they show that they agree, settings are made as the file
 * wants them, and schedules that Redis has lost are put back. Agreement comes first: a node with another key would write
 * what the others cannot read.
 * @throws Problem `harbor/nodes-disagree`, `harbor/refused`, `harbor/schedules-lost`
 */
export function tellHarbor(
  workspace: Workspace,
  store: SecretStore,
  { without, onProgress }: { readonly without: readonly string[]; readonly onProgress: OnProgress },
): (hosts: readonly Host[]) => Promise<void> {
  const { environment } = workspace;
  return async (hosts) => {
    const [first] = hosts;
    if (environment.registry.engine !== "harbor" || first === undefined) return;
    const wish = harborWish(environment, store);
    await withHarbor(
      workspace,
      store,
      async (running) => {
        const { client } = running;
        await during(
          onProgress,
          { step: "agreement" },
          async () => {
            const verdict = await nodesAgree(running, harborOf(environment).settings, environment.environment);
            if (verdict.problem !== undefined) throw verdict.problem;
            return verdict;
          },
          ({ uploadsLeftOut }) =>
            uploadsLeftOut === undefined ? "tokens and uploads" : `tokens; no uploads: ${uploadsLeftOut}`,
        );
        if (wish !== undefined) {
          await during(
            onProgress,
            { step: "settings" },
            () => applySettings(client, wish, (note) => onProgress({ step: "settings", state: "moving", note })),
            (count) => (count === 0 ? "nothing to change" : `${count} changed`),
          );
        }
        await during(
          onProgress,
          { step: "schedules" },
          () => healSchedules(client, first),
          (count) => (count === 0 ? undefined : `${count} were lost and are put back`),
        );
      },
      { without, patience: PATIENCE },
    );
  };
}
