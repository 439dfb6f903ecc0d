import * as z from "zod";
import type { SiteOutputs } from "../spec/cloud/outputs.js";
import { Problem } from "../spec/problem.js";
import type { Lifted } from "../stacks/context.js";
import type { Configuration } from "./configuration.js";
import { Graph } from "./graph.js";
import type { Infrastructure, PlanOptions } from "./infrastructure.js";
import { liftOnly, protections } from "./lift.js";
import { type MachineTypes, nodeOfMachine } from "./machines.js";
import type { InfrastructurePlan, ResourceChange } from "./plan.js";
import { readOutputs } from "./read-outputs.js";
import { readPlan } from "./read-plan.js";
import { refuseRenamedBucket } from "./renamed-bucket.js";
import { allButData, belongingTo, machinesOf, withoutInterruptions } from "./targets.js";
import type { Message } from "./terraform-program.js";
import type { Workshop } from "./workshop.js";

/** How a site's stack differs from what the environment file says, while something is being deleted. */
export interface Variation {
  readonly lifted?: Lifted;
  /** At least so many nodes: those that are to go have to be there to be freed. */
  readonly count?: number;
}

export interface SiteInfrastructureOptions {
  readonly site: string;
  readonly workshop: Workshop;
  readonly synthesize: (variation: Variation) => Promise<Configuration>;
  readonly machines: MachineTypes;
  /** Paths of constructs that no plan is made for. */
  readonly ignored: (path: string) => boolean;
}

/** What `plan` made last. */
interface Pending {
  readonly plan: InfrastructurePlan;
  readonly configuration: Configuration;
  /** More for `terraform plan`, to make it once more. */
  readonly words: readonly string[];
  /** @default - there is nothing to carry out */
  readonly file?: string;
  readonly removing?: Lifted;
}

/** A site as Terraform sees it; see {@link Infrastructure}. */
export class SiteInfrastructure implements Infrastructure {
  readonly site: string;
  #pending: Pending | undefined;

  constructor(private readonly options: SiteInfrastructureOptions) {
    this.site = options.site;
  }

  plan(options: PlanOptions = {}): Promise<InfrastructurePlan> {
    const { workshop } = this.options;
    return workshop.alone(`plan ${this.site}`, async () => {
      if (this.#pending?.file !== undefined) await workshop.drop(this.#pending.file);
      this.#pending = undefined;
      this.#pending = options.destroy === true ? await this.#planRemoval(options) : await this.#planSite(options);
      return this.#pending.plan;
    });
  }

  apply(onResource: (line: string) => void = () => {}): Promise<void> {
    const pending = this.#pending;
    if (pending === undefined) throw new RangeError("there is no plan to carry out");
    this.#pending = undefined;
    const { file, configuration } = pending;
    if (file === undefined) return Promise.resolve();
    const { workshop } = this.options;
    return workshop.alone(`change ${this.site}`, async () => {
      const wasLifted = await this.#lift(pending);
      const ready = wasLifted ? await this.#planAgain(pending) : file;
      await workshop.apply(configuration, ready, (message) => {
        const line = inWords(message, configuration);
        if (line !== undefined) onResource(line);
      });
    });
  }

  outputs(): Promise<SiteOutputs | undefined> {
    const { workshop, synthesize } = this.options;
    return workshop.alone(`ask ${this.site}`, async () => {
      const configuration = await synthesize({});
      return readOutputs(configuration, await workshop.state(configuration));
    });
  }

  async #planSite(options: PlanOptions): Promise<Pending> {
    const { machines, synthesize, workshop } = this.options;
    const configuration = await synthesize({});
    const state = await workshop.state(configuration);
    refuseRenamedBucket(configuration, state);
    const graph = new Graph(configuration, state);
    const replace = replacing(options.replace ?? [], graph, machines);
    if (options.only !== undefined) {
      return this.#planPart(configuration, belongingTo(options.only, graph, machines), replace);
    }
    const whole = await this.#make(configuration, replace);
    if (options.withoutNodes !== true || !whole.plan.changes.some(stops)) return whole;
    if (whole.file !== undefined) await workshop.drop(whole.file);
    const part = await this.#planPart(configuration, withoutInterruptions(whole.plan.changes, graph), []);
    const interrupted = part.plan.changes.filter(stops);
    if (interrupted.length > 0) throw cannotWait(interrupted);
    return part;
  }

  async #planRemoval({ deleteData }: PlanOptions): Promise<Pending> {
    const { synthesize, workshop } = this.options;
    const removing = deleteData === true ? "data" : "site";
    const configuration = await synthesize({ lifted: removing });
    const state = await workshop.state(configuration);
    const made = state.resources;
    if (removing === "data") return { ...(await this.#make(configuration, ["-destroy"])), removing };
    const holding = [...protections(configuration, await synthesize({ lifted: "data" })).keys()];
    const going = allButData(made, holding, new Graph(configuration, state));
    const isAll = going.length === made.length;
    const part = isAll
      ? await this.#make(configuration, ["-destroy"])
      : await this.#planPart(configuration, going, ["-destroy"]);
    return { ...part, removing };
  }

  /** Terraform takes no list of targets for "none". */
  async #planPart(
    configuration: Configuration,
    targets: readonly string[],
    words: readonly string[],
  ): Promise<Pending> {
    if (targets.length === 0) return { plan: { site: this.site, changes: [], isEmpty: true }, configuration, words };
    return this.#make(configuration, [...words, ...targets.map((address) => `-target=${address}`)]);
  }

