import { secretName } from "../secrets/names.js";
import type { SecretStore } from "../secrets/store.js";
import type { Environment } from "../spec/environment.js";
import { harborOf } from "../spec/harbor/software.js";
import { Problem } from "../spec/problem.js";
import type { Secret } from "../spec/secret.js";

const ADMIN = "admin";

/** An account of Harbor that the secret store knows. */
export interface HarborAccount {
  readonly username: string;
  readonly password: Secret;
}

/**
 * Harbor's admin, or a robot of the file by the name that it has there: `ci` for one that reaches several projects,
 * `team+ci` for one of a project.
 * @throws Problem `credentials/unknown-user`, `credentials/not-made`
 */
export function harborAccount(
  environment: Environment,
  store: Pick<SecretStore, "get">,
  user: string = ADMIN,
): HarborAccount {
  const { settings } = harborOf(environment);
  const robots = [
    ...settings.robots.map(({ name }) => name),
    ...settings.projects.flatMap((project) => project.robots.map(({ name }) => `${project.name}+${name}`)),
  ];
  if (user !== ADMIN && !robots.includes(user)) {
    throw new Problem({
      code: "credentials/unknown-user",
      says: `neither Harbor's admin nor a robot of the file is named ${JSON.stringify(user)}`,
      instead: `give ${[ADMIN, ...robots].join(", ")}; people log in with accounts that Harbor or its directory keeps`,
    });
  }
  const password = store.get(user === ADMIN ? secretName.harbor.adminPassword : `harbor/robot/${user}`);
  if (password === undefined) {
    throw new Problem({
      code: "credentials/not-made",
      says: `the password of ${user} is not made yet`,
      instead: `harborwright up ${environment.environment} makes it`,
    });
  }
  const prefix = settings.system.robotPrefix ?? "robot$";
  return { username: user === ADMIN ? ADMIN : `${prefix}${user}`, password };
}
