import { homedir } from "node:os";
import { join } from "node:path";
import type { SecretStore } from "../secrets/store.js";
import { openStore } from "../secrets/store.js";
import type { Workspace } from "./workspace.js";

/** The operator's own age key: `$HARBORWRIGHT_IDENTITY`, or in the folder for settings of their user. */
export function identityFile(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.HARBORWRIGHT_IDENTITY) return environment.HARBORWRIGHT_IDENTITY;
  const settings = environment.XDG_CONFIG_HOME || join(environment.HOME || homedir(), ".config");
  return join(settings, "harborwright", "identity.txt");
}

/** Opens the secrets that lie encrypted beside the environment file. */
export function openSecrets(workspace: Workspace): Promise<SecretStore> {
  return openStore(workspace.secretsFile, {
    identityFile: identityFile(),
    recipients: workspace.environment.secrets.recipients,
  });
}
