import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { App, Testing } from "cdktf";
import { generateKey } from "openpgp";
import { parse, stringify } from "yaml";
import type { CloudSite } from "../../spec/cloud/sites.js";
import { isCloud } from "../../spec/cloud/sites.js";
import type { Environment, EnvironmentFile } from "../../spec/environment.js";
import { parseEnvironment } from "../../spec/parse.js";
import type { Lifted, StackContext } from "../../stacks/context.js";
import { siteStack } from "../../stacks/environment-stacks.js";
import { exampleFiles } from "../spec/example-files.js";

type SiteFile = EnvironmentFile["sites"][number];
export type CloudFile = Extract<SiteFile, { provider: CloudSite["provider"] }>;

/** A public key for operators; nobody has kept the private one. */
const SSH_PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFIiSzW/WitkkZOjKY/722YD9xlozUJHyKA3CFbm3RmA operator";

/** How a copy of an example differs from it. */
export interface Difference {
  /** More for the block of the provider. */
  readonly providerArguments?: CloudFile["providerArguments"];
  /** Changes the only site of the file. */
  readonly site?: (site: CloudFile) => CloudFile;
  /** Whose protection is lifted. @default - nobody's */
  readonly lifted?: Lifted;
}

/** Files of the examples with a site on one cloud. */
export async function examplesOn(provider: CloudSite["provider"]): Promise<string[]> {
  const files = await exampleFiles();
  const texts = await Promise.all(files.map(async (file) => [file, await readFile(file, "utf8")] as const));
  return texts.filter(([, text]) => new RegExp(`provider: ${provider}\\b`).test(text)).map(([file]) => file);
}

/** An example environment, as its file has it, and the folder in which its stack is made. */
export class ExampleSite {
  private constructor(
    readonly name: string,
    readonly folder: string,
    private readonly content: EnvironmentFile,
    private readonly recipient: string,
  ) {}

  static async of(file: string, parentFolder: string): Promise<ExampleSite> {
    const name = basename(file, ".yaml");
    const folder = join(parentFolder, name);
    await mkdir(folder);
    const { publicKey } = await generateKey({
      type: "ecc",
      curve: "nistP256",
      userIDs: [{ name }],
      format: "object",
    });
    const recipient = Buffer.from(publicKey.write()).toString("base64");
    return new ExampleSite(name, folder, parse(await readFile(file, "utf8")), recipient);
  }

  /** Writes the stack as Terraform reads it. The state is a file in the folder, whatever the example says. */
  async synthesize(difference: Difference = {}): Promise<void> {
    const environment = parseEnvironment(stringify(copyWith(this.content, difference)), `${this.name}.yaml`);
    const site = environment.sites.find(isCloud);
    if (site === undefined) throw new Error(`${this.name} has no site in a cloud`);
    await writeFile(join(this.folder, "cdk.tf.json"), await this.#json(environment, site, difference));
  }

  async #json(environment: Environment, site: CloudSite, { lifted }: Difference): Promise<string> {
    const context: StackContext = {
      sshPublicKey: SSH_PUBLIC_KEY,
      storageKeyRecipient: this.recipient,
      stateFolder: this.folder,
      ...(lifted === undefined ? {} : { lifted }),
    };
    return Testing.synth(await siteStack(new App({ outdir: this.folder }), environment, site, context));
  }
}

function copyWith(content: EnvironmentFile, { providerArguments = {}, site: change }: Difference): EnvironmentFile {
  const sites = content.sites.map((site): SiteFile => {
    if (site.provider !== "aws" && site.provider !== "alicloud") return site;
    const changed = change?.(site) ?? site;
    return { ...changed, providerArguments: { ...changed.providerArguments, ...providerArguments } };
  });
  return { ...content, sites, infrastructure: { ...content.infrastructure, state: { in: "local" } } };
}
