import type { Release } from "../release/release.js";
import { type DataNodePlan, dataServicesStay } from "../spec/data-plan.js";
import { type SettingsPlan, settingsStay } from "../spec/settings-plan.js";
import { type Action, type ActionKind, actionsFor, type ReleaseSet } from "./actions.js";
import { type FileChange, fileChanges } from "./file-changes.js";
import type { ClusterFacts, HostFacts } from "./host-facts.js";
import { type Wanted, wantedRelease } from "./wanted.js";

export type { Action, ActionKind } from "./actions.js";
export type { FileChange } from "./file-changes.js";
export type { FileState } from "./file-state.js";

/** What will change on one host. */
export interface HostPlan {
  readonly site: string;
  readonly node: string;
  /** Digests of the release now on the host (its first 16 digits) and of the one it shall have. */
  readonly release: { readonly before?: string; readonly after: string };
  readonly files: readonly FileChange[];
  readonly actions: readonly Action[];
  /** What clients will notice. @default - nothing */
  readonly interruption?: string;
}

/** One thing that is made, changed or deleted in a cloud before or after the hosts change; its values may be secret. */
export interface ResourcePlan {
  /** As Terraform names it: aws_instance.hosts_node-2_9C1B30F4 */
  readonly address: string;
  /** aws_instance */
  readonly type: string;
  /** Its place in the site: hosts/node-2 */
  readonly path: string;
  readonly action: "create" | "update" | "replace" | "delete";
  /** Names of arguments that change, or that force the replacement. */
  readonly arguments: readonly string[];
  /** Node whose machine stops, restarts or goes for it. @default - none */
  readonly node?: string;
}

/** What will change on all hosts: the stable form of `plan --json`. */
export interface Plan {
  readonly environment: string;
  /** What is made before the hosts are asked, in words: the hosts themselves. @default - nothing */
  readonly infrastructure?: readonly string[];
  /** The same, resource by resource, where Terraform makes it. @default - nothing */
  readonly resources?: readonly ResourcePlan[];
  /** What is asked of a CA before the hosts change, in words. @default - nothing */
  readonly certificates?: readonly string[];
  /** What changes inside of Harbor after the hosts have changed. @default - nothing */
  readonly settings?: SettingsPlan;
  readonly hosts: readonly HostPlan[];
  /** What changes of data base and Redis on the nodes that carry them. @default - they carry none */
  readonly dataServices?: readonly DataNodePlan[];
  /** Hosts that could not be asked, with the reason and what to do. */
  readonly unreachable: readonly {
    readonly node: string;
    readonly code: string;
    readonly says: string;
    readonly instead: string;
  }[];
}

/** Whether the hosts are as they shall be. */
export function isEmpty(plan: Plan): boolean {
  const { infrastructure = [], certificates = [], settings, dataServices, unreachable, hosts } = plan;
  const isReady =
    infrastructure.length === 0 &&
    certificates.length === 0 &&
    settingsStay(settings) &&
    dataServicesStay(dataServices);
  return isReady && unreachable.length === 0 && hosts.every((host) => host.actions.length === 0);
}

/** Compares hosts with the releases they shall have. */
export function planCluster(environment: string, releases: readonly Release[], facts: ClusterFacts): Plan {
  return planWanted(environment, releases.map(wantedRelease), facts);
}

/** As {@link planCluster}, for releases that may lie on the hosts only. */
export function planWanted(environment: string, wanted: readonly Wanted[], facts: ClusterFacts): Plan {
  const set = releaseSet(wanted);
  return {
    environment,
    hosts: facts.hosts.flatMap((host) => {
      const own = wanted.find((candidate) => candidate.node === host.node);
      return own === undefined ? [] : [planHost(own, host, set, wanted.length === 1)];
    }),
    unreachable: facts.unreachable.map(({ node, problem: { code, says, instead } }) => ({ node, code, says, instead })),
  };
}

/** The releases of all nodes, as hosts remember them. */
export function releaseSet(wanted: readonly Wanted[]): ReleaseSet {
  return Object.fromEntries(wanted.map(({ node, name }) => [node, name]));
}

function planHost(wanted: Wanted, facts: HostFacts, set: ReleaseSet, alone: boolean): HostPlan {
  const files = fileChanges(wanted, facts);
  const actions = actionsFor(wanted, facts, files, set);
  const expected = interruption(actions, alone);
  return {
    site: facts.site,
    node: facts.node,
    release: {
      ...(facts.releases.current === undefined ? {} : { before: facts.releases.current }),
      after: wanted.digest,
    },
    files,
    actions,
    ...(expected === undefined ? {} : { interruption: expected }),
  };
}

/** A registry that restarts is not noticed: the fronts ask another. A front that is made anew drops its connections. */
function interruption(actions: readonly Action[], alone: boolean): string | undefined {
  const has = (...kinds: ActionKind[]) => actions.some((action) => kinds.includes(action.kind));
  if (alone && has("restart-registry", "recreate-front")) return "no answer for some seconds: there is no other node";
  if (has("recreate-front")) return "connections to this node end once; clients connect again to another";
  if (has("restart-floating-address", "stop-floating-address")) return "the floating address may move once";
  return undefined;
}
