import type { createColors } from "picocolors";
import type { DataNodeHealth, DataServicesHealth } from "../dataservices/health.js";
import { type DataNodePlan, dataServicesStay } from "../spec/data-plan.js";

const SIGNS = { add: "+", change: "~" } as const;

/** What changes of data base and Redis, as a person reads it; nothing when nothing does. */
export function dataServicesBlock(
  plans: readonly DataNodePlan[] | undefined,
  colours: ReturnType<typeof createColors>,
): string[] {
  if (plans === undefined || dataServicesStay(plans)) return [];
  const width = Math.max(...plans.map(({ node }) => node.length));
  const seen = new Map<string, string>();
  const blocks = plans.flatMap(({ node, files, actions }) => {
    const changes = [
      ...files.map(
        ({ path, change, sensitive }) => `      ${SIGNS[change]} ${path}${sensitive ? "  (with secrets)" : ""}`,
      ),
      ...actions.map((action) => `      ${colours.dim("→")} ${action}`),
    ];
    const likeness = changes.join("\n");
    const same = seen.get(likeness);
    if (changes.length > 1 && same !== undefined) return [`    ${node.padEnd(width)}  as ${same}`];
    seen.set(likeness, node);
    return [`    ${node.padEnd(width)}  ${summary(files.length, actions.length)}`, ...changes];
  });
  return ["  data base and Redis", ...blocks];
}

function summary(files: number, actions: number): string {
  if (files === 0) return actions === 0 ? "nothing to change" : "no file changes";
  return files === 1 ? "1 file" : `${files} files`;
}

/** How many files and actions there are. */
export function dataServicesCount(plans: readonly DataNodePlan[] | undefined): number {
  return (plans ?? []).reduce((sum, { files, actions }) => sum + files.length + actions.length, 0);
}

/** How data base and Redis are on each node, and below what is wrong with them. */
export function dataServicesLines(
  health: DataServicesHealth | undefined,
  colours: ReturnType<typeof createColors>,
): string[] {
  if (health === undefined) return [];
  const { nodes, troubles } = health;
  const width = Math.max(...nodes.map(({ node }) => node.length));
  const installed = nodes.filter((node) => node.installed || !node.reached);
  return [
    "data base and Redis",
    ...installed.map((node) => {
      const sign = isWell(node) ? colours.green("✓") : colours.red("✗");
      return `  ${sign} ${node.node.padEnd(width)}  ${node.reached ? rolesOf(node) : "cannot be asked"}`;
    }),
    ...troubles.map(({ says, severe }) => `  ${severe ? colours.red("✗") : colours.yellow("!")} ${says}`),
  ];
}

function rolesOf({ postgresql, redis, etcd, entry, sentinel, used }: DataNodeHealth): string {
  const words = [
    `PostgreSQL ${postgresql}`,
    `Redis ${redis}`,
    etcd ? undefined : "etcd down",
    entry ? undefined : "no way to the primary",
    sentinel ? undefined : "sentinel blind",
    `disk ${Math.round(used * 100)} %`,
  ];
  return words.filter((word) => word !== undefined).join(" · ");
}

function isWell({ reached, etcd, postgresql, entry, redis, sentinel }: DataNodeHealth): boolean {
  const replicates = postgresql !== "down" && (redis === "primary" || redis === "replica");
  return reached && etcd && entry && sentinel && replicates;
}
