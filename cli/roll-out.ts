import type { Plan } from "../cluster/plan.js";
import type { UpOptions } from "../operations/up.js";
import type { Workspace } from "../operations/workspace.js";
import { agreeTo } from "./agreement.js";
import { printLine } from "./print.js";
import { clusterProgress, progressOnStderr } from "./progress.js";

/** How a change is rolled out. */
export interface RollOutOptions {
  /** Do not ask. */
  readonly yes: boolean;
  /** The command for the audit log: "up", "renew". */
  readonly command: string;
  /** Nodes to leave out. @default - none */
  readonly without?: readonly string[];
  /** Show only what would be done. @default false */
  readonly dryRun?: boolean;
  /** A deployment calls, at its end. @default false */
  readonly fromDeploy?: boolean;
  /** Throws when the plan is not one to carry out. @default - every plan is */
  readonly refuse?: (plan: Plan) => void;
}

/** Shows the plan, asks, and carries it out node by node. */
export async function rollOut(workspace: Workspace, options: RollOutOptions): Promise<void> {
  const { up } = await import("../operations/up.js");
  await rollOutBy(up, workspace, options);
}

/** The same by another way to the same end: a file that is edited first, a machine that is remade. */
export async function rollOutBy(
  bring: (workspace: Workspace, options: UpOptions) => Promise<void>,
  workspace: Workspace,
  options: RollOutOptions,
): Promise<void> {
  const { environment } = workspace.environment;
  const agree = agreeTo(options.yes || options.dryRun === true, `${options.command} ${environment}`);
  await bring(workspace, {
    command: `harborwright ${options.command} ${environment}`,
    without: options.without ?? [],
    dryRun: options.dryRun === true,
    fromDeploy: options.fromDeploy === true,
    progress: progressOnStderr(),
    onProgress: clusterProgress(),
    agree: async (plan) => {
      options.refuse?.(plan);
      await agree(plan);
    },
  });
  if (options.dryRun !== true) printLine(`${environment} is as its file says.`);
}
