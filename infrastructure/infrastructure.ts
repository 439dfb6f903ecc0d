import type { SiteOutputs } from "../spec/cloud/outputs.js";
import type { CloudSite } from "../spec/cloud/sites.js";
import type { Environment } from "../spec/environment.js";
import type { StackContext } from "../stacks/context.js";
import type { Progress } from "../supply/progress.js";
import type { InfrastructurePlan } from "./plan.js";

/** What a plan is about. @default - the whole site, as the environment file has it */
export interface PlanOptions {
  /** Nodes whose machines are remade. */
  readonly replace?: readonly string[];
  /** Only what belongs to these nodes' machines (Terraform's -target). */
  readonly only?: readonly string[];
  /** Everything but what would stop, restart or remake a node's machine that is there already. */
  readonly withoutNodes?: boolean;
  /** Take the site down. The bucket and its key stay, for the next `up` to find. */
  readonly destroy?: boolean;
  /** With `destroy`: the bucket with all images, and its key, too. */
  readonly deleteData?: boolean;
}

/** What Terraform makes of one site. */
export interface Infrastructure {
  readonly site: string;
  /** Finds out what would change; changes nothing but Terraform's own view of what is there. */
  plan(options?: PlanOptions): Promise<InfrastructurePlan>;
  /**
   * Carries out the plan that `plan` made last, that one and no other. What protects machines that the plan deletes is
   * lifted first.
   * @param onResource - gets a line when a resource is done
   */
  apply(onResource?: (line: string) => void): Promise<void>;
  /** What the site tells of its machines. Undefined when nothing is made yet. */
  outputs(): Promise<SiteOutputs | undefined>;
}

/** What belongs to a site besides the environment file. */
export interface InfrastructureOptions {
  readonly context: StackContext;
  /** Absolute path of a folder for Terraform's configuration, providers and plans; made when it is missing. */
  readonly workFolder: string;
  readonly progress: Progress;
  /** More for Terraform's environment. @default - that of this process alone */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Opens the infrastructure of a site with Terraform or OpenTofu, whichever the environment file names. Its stack is
 * synthesized now; Terraform is not asked before a plan or the outputs are.
 */
export async function openInfrastructure(
  _environment: Environment,
  _site: CloudSite,
  _options: InfrastructureOptions,
): Promise<Infrastructure> {
  throw new Error("not there yet");
}
