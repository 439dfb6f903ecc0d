import * as z from "zod";

const stateSchema = z.object({
  outputs: z.record(z.string(), z.object({ value: z.unknown() })).default({}),
  resources: z
    .array(
      z.object({
        module: z.string().optional(),
        mode: z.string(),
        type: z.string(),
        name: z.string(),
        instances: z.array(
          z.object({
            status: z.string().optional(),
            attributes: z.record(z.string(), z.unknown()).nullish(),
            dependencies: z.array(z.string()).default([]),
          }),
        ),
      }),
    )
    .default([]),
});

/** What Terraform remembers that it made. */
export class State {
  readonly #parsed: z.output<typeof stateSchema>;

  /** @param text - what `terraform state pull` says; nothing when nothing was ever made */
  constructor(text: string) {
    this.#parsed = stateSchema.parse(text.trim() === "" ? {} : JSON.parse(text));
  }

  /** Addresses of everything that was made. */
  get resources(): string[] {
    return this.#made.map(({ type, name }) => `${type}.${name}`);
  }

  /** Addresses that a resource needed when it was made. */
  dependencies(address: string): string[] {
    return this.#find(address)?.instances.flatMap(({ dependencies }) => dependencies) ?? [];
  }

  /** Whether it was not made to the end, so that the next plan replaces it. */
  isTainted(address: string): boolean {
    return this.#find(address)?.instances.some(({ status }) => status === "tainted") ?? false;
  }

  /** An attribute; undefined when the resource is not there. @param path - as in an expression: id, addresses[0].ip */
  attribute(address: string, path: string): unknown {
    const steps = path.match(/[^.[\]]+/g) ?? [];
    const attributes: unknown = this.#find(address)?.instances[0]?.attributes;
    return steps.reduce(inside, attributes);
  }

  /** An output as it was when it was last brought up to date. */
  output(name: string): unknown {
    return this.#parsed.outputs[name]?.value;
  }

  get #made() {
    return this.#parsed.resources.filter(({ mode, instances }) => mode === "managed" && instances.length > 0);
  }

  #find(address: string) {
    return this.#made.find(({ type, name }) => `${type}.${name}` === address);
  }
}

function inside(value: unknown, step: string): unknown {
  if (Array.isArray(value)) return value[Number(step)];
  return typeof value === "object" && value !== null
    ? new Map<string, unknown>(Object.entries(value)).get(step)
    : undefined;
}
