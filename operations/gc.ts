import { type Collection, type CollectionOptions, collectGarbage } from "../harbor/garbage.js";
import { PATHS } from "../release/layout.js";
import { harborOf } from "../spec/harbor/software.js";
import { Problem } from "../spec/problem.js";
import { openSecrets } from "./secret-store.js";
import { withHarbor } from "./with-harbor.js";
import type { Workspace } from "./workspace.js";

/** As a user asks for it; what is not said is as the file has it for the scheduled ones. */
export interface GcOptions extends Pick<CollectionOptions, "dryRun" | "onStatus"> {
  readonly untagged: boolean | undefined;
}

/**
 * Deletes layers that no image needs any more, while images are pushed and pulled.
 * @throws Problem `gc/not-while-serving`, `gc/failed`, `gc/stopped`, and those of the way to Harbor
 */
export async function gc(workspace: Workspace, { untagged, dryRun, onStatus }: GcOptions): Promise<Collection> {
  if (workspace.environment.registry.engine !== "harbor") throw notWhileServing(workspace);
  const { settings } = harborOf(workspace.environment);
  return withHarbor(workspace, await openSecrets(workspace), ({ client }) =>
    collectGarbage(client, {
      dryRun,
      onStatus,
      untagged: untagged ?? settings.gc?.deleteUntagged ?? false,
      workers: settings.gc?.workers ?? 1,
    }),
  );
}

/** Distribution's own collection deletes layers of an image that is being pushed at that moment. */
function notWhileServing({ environment }: Workspace): Problem {
  const name = environment.environment;
  return new Problem({
    code: "gc/not-while-serving",
    says: `${name} runs Distribution, which collects garbage only while nobody pushes: it would delete layers of images under way`,
    instead: `set registry.readOnly: true and run harborwright up ${name}; then harborwright ssh ${name} node-1 sudo docker exec harborwright-registry-1 registry garbage-collect ${PATHS.registryConfig}; then take readOnly away and run up again`,
    field: "registry.engine",
  });
}
