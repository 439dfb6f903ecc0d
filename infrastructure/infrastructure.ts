import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { SiteOutputs } from "../spec/cloud/outputs.js";
import type { CloudSite } from "../spec/cloud/sites.js";
import type { Environment } from "../spec/environment.js";
import { BOOTSTRAP } from "../stacks/bootstrap.js";
import type { StackContext } from "../stacks/context.js";
import type { Progress } from "../supply/progress.js";
import type { Configuration } from "./configuration.js";
import { MACHINES } from "./machines.js";
import type { InfrastructurePlan } from "./plan.js";
import { SiteInfrastructure, type Variation } from "./site-infrastructure.js";
import { synthesize } from "./synthesize.js";
import { Workshop } from "./workshop.js";

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
 *
 * The end of a deployment that calls harborwright is left out, for harborwright works on the hosts itself. Where `cdktf
 * deploy` has put it into the state it goes without a word, and comes back, and runs, with the next `cdktf deploy`.
 */
export async function openInfrastructure(
  environment: Environment,
  site: CloudSite,
  options: InfrastructureOptions,
): Promise<Infrastructure> {
  const { bootstrap: _, ...context } = options.context;
  const { engine } = environment.infrastructure;
  // The programs do not read each other's lock files: each has a folder of its own.
  const folder = join(options.workFolder, `${site.name}-${engine}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const made = new Map<string, Promise<Configuration>>();
  const synthesized = (variation: Variation): Promise<Configuration> => {
    const key = JSON.stringify([variation.lifted, variation.count]);
    const known = made.get(key) ?? synthesizeAs(variation, environment, site, context, folder);
    made.set(key, known);
    return known;
  };
  await synthesized({});
  return new SiteInfrastructure({
    site: site.name,
    workshop: new Workshop({
      folder,
      engine,
      providers: [site.provider],
      progress: options.progress,
      env: options.env ?? {},
    }),
    synthesize: synthesized,
    machines: MACHINES,
    ignored: (path) => path === BOOTSTRAP,
  });
}

function synthesizeAs(
  { lifted, count = 0 }: Variation,
  environment: Environment,
  site: CloudSite,
  context: StackContext,
  folder: string,
): Promise<Configuration> {
  const varied = { ...site, nodes: { ...site.nodes, count: Math.max(site.nodes.count, count) } };
  const sites = environment.sites.map((one) => (one.name === site.name ? varied : one));
  const variedContext = lifted === undefined ? context : { ...context, lifted };
  return synthesize({ ...environment, sites }, varied, variedContext, folder);
}
