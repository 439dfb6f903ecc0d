import { isEmpty, type Plan } from "../cluster/plan.js";

/** The stable form of `plan --json`: fields may be added, none goes away. */
export interface PlanForScripts {
  readonly environment: string;
  readonly changes: boolean;
  /** What is made before the hosts are asked, in words. */
  readonly infrastructure: readonly string[];
  /** The same where Terraform makes it, resource by resource; never a value, which may be secret. */
  readonly resources: readonly {
    readonly address: string;
    readonly type: string;
    readonly path: string;
    readonly action: "create" | "update" | "replace" | "delete";
    readonly arguments: readonly string[];
    /** Node whose machine stops for it. */
    readonly node: string | null;
  }[];
  /** What is asked of a CA before the hosts change, in words. */
  readonly certificates: readonly string[];
  /** What changes inside of Harbor after the hosts have changed; secrets are masked. */
  readonly settings: readonly {
    readonly action: "create" | "update" | "delete";
    readonly what: string;
    readonly values: readonly { readonly name: string; readonly before: string | null; readonly after: string }[];
  }[];
  /** Number of settings that are made when Harbor runs for the first time. */
  readonly settingsAwaiting: number;
  /** Why Harbor could not be asked for them. */
  readonly settingsSilent: string | null;
  readonly hosts: readonly {
    readonly node: string;
    readonly release: { readonly before: string | null; readonly after: string };
    readonly files: readonly {
      readonly path: string;
      readonly change: "add" | "change" | "remove";
      /** sha256 in hex. */
      readonly before: string | null;
      readonly after: string | null;
    }[];
    readonly actions: readonly { readonly kind: string; readonly what: string }[];
  }[];
  /** What changes of data base and Redis on the nodes that carry them. */
  readonly dataServices: readonly {
    readonly node: string;
    readonly files: readonly { readonly path: string; readonly change: "add" | "change" }[];
    readonly actions: readonly string[];
  }[];
  readonly unreachable: Plan["unreachable"];
}

/** A plan without its diffs, for scripts. */
export function planForScripts(plan: Plan): PlanForScripts {
  return {
    environment: plan.environment,
    changes: !isEmpty(plan),
    infrastructure: plan.infrastructure ?? [],
    resources: (plan.resources ?? []).map(({ node, ...resource }) => ({ ...resource, node: node ?? null })),
    certificates: plan.certificates ?? [],
    settings: (plan.settings?.changes ?? []).map(({ action, what, values }) => ({
      action,
      what,
      values: values.map(({ name, before, after }) => ({ name, before: before ?? null, after })),
    })),
    settingsAwaiting: plan.settings?.awaiting ?? 0,
    settingsSilent: plan.settings?.silent ?? null,
    hosts: plan.hosts.map(({ node, release, files, actions }) => ({
      node,
      release: { before: release.before ?? null, after: release.after },
      files: files.map(({ path, change, before, after }) => ({
        path,
        change,
        before: before?.sha256 ?? null,
        after: after?.sha256 ?? null,
      })),
      actions: actions.map(({ kind, says }) => ({ kind, what: says })),
    })),
    dataServices: (plan.dataServices ?? []).map(({ node, files, actions }) => ({
      node,
      files: files.map(({ path, change }) => ({ path, change })),
      actions,
    })),
    unreachable: plan.unreachable,
  };
}
