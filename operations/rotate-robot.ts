import { findProject } from "../harbor/kinds/project.js";
import { sendRobotSecret } from "../harbor/kinds/robot.js";
import { makeRobotSecret } from "../harbor/secrets.js";
import { robotSecretName } from "../spec/harbor/settings/secret-names.js";
import { harborOf } from "../spec/harbor/software.js";
import { Problem } from "../spec/problem.js";
import { harborSecrets } from "./harbor-settings.js";
import { type Reach, refuseWithoutHarbor } from "./rotate-harbor-admin.js";
import { openSecrets } from "./secret-store.js";
import { withHarbor } from "./with-harbor.js";
import type { Workspace } from "./workspace.js";

/**
 * Gives a robot of the file a new secret. It is kept before Harbor gets it, so that an `up` ends what a kill has
 * interrupted. A robot has one secret at a time: from then on clients with the old one are refused.
 * @param given - `ci`, or `team+ci` for one of a project
 * @throws Problem `rotate/no-harbor`, `rotate/unknown-robot`, `rotate/robot-not-made`
 */
export async function rotateRobot(
  workspace: Workspace,
  given: string,
  reach: Reach = (store, work) => withHarbor(workspace, store, work),
): Promise<void> {
  refuseWithoutHarbor(workspace);
  const { project, name } = robotOf(workspace, given);
  const store = await openSecrets(workspace);
  const { settings } = harborOf(workspace.environment);
  await reach(store, async ({ client }) => {
    const place = project === undefined ? undefined : await findProject(client, project);
    const harbor = { client, settings, secrets: harborSecrets(store) };
    await harbor.secrets.keep(robotSecretName(project, name), makeRobotSecret());
    const isMissing = project !== undefined && place === undefined;
    if (isMissing || !(await sendRobotSecret(harbor, name, place))) throw notMade(workspace, given);
  });
}

interface Robot {
  readonly project?: string;
  readonly name: string;
}

function robotOf({ environment, file }: Workspace, given: string): Robot {
  const { settings } = harborOf(environment);
  const robots = new Map<string, Robot>([
    ...settings.robots.map(({ name }) => [name, { name }] as const),
    ...settings.projects.flatMap((project) =>
      project.robots.map(({ name }) => [`${project.name}+${name}`, { project: project.name, name }] as const),
    ),
  ]);
  const found = robots.get(given);
  if (found !== undefined) return found;
  throw new Problem({
    code: "rotate/unknown-robot",
    says: `there is no robot ${JSON.stringify(given)} in ${file}`,
    instead: robots.size === 0 ? "the file names no robots" : `robots are ${[...robots.keys()].join(", ")}`,
    field: "harbor.settings",
  });
}

function notMade({ environment }: Workspace, robot: string): Problem {
  return new Problem({
    code: "rotate/robot-not-made",
    says: `Harbor has no robot ${robot} yet`,
    instead: `harborwright up ${environment.environment} makes it, with the secret that is stored now`,
  });
}
