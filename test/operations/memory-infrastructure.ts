import type { Infrastructure, PlanOptions } from "../../infrastructure/infrastructure.js";
import type { InfrastructurePlan, ResourceChange } from "../../infrastructure/plan.js";
import type { SiteOutputs } from "../../spec/cloud/outputs.js";

/** What the memory of a cloud holds of one machine. */
interface Machine {
  readonly id: string;
  readonly size: string;
}

/** Thrown where a test kills the program. */
export class Killed extends Error {}

/**
 * An infrastructure that is an object: machines with a size, and parts that stop no node. It makes plans as Terraform
 * does, from what is wanted and what is there, and refuses to apply what it has not planned.
 */
export class MemoryInfrastructure implements Infrastructure {
  readonly site = "prod";
  readonly machines = new Map<string, Machine>();
  /** Versions of parts that stop nothing: network, alarms. */
  readonly parts = new Map<string, string>();
  /** Sizes of the machines that shall be there, by node. */
  wanted: Readonly<Record<string, string>> = {};
  wantedParts: Readonly<Record<string, string>> = { network: "1" };
  /** What was done, in order. */
  readonly log: string[] = [];
  #planned: InfrastructurePlan | undefined;
  #ids = 0;

  /** Said of everything that is done; a test may throw here. */
  onStep: (step: string) => void = () => {};

  async plan(options: PlanOptions = {}): Promise<InfrastructurePlan> {
    const changes = options.destroy === true ? this.#deletions() : this.#changes(options);
    this.#planned = { site: this.site, changes, isEmpty: changes.length === 0 };
    return this.#planned;
  }

  async apply(onResource: (line: string) => void = () => {}): Promise<void> {
    if (this.#planned === undefined) throw new Error("nothing was planned");
    const { changes } = this.#planned;
    this.#planned = undefined;
    for (const change of changes) {
      this.step(`${change.action} ${change.path}`);
      this.#carryOut(change);
      onResource(change.path);
    }
  }

  async outputs(): Promise<SiteOutputs | undefined> {
    if (this.machines.size === 0) return undefined;
    return { nodes: Object.fromEntries([...this.machines].map(([name, { id }]) => [name, { id }])), entry: "entry" };
  }

  /** Writes a step down, and gives the test its chance to kill. */
  step(step: string): void {
    this.onStep(step);
    this.log.push(step);
  }

  #changes({ replace = [], only, withoutNodes = false }: PlanOptions): ResourceChange[] {
    const names = new Set([...this.machines.keys(), ...Object.keys(this.wanted)]);
    const machines = [...names].flatMap((name) => machineChange(name, this.machines, this.wanted, replace));
    const parts = Object.entries(this.wantedParts).flatMap(([name, version]) =>
      this.parts.get(name) === version ? [] : [part(name, this.parts.has(name) ? "update" : "create")],
    );
    if (only !== undefined) return machines.filter(({ path }) => only.includes(path.slice("hosts/".length)));
    return [...parts, ...machines].filter(({ node }) => !withoutNodes || node === undefined);
  }

  #deletions(): ResourceChange[] {
    return [...this.machines.keys()].map((name) => machine(name, "delete"));
  }

  #carryOut({ path, action }: ResourceChange): void {
    const name = path.slice("hosts/".length);
    if (!path.startsWith("hosts/")) this.parts.set(path, this.wantedParts[path] ?? "");
    else if (action === "delete") this.machines.delete(name);
    else if (action === "update") this.machines.set(name, { id: this.#idOf(name), size: this.wanted[name] ?? "" });
    else this.machines.set(name, { id: this.#nextId(), size: this.wanted[name] ?? "" });
  }

  #idOf(name: string): string {
    return this.machines.get(name)?.id ?? this.#nextId();
  }

  #nextId(): string {
    this.#ids += 1;
    return `i-${this.#ids}`;
  }
}

function machineChange(
  name: string,
  present: ReadonlyMap<string, Machine>,
  wanted: Readonly<Record<string, string>>,
  replace: readonly string[],
): ResourceChange[] {
  const { [name]: size } = wanted;
  const before = present.get(name);
  if (size === undefined) return [machine(name, "delete")];
  if (before === undefined) return [machine(name, "create")];
  if (replace.includes(name)) return [machine(name, "replace")];
  return before.size === size ? [] : [machine(name, "update")];
}

function machine(name: string, action: ResourceChange["action"]): ResourceChange {
  const change = {
    address: `aws_instance.${name}`,
    type: "aws_instance",
    path: `hosts/${name}`,
    action,
    arguments: [],
  };
  return action === "create" ? change : { ...change, node: name };
}

function part(name: string, action: ResourceChange["action"]): ResourceChange {
  return { address: `aws_part.${name}`, type: "aws_part", path: name, action, arguments: [] };
}
