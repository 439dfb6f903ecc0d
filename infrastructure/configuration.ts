import * as z from "zod";

/** A resource as Terraform's JSON has it. */
export type ResourceBody = Readonly<Record<string, unknown>>;

const bodiesSchema = z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))).default({});

const configurationSchema = z.looseObject({
  terraform: z.looseObject({ backend: z.record(z.string(), z.unknown()) }),
  resource: bodiesSchema,
  data: bodiesSchema,
  output: z.record(z.string(), z.looseObject({ value: z.unknown() })).default({}),
});

const metadataSchema = z.object({ "//": z.object({ metadata: z.object({ path: z.string() }) }) });

/** What Terraform reads, and what of it is asked here. */
export class Configuration {
  readonly #parsed: z.output<typeof configurationSchema>;
  /** Resources by address; data sources are under `data.<type>.<name>`. */
  readonly bodies: ReadonlyMap<string, ResourceBody>;

  /** @param text - cdk.tf.json of one stack */
  constructor(readonly text: string) {
    this.#parsed = configurationSchema.parse(JSON.parse(text));
    this.bodies = new Map([...addressed(this.#parsed.resource, ""), ...addressed(this.#parsed.data, "data.")]);
  }

  /** Versions of providers, and where the state is: with another one Terraform has to be set up anew. */
  get requirements(): unknown {
    return this.#parsed.terraform;
  }

  /** Kind of the backend: local, s3, oss. */
  get backend(): string {
    return Object.keys(this.#parsed.terraform.backend)[0] ?? "local";
  }

  /** What an output is made from. */
  output(name: string): unknown {
    return this.#parsed.output[name]?.value;
  }

  /** Addresses of all resources, without data sources. */
  get resources(): string[] {
    return [...this.bodies.keys()].filter((address) => !address.startsWith("data."));
  }

  /** Path below the stack of the construct that made a resource. */
  path(address: string): string {
    const known = metadataSchema.safeParse(this.bodies.get(address));
    return known.success ? known.data["//"].metadata.path.split("/").slice(1).join("/") : pathIn(address);
  }

  /** Addresses that a resource names, in its arguments or as what it waits for. */
  references(address: string): string[] {
    const body = this.bodies.get(address);
    if (body === undefined) return [];
    const words = JSON.stringify({ ...body, "//": undefined }).match(/(?:data\.)?[a-z][a-z0-9_]*\.[A-Za-z0-9_-]+/g);
    return [...new Set(words)].filter((word) => word !== address && this.bodies.has(word));
  }

  /** The same with other resources. */
  withBodies(change: (address: string, body: ResourceBody) => ResourceBody): Configuration {
    const resource = Object.fromEntries(
      Object.entries(this.#parsed.resource).map(([type, named]) => [
        type,
        Object.fromEntries(Object.entries(named).map(([name, body]) => [name, change(`${type}.${name}`, body)])),
      ]),
    );
    return new Configuration(JSON.stringify({ ...JSON.parse(this.text), resource }, null, 2));
  }
}

function addressed(
  bodies: Readonly<Record<string, Readonly<Record<string, ResourceBody>>>>,
  prefix: string,
): [string, ResourceBody][] {
  return Object.entries(bodies).flatMap(([type, named]) =>
    Object.entries(named).map(([name, body]): [string, ResourceBody] => [`${prefix}${type}.${name}`, body]),
  );
}

/**
 * The path of a construct that the stack has no more, from the name that it gave: hosts_node-4_instance_9C1B30F4 was
 * hosts/node-4/instance. Ids of constructs here have hyphens and no underscores.
 */
function pathIn(address: string): string {
  const [, , name = ""] = /^(.*)\.([^.]+)$/.exec(address) ?? [];
  return name.replace(/_[0-9A-F]{8}$/, "").replaceAll("_", "/");
}
