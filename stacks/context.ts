import type { Environment } from "../spec/environment.js";

/** What a stack needs besides the environment file. None of it is secret: all of it stands in Terraform's JSON. */
export interface StackContext {
  /** Public key of operators, as OpenSSH writes it: ssh-ed25519 AAAA… */
  readonly sshPublicKey: string;
  /**
   * Alibaba Cloud: OpenPGP public key of the environment, in base64, to which the secret of the bucket's access key is
   * encrypted before it reaches the state.
   * @default - the environment's images are elsewhere
   */
  readonly storageKeyRecipient?: string;
  /** Absolute path of the folder for state, where it is a file beside the environment. */
  readonly stateFolder: string;
  /** What is run once the machines, the balancer and the records are there. @default - nothing */
  readonly bootstrap?: Bootstrap;
}

/** A command that makes a cluster of the machines, at the end of a deployment. */
export interface Bootstrap {
  /** Command line for the shell of this machine: `harborwright up <file> --from-deploy`, each word quoted. */
  readonly command: string;
  /** Folder it is run in. */
  readonly folder: string;
  /** Changes when the environment file does; the command is then run again. */
  readonly digest: string;
}

/** Variable in which {@link Bootstrap.command} finds the outputs of the site, as JSON: `{"<site>": {…}}`. */
export const OUTPUTS_VARIABLE = "HARBORWRIGHT_OUTPUTS";

/**
 * Name of a site's stack, as `cdktf deploy` takes it. A second site in the file changes the name of none, for the state
 * is kept under it.
 */
export function stackName(environment: Environment["environment"], site: string): string {
  return environment === site ? environment : `${environment}-${site}`;
}
