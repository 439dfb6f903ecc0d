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
  /**
   * Alibaba Cloud: which access keys the bucket has, the oldest first; the last one is told to the hosts.
   * @default [1]
   */
  readonly storageKeyGenerations?: readonly number[];
  /** Absolute path of the folder for state, where it is a file beside the environment. */
  readonly stateFolder: string;
  /**
   * What this deployment may delete although it is protected. Terraform takes nothing away that is protected in the
   * cloud, so `down` and `replace` deploy this first, and then delete.
   * @default - nothing
   */
  readonly lifted?: Lifted;
  /** What is run once the machines, the balancer and the records are there. @default - nothing */
  readonly bootstrap?: Bootstrap;
}

/** Whose protection is lifted: of all but the images, or of the bucket with the images, and its key, as well. */
export type Lifted = "site" | "data";

/** What of a site refuses to be deleted. */
export interface Protection {
  /** Machines, balancer, and what else keeps nothing that cannot be made again. */
  readonly site: boolean;
  /** The bucket, as long as there is something in it, and its key. */
  readonly data: boolean;
}

/** Images are protected even where `nodes.protect` is false: only somebody who asks for it by name deletes them. */
export function protectionOf(
  site: { readonly nodes: { readonly protect: boolean } },
  { lifted }: Pick<StackContext, "lifted">,
): Protection {
  return { site: site.nodes.protect && lifted === undefined, data: lifted !== "data" };
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
