import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { App, DataResource, LocalBackend, TerraformOutput, TerraformStack, Testing } from "cdktf";
import { Construct } from "constructs";
import { Configuration } from "../../infrastructure/configuration.js";
import { SiteInfrastructure, type Variation } from "../../infrastructure/site-infrastructure.js";
import { Workshop } from "../../infrastructure/workshop.js";
import { SITE_OUTPUT } from "../../spec/cloud/outputs.js";
import { BOOTSTRAP } from "../../stacks/bootstrap.js";
import { silentProgress } from "../../supply/progress.js";
import type { TerraformEngine } from "../../supply/terraform.js";

/** A site of resources that Terraform has built in: nothing is made anywhere, and no provider is needed. */
export interface SmallSite {
  readonly nodes: number;
  /** With another image a machine is replaced. */
  readonly image?: string;
  /** An argument of a machine that changes while it runs. */
  readonly cidr?: string;
  /** Shell command that a machine runs when it is made. */
  readonly onMake?: string;
  readonly withBootstrap?: boolean;
  /** Where the state is, as Terraform's JSON has it. @default - a file in the site's folder */
  readonly backend?: Readonly<Record<string, unknown>>;
}

/** How harborwright works on it. */
export interface SmallSiteOptions {
  /** Whose working folder it is: that of another machine is another one. @default "mine" */
  readonly owner?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** What a resource refuses to be deleted with, as a cloud does it. */
function guarded(isGuarded: boolean) {
  return {
    input: { guard: isGuarded ? "on" : "off" },
    provisioners: [
      {
        type: "local-exec" as const,
        when: "destroy" as const,
        command: '[ "$GUARD" = off ] || { echo OperationNotPermitted: disableApiTermination; exit 1; }',
        environment: { GUARD: `\${self.output.guard}` },
      },
    ],
  };
}

class SmallStack extends TerraformStack {
  constructor(scope: Construct, stateFolder: string, site: SmallSite, { lifted, count = 0 }: Variation) {
    super(scope, "small");
    new LocalBackend(this, { path: join(stateFolder, "small.tfstate") });
    const network = new DataResource(this, "network", { input: { cidr: site.cidr ?? "10.20.0.0/16" } });
    const [hosts, balancer, store] = ["hosts", "balancer", "store"].map((id) => new Construct(this, id));
    const names = Array.from({ length: Math.max(site.nodes, count) }, (_, index) => `node-${index + 1}`);
    const machines = names.map((name) => {
      const guard = guarded(lifted === undefined);
      const onMake = site.onMake === undefined ? [] : [{ type: "local-exec" as const, command: site.onMake }];
      return new DataResource(hosts ?? this, name, {
        ...guard,
        triggersReplace: { image: site.image ?? "debian-12", network: network.id },
        provisioners: [...guard.provisioners, ...onMake],
      });
    });
    for (const [index, machine] of machines.entries()) {
      new DataResource(balancer ?? this, `${names[index]}`, { triggersReplace: { machine: machine.id } });
    }
    new DataResource(this, "alarm", { input: { machines: machines.map(({ id }) => id) } });
    const key = new DataResource(this, "key", { input: { usage: "encrypt" } });
    const bucket = new DataResource(store ?? this, "bucket", {
      ...guarded(lifted !== "data"),
      triggersReplace: { key: key.id },
    });
    new DataResource(store ?? this, "privacy", { input: { bucket: bucket.id } });
    if (site.withBootstrap) new DataResource(this, BOOTSTRAP, { triggersReplace: { digest: "1" } });
    const nodes = Object.fromEntries(machines.map(({ id }, index) => [names[index], { id }]));
    new TerraformOutput(this, SITE_OUTPUT, { value: { nodes, entry: "small.test", bucket: bucket.id } });
  }
}

/** Opens a small site whose state and working folder are below a folder. */
export async function smallSite(
  folder: string,
  site: SmallSite,
  engine: TerraformEngine,
  { owner = "mine", env = {} }: SmallSiteOptions = {},
): Promise<SiteInfrastructure> {
  const workFolder = join(folder, `work-${engine}-${owner}`);
  await mkdir(workFolder, { recursive: true });
  return new SiteInfrastructure({
    site: "small",
    workshop: new Workshop({ folder: workFolder, engine, providers: [], progress: silentProgress, env }),
    synthesize: async (variation) => {
      const stack = new SmallStack(new App({ outdir: workFolder }), folder, site, variation);
      const made = JSON.parse(Testing.synth(stack));
      if (site.backend !== undefined) made.terraform.backend = site.backend;
      return new Configuration(JSON.stringify(made));
    },
    machines: { terraform_data: ["input"] },
    ignored: (path) => path === BOOTSTRAP,
  });
}