  async #make(configuration: Configuration, words: readonly string[]): Promise<Pending> {
    const { workshop, machines, ignored } = this.options;
    const { file, shown } = await workshop.plan(configuration, words);
    return { plan: readPlan(this.site, shown, configuration, machines, ignored), configuration, words, file };
  }

  /**
   * Frees what the plan deletes and the cloud protects. A plan of the whole site frees machines only, which its reader
   * has seen go; that anything else is protected shall stop it.
   * @returns whether there was something to free: the plan is then to be made again
   */
  async #lift({ plan, removing, configuration: planned }: Pending): Promise<boolean> {
    const { workshop, synthesize, machines } = this.options;
    const going = plan.changes
      .filter(({ action }) => action === "delete" || action === "replace")
      .filter(({ type, path }) => removing !== undefined || nodeOfMachine(type, path, machines) !== undefined);
    if (going.length === 0) return false;
    const state = await workshop.state(planned);
    const count = Math.max(...nodeNumbers(new Graph(planned, state), machines));
    const open = await synthesize({ count, lifted: removing ?? "site" });
    const protecting = protections(await synthesize({ count }), open);
    const targets = going.map(({ address }) => address).filter((address) => protecting.has(address));
    if (targets.length === 0) return false;
    const tainted = targets.filter((address) => state.isTainted(address));
    const configuration = liftOnly(open, protecting);
    // What was not made to the end cannot be changed, only replaced: for as long it counts as made.
    await workshop.mark("untaint", tainted, configuration);
    const wasLifted = await this.#applyLift(configuration, targets);
    await workshop.mark("taint", tainted, configuration);
    return wasLifted || tainted.length > 0;
  }

  async #applyLift(configuration: Configuration, targets: readonly string[]): Promise<boolean> {
    const { workshop } = this.options;
    const words = targets.map((address) => `-target=${address}`);
    const { plan: lift, file } = await this.#make(configuration, words);
    if (file === undefined) return false;
    const more = lift.changes.filter(({ action }) => action !== "update");
    if (more.length > 0) throw planChanged(more);
    if (lift.changes.length > 0) await workshop.apply(configuration, file, () => {});
    else await workshop.drop(file);
    return lift.changes.length > 0;
  }

  /** The same plan on the state as it is now. It may have no change more than the one that was shown. */
  async #planAgain({ plan, configuration, words, file }: Pending): Promise<string> {
    const { workshop } = this.options;
    if (file !== undefined) await workshop.drop(file);
    const again = await this.#make(configuration, words);
    const seen = new Set(plan.changes.map(({ address, action }) => `${action} ${address}`));
    const more = again.plan.changes.filter(({ address, action }) => !seen.has(`${action} ${address}`));
    if (again.file === undefined || more.length > 0) throw planChanged(more);
    return again.file;
  }
}

/** Numbers of the nodes that are there or will be: the highest tells how many a stack must have to name them all. */
function nodeNumbers(graph: Graph, machines: MachineTypes): number[] {
  return [1, ...[...machinesOf(graph, machines).keys()].map((name) => Number(/-(\d+)$/.exec(name)?.[1] ?? 1))];
}

function stops({ node }: ResourceChange): boolean {
  return node !== undefined;
}

/** @throws Problem `nodes/unknown` */
function replacing(nodes: readonly string[], graph: Graph, machines: MachineTypes): string[] {
  const all = machinesOf(graph, machines);
  return nodes.map((node) => {
    const address = all.get(node);
    if (address !== undefined && graph.configuration.bodies.has(address)) return `-replace=${address}`;
    throw new Problem({
      code: "nodes/unknown",
      says: `there is no machine of a node ${JSON.stringify(node)}`,
      instead: `nodes are ${[...all.keys()].sort().join(", ")}`,
    });
  });
}

const completeSchema = z.object({
  type: z.literal("apply_complete"),
  hook: z.object({
    resource: z.object({ addr: z.string(), resource_type: z.string() }),
    action: z.string(),
    elapsed_seconds: z.number().default(0),
  }),
});

const DONE: Readonly<Record<string, string>> = { create: "made", update: "changed", delete: "deleted" };

/** A line for a resource that is done; undefined for everything else that Terraform says. */
function inWords(message: Message, configuration: Configuration): string | undefined {
  const complete = completeSchema.safeParse(message);
  if (!complete.success) return undefined;
  const { resource, action, elapsed_seconds: seconds } = complete.data.hook;
  const took = seconds < 1 ? "" : ` in ${Math.round(seconds)} s`;
  return `${DONE[action] ?? action} ${configuration.path(resource.addr)} (${resource.resource_type})${took}`;
}

function planChanged(more: readonly ResourceChange[]): Problem {
  const which = more.map(({ action, path }) => `${action} ${path}`).join(", ");
  return new Problem({
    code: "infrastructure/plan-changed",
    says: `the cloud has changed since the plan was shown; Terraform would now also ${which}`,
    instead: "nothing of that was done: give the same command again and look at its new plan",
  });
}

function cannotWait(changes: readonly ResourceChange[]): Problem {
  const nodes = changes.flatMap(({ node }) => node ?? []).join(", ");
  return new Problem({
    code: "infrastructure/nodes-cannot-wait",
    says: `nothing can change without the machines of ${nodes}: ${changes.map(({ path }) => path).join(", ")}`,
    instead: "change them one node after the other: harborwright replace <environment> <node>",
  });
}
