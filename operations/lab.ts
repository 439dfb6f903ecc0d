import { type Lab, openLab } from "../lab/lab.js";
import { Problem } from "../spec/problem.js";
import { isLocal, type Workspace } from "./workspace.js";

/**
 * The hosts on this machine that belong to an environment.
 * @throws Problem `lab/not-local` when its hosts are elsewhere
 */
export function labOf(workspace: Workspace): Lab {
  if (!isLocal(workspace)) {
    throw new Problem({
      code: "lab/not-local",
      says: `the hosts of ${workspace.environment.environment} are not made on this machine`,
      instead: "only an environment with `provider: local` has hosts that may be broken",
    });
  }
  return openLab(workspace.environment, workspace.stateFolder);
}
