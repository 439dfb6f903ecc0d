import { Problem } from "../spec/problem.js";
import type { Secret } from "../spec/secret.js";
import { harborAccount } from "./harbor-account.js";
import { openSecrets } from "./secret-store.js";
import { caFile, entryUrl, type Workspace } from "./workspace.js";

/** An account that may push and pull, and how to reach the registry with it. */
export interface Credentials {
  readonly url: string;
  readonly address: string;
  readonly caFile: string;
  readonly username: string;
  readonly password: Secret;
}

/**
 * The first account of the environment, or the one that is named; with Harbor its admin, or a robot of the file.
 * @throws Problem `credentials/none` where nobody is asked for a password, `credentials/not-made` before the first `up`
 */
export async function credentials(workspace: Workspace, user?: string): Promise<Credentials> {
  const { authentication, engine } = workspace.environment.registry;
  if (engine === "harbor") {
    const account = harborAccount(workspace.environment, await openSecrets(workspace), user);
    return { ...entryUrl(workspace), caFile: caFile(workspace), ...account };
  }
  if (authentication.kind !== "htpasswd") {
    throw new Problem({
      code: "credentials/none",
      says: `authentication of ${workspace.file} is ${authentication.kind}, so there are no passwords`,
      instead: authentication.kind === "token" ? "ask your token server for an account" : "no login is needed",
    });
  }
  const username = user ?? authentication.users[0];
  if (username === undefined || !authentication.users.includes(username)) {
    throw new Problem({
      code: "credentials/unknown-user",
      says: `there is no user ${JSON.stringify(user)}`,
      instead: `users are ${authentication.users.join(", ")}; add one under registry.authentication.users`,
    });
  }
  const password = (await openSecrets(workspace)).get(`user/${username}`);
  if (password === undefined) {
    throw new Problem({
      code: "credentials/not-made",
      says: `the password of ${username} is not made yet`,
      instead: `harborwright up ${workspace.environment.environment} makes it`,
    });
  }
  return { ...entryUrl(workspace), caFile: caFile(workspace), username, password };
}
